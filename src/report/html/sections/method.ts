import type { ReportSource } from '../../../model/report-source.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import { evidenceDigest } from '../../shared/evidence-digest.ts';
import {
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  SEVERITIES,
  SEVERITY_LABEL,
  SEVERITY_MEANING,
} from '../../shared/labels.ts';
import type { SwitchSetting } from '../../shared/options.ts';
import { html, type Markup, sentence } from '../page/markup.ts';

/** How the verdicts came about and what they cannot say. */
export function methodSection(source: ReportSource, switches: readonly SwitchSetting[]): Markup {
  return html`
<section id="method" aria-labelledby="method-title">
<h2 id="method-title">Method</h2>
<h3>The sound reading</h3>
<p>For every role the question is whether AWS would let a principal of another account call <code>sts:AssumeRole</code> while presenting neither MFA nor an external ID, given the role's trust policy. The other account is assumed to allow its principals everything, because its owner decides that. A failing verdict comes with a witness: one concrete request that the policy lets through. Where AWS does not define what a policy means, the role is not passed.</p>
<h3>The literal reading</h3>
<p>The rule's own text, taken at its word, is evaluated beside it. It differs where the text is blind, for instance to lists, wildcards or guards written another way. Both are kept, so that a result can be compared with a product that runs the text.</p>
${openQuestions(switches)}
<h3>Outcomes</h3>
<dl class="stack">${OUTCOMES.map((outcome) => html`<dt>${OUTCOME_LABEL[outcome]}</dt><dd>${OUTCOME_MEANING[outcome]}</dd>`)}</dl>
<h3>Severity</h3>
<p>Severity grades how exposed a role is. It is not the risk level of the rule.</p>
<dl class="stack">${SEVERITIES.map((severity) => html`<dt>${SEVERITY_LABEL[severity]}</dt><dd>${SEVERITY_MEANING[severity]}</dd>`)}</dl>
<h3>Out of reach</h3>
<ul>
<li>Resource control policies (RCPs) and service control policies (SCPs) are not part of a role's export. An RCP can add a guard to every role, so a failing role may be protected by one. RCPs are judged where evidence of the organisation was given; they do not cover roles of the management account and service-linked roles. SCPs of the other account are never judged: they bind its own principals, and its organisation can change them.</li>
<li>What the other account allows its own principals is unknown and taken to be everything.</li>
<li>Sessions issued before the capture keep working until they expire.</li>
<li>Changes after the capture time are not in the evidence.</li>
<li>SHA-256 shows that a file is the one that was read. Who exported it, and whether all of it was handed over, only its sender can say.</li>
</ul>
<h3>How this report was made</h3>
<dl class="facts wide">
<div><dt>Tool</dt><dd>trustsieve ${source.toolVersion}</dd></div>
<div><dt>Judged as of</dt><dd>${source.asOf}</dd></div>
<div><dt>Evidence</dt><dd>each file with its SHA-256 under <a href="#evidence">Evidence</a></dd></div>
<div><dt>Evidence digest</dt><dd><code class="hash">${evidenceDigest(source.evidence())}</code></dd></div>
<div><dt>Rules</dt><dd>each with the SHA-256 of its text under <a href="#rules">Rules</a></dd></div>
</dl>
<p>The evidence digest, which printed sheets show too, is the SHA-256 of the list of all files under Evidence as <code>sha256sum</code> would write it, in the order of their names. A report of other evidence has another.</p>
<p>The same build makes the same file again, byte for byte, from the same evidence, the same account, exception and rule files and the same moment. The clock, the network and the order of files do not matter.</p>
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
