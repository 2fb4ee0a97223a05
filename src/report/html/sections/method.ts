import type { ReportSource } from '../../../model/report-source.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import {
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  SEVERITIES,
  SEVERITY_LABEL,
  SEVERITY_MEANING,
} from '../../shared/labels.ts';
import type { SwitchSetting } from '../../shared/options.ts';
import { OUT_OF_REACH, READINGS, SAME_AGAIN, SEVERITY_WORDS } from '../../shared/words/method-words.ts';
import { html, type Markup, sentence } from '../page/markup.ts';

/** How the verdicts came about and what they cannot say. */
export function methodSection(
  source: ReportSource,
  switches: readonly SwitchSetting[],
  digest: string,
): Markup {
  return html`
<section id="method" aria-labelledby="method-title">
<h2 id="method-title">Method</h2>
${READINGS.map(
  ({ title, text }) => html`<h3>${title}</h3>
<p>${sentence(text)}</p>
`,
)}${openQuestions(switches)}
<h3>Outcomes</h3>
<dl class="stack">${OUTCOMES.map((outcome) => html`<dt>${OUTCOME_LABEL[outcome]}</dt><dd>${OUTCOME_MEANING[outcome]}</dd>`)}</dl>
<h3>Severity</h3>
<p>${SEVERITY_WORDS}</p>
<dl class="stack">${SEVERITIES.map((severity) => html`<dt>${SEVERITY_LABEL[severity]}</dt><dd>${SEVERITY_MEANING[severity]}</dd>`)}</dl>
<h3>Out of reach</h3>
<ul>
${OUT_OF_REACH.map(
  (text) => html`<li>${text}</li>
`,
)}</ul>
<h3>How this report was made</h3>
<dl class="facts wide">
<div><dt>Tool</dt><dd>trustsieve ${source.toolVersion}</dd></div>
<div><dt>Judged as of</dt><dd>${source.asOf}</dd></div>
<div><dt>Evidence</dt><dd>each file with its SHA-256 under <a href="#evidence">Evidence</a></dd></div>
<div><dt>Evidence digest</dt><dd><code class="hash">${digest}</code></dd></div>
<div><dt>Rules</dt><dd>each with the SHA-256 of its text under <a href="#rules">Rules</a></dd></div>
</dl>
<p>The evidence digest, which printed sheets show too, is the SHA-256 of the list of all files under Evidence as <code>sha256sum</code> would write it, in the order of their names. A report of other evidence has another.</p>
<p>${SAME_AGAIN}</p>
</section>`;
}

/** The published reference of the rule language does not settle everything; how it was read belongs to the result. */
function openQuestions(switches: readonly SwitchSetting[]): Markup | null {
  if (switches.length === 0) return null;
  return html`<details><summary>How the rule's language was read where its reference leaves a question open (${switches.length})</summary>
<div class="table-wrap" tabindex="0" role="region" aria-label="Readings of the rule language"><table class="plain"><thead><tr><th scope="col">Switch</th><th scope="col">Set to</th><th scope="col">Decides</th></tr></thead><tbody>${switches.map(
    ({ name, value, decides }) =>
      html`<tr><td><code>${name}</code></td><td><code>${value}</code></td><td>${sentence(decides)}</td></tr>`,
  )}</tbody></table></div></details>`;
}
