import { createHash } from 'node:crypto';
import type { Outcome } from '../../../model/exposure.ts';
import type { RuleMetadata } from '../../../model/rule.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import { formatCount } from '../../../text/counted.ts';
import { controlGroups, FIT_MEANING, RISK_LEVEL_MEANING } from '../../shared/controls.ts';
import { OUTCOME_LABEL } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { type RemediationStep, remediationSteps } from '../../shared/words/remediation.ts';
import { badge, filterLink, html, type Markup, multiline } from '../page/markup.ts';
import { outcomeBadge } from '../shared/badges.ts';
import { ruleAnchor } from '../shared/payload.ts';
import { tokenText } from '../shared/query.ts';

/** Rules that stand open from the start. */
const OPEN_RULES = 3;

/** Everything each rule says of itself, and what it came to. */
export function rulesSection(rules: readonly RuleMetadata[], { byRule }: Statistics): Markup {
  return html`
<section id="rules" aria-labelledby="rules-title">
<h2 id="rules-title">Rules <span class="count">${formatCount(rules.length)}</span></h2>
${rules.map((rule, index) => {
  const summary = html`<summary><h3><code>${rule.id}</code> ${rule.title}</h3></summary>`;
  return html`<details class="rule" id="${ruleAnchor(index)}"${rules.length <= OPEN_RULES ? html` open` : null}>${summary}
${ruleText(rule, byRule.get(rule.id))}</details>`;
})}
</section>`;
}

function ruleText(rule: RuleMetadata, counts: Readonly<Record<Outcome, number>> | undefined): Markup {
  return html`<p>${multiline(rule.description)}</p>
<dl class="facts wide">
${OUTCOMES.map((outcome) => html`<div><dt>${badge(outcomeBadge(outcome))}</dt><dd>${filterLink(`verdict:${outcome} ${tokenText('rule', rule.id)}`, formatCount(counts?.[outcome] ?? 0), `${formatCount(counts?.[outcome] ?? 0)} ${OUTCOME_LABEL[outcome]}, by the rule ${rule.id}`)}</dd></div>`)}
<div><dt>Risk level of the rule</dt><dd>${rule.riskLevel}</dd></div>
<div><dt>Cloud entity</dt><dd>${rule.cloudEntity}</dd></div>
<div><dt>Category</dt><dd>${rule.category}</dd></div>
</dl>
<p class="muted small">${RISK_LEVEL_MEANING}</p>
<h4>Logic (GSL)</h4><pre class="wrap">${multiline(rule.logic)}</pre>
<p class="muted small">SHA-256 of this text <code class="hash">${createHash('sha256').update(rule.logic, 'utf8').digest('hex')}</code></p>
${remediation(rule)}
<div class="columns"><div><h4>References</h4><ul>${rule.references.map(reference)}</ul></div>
<div><h4>Compliance frameworks</h4><ul>${rule.complianceFrameworks.map((name) => html`<li>${name}</li>`)}</ul></div></div>
${controls(rule)}`;
}

/** Which controls are tied to the rule, by whom, and how well they fit; the frameworks above are names alone. */
function controls(rule: RuleMetadata): Markup | null {
  if (rule.controls.length === 0) return null;
  const rows = controlGroups(rule).map(
    ({ framework, ids, fit, source }) =>
      html`<tr><td>${framework}</td><td>${ids.map((id, index) => html`${index === 0 ? '' : ', '}<code>${id}</code>`)}</td><td class="short">${fit}</td><td>${source}</td></tr>`,
  );
  const fits = Object.entries(FIT_MEANING).map(([fit, meaning]) => html`<dt>${fit}</dt><dd>${meaning}</dd>`);
  return html`<h4>Controls that public sources tie to this rule</h4>
<div class="table-wrap" tabindex="0" role="region" aria-label="Controls of ${rule.id}"><table class="plain"><thead><tr><th scope="col">Framework</th><th scope="col">Controls</th><th scope="col">Fit</th><th scope="col">Source</th></tr></thead><tbody>${rows}</tbody></table></div>
<dl class="stack small">${fits}</dl>`;
}

function remediation(rule: RuleMetadata): Markup | null {
  const steps = remediationSteps(rule);
  const [only] = steps;
  if (only === undefined) return null;
  if (steps.length === 1) return html`<h4>Remediation</h4><p>${multiline(only.text)}</p>`;
  return html`<h4>Remediation</h4>
<dl class="stack">${steps.map(remediationStep)}</dl>`;
}

function remediationStep({ label, text, command }: RemediationStep, index: number): Markup {
  const shown = command ? html`<pre class="wrap">${multiline(text)}</pre>` : multiline(text);
  return html`${index === 0 ? null : html`\n`}<dt>${label}</dt><dd>${shown}</dd>`;
}

function reference(url: string): Markup {
  // A rule file may come from anywhere; only https addresses become links.
  return url.startsWith('https://')
    ? html`<li><a href="${url}" rel="noreferrer noopener" target="_blank">${url}</a></li>`
    : html`<li>${url}</li>`;
}
