import type { RuleMetadata } from '../../rules/types.ts';
import { html, type Markup, multiline } from './markup.ts';

/** Everything each rule says of itself. */
export function rulesSection(rules: readonly RuleMetadata[]): Markup {
  return html`
<section id="rules" aria-labelledby="rules-title">
<h2 id="rules-title">Rules <span class="count">${rules.length}</span></h2>
${rules.map(ruleArticle)}
</section>`;
}

function ruleArticle(rule: RuleMetadata): Markup {
  return html`<article class="rule"><h3><code>${rule.id}</code> ${rule.title}</h3>
<p>${multiline(rule.description)}</p>
<dl class="facts wide">
<div><dt>Risk level of the rule</dt><dd>${rule.riskLevel}</dd></div>
<div><dt>Cloud entity</dt><dd>${rule.cloudEntity}</dd></div>
<div><dt>Category</dt><dd>${rule.category}</dd></div>
</dl>
<h4>Logic (GSL)</h4><pre class="wrap">${multiline(rule.logic)}</pre>
${remediation(rule)}
<div class="columns"><div><h4>References</h4><ul>${rule.references.map(reference)}</ul></div>
<div><h4>Compliance frameworks</h4><ul>${rule.complianceFrameworks.map((name) => html`<li>${name}</li>`)}</ul></div></div>
</article>`;
}

/** A rule of a rule file has one text for all ways, or none. */
function remediation({ remediation: { console: steps, terraform, cli } }: RuleMetadata): Markup {
  if (terraform === '' && cli === '') {
    return steps === '' ? html`` : html`<h4>Remediation</h4><p>${multiline(steps)}</p>`;
  }
  return html`<h4>Remediation</h4>
<dl class="stack"><dt>Console</dt><dd>${multiline(steps)}</dd>
<dt>Terraform</dt><dd>${multiline(terraform)}</dd>
<dt>Command line</dt><dd><pre class="wrap">${multiline(cli)}</pre></dd></dl>`;
}

function reference(url: string): Markup {
  // A rule file may come from anywhere; only https addresses become links.
  return url.startsWith('https://')
    ? html`<li><a href="${url}" rel="noreferrer noopener" target="_blank">${url}</a></li>`
    : html`<li>${url}</li>`;
}
