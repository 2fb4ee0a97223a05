import type { ReportSource } from '../../store/types.ts';
import { interruptedText } from '../shared/interrupted.ts';
import { formatBytes, formatCount, formatTime } from '../shared/labels.ts';
import { recordSum } from '../shared/record-sum.ts';
import type { Statistics } from '../statistics.ts';
import { filterLink, html, type Markup } from './markup.ts';

/** Whether everything could be read and decided, and the counts of records add up. */
export function isComplete(source: ReportSource, statistics: Statistics): boolean {
  const totals = source.totals();
  return (
    source.interrupted.length === 0 &&
    recordSum(totals, String).addsUp &&
    totals.accountsIncomplete === 0 &&
    totals.recordsRejected === 0 &&
    statistics.incompleteFileCount === 0 &&
    statistics.outcomes.error === 0
  );
}

/** Above everything else on every page: the numbers below may be those of half the evidence. */
export function interruptions({ interrupted }: ReportSource): Markup | null {
  if (interrupted.length === 0) return null;
  const runs = interrupted.map((run) => html`<li>${interruptedText(run)}</li>`);
  return html`<div class="notice warn" id="interrupted"><p><strong>Incomplete: a scan was interrupted.</strong> Absence from this report proves nothing.</p><ul>${runs}</ul></div>\n`;
}

/** What was read, whether it adds up, and every gap in plain sight. */
export function coverage(source: ReportSource, statistics: Statistics): Markup {
  const totals = source.totals();
  const { recordsRead, recordsAccepted, recordsSuperseded, recordsDuplicate, recordsRejected } = totals;
  const { addsUp, text } = recordSum(totals, formatCount);
  const gaps = gapLines(statistics, totals.accountsIncomplete, recordsRejected);
  gaps.unshift(...source.interrupted.map((run) => html`<li>${interruptedText(run)}</li>`));
  if (!addsUp) gaps.unshift(html`<li>The counts of records do not add up: treat this result with care.</li>`);
  return html`
<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Coverage</h2>
<dl class="facts wide">
<div><dt>Evidence files</dt><dd>${formatCount(totals.files)} <span class="muted">${formatBytes(totals.bytes)}</span></dd></div>
<div><dt>Accounts</dt><dd>${formatCount(totals.accounts)} <span class="muted">${formatCount(totals.accountsIncomplete)} incomplete</span></dd></div>
<div><dt>Role records read</dt><dd>${formatCount(recordsRead)}</dd></div>
<div><dt>Accepted</dt><dd>${formatCount(recordsAccepted)}</dd></div>
<div><dt>Superseded</dt><dd>${formatCount(recordsSuperseded)}</dd></div>
<div><dt>Duplicate</dt><dd>${formatCount(recordsDuplicate)}</dd></div>
<div><dt>Rejected</dt><dd>${formatCount(recordsRejected)}</dd></div>
</dl>
<p class="sum ${addsUp ? 'ok' : 'bad'}">${formatCount(recordsRead)} read ${addsUp ? '=' : '≠'} ${text}</p>
${
  isComplete(source, statistics)
    ? html`<p class="notice ok"><strong>Complete.</strong> Every file and every record could be read, and every account is covered whole.</p>`
    : html`<div class="notice warn"><p><strong>Incomplete.</strong> What follows could not be judged or may be missing; absence from this report proves nothing there.</p><ul>${gaps}</ul></div>`
}
</section>`;
}

function gapLines(statistics: Statistics, accounts: number, rejected: number): Markup[] {
  const lines: Markup[] = [];
  const { incompleteAccounts, incompleteFiles, incompleteFileCount } = statistics;
  if (accounts > 0) {
    const named = incompleteAccounts.map(
      (row) =>
        html`<li><code>${row.account}</code>${row.name === null ? null : html` <bdi>${row.name}</bdi>`}, latest capture ${formatTime(row.capturedAt)}</li>`,
    );
    lines.push(
      html`<li>${formatCount(accounts)} ${accounts === 1 ? 'account is' : 'accounts are'} not covered whole${howMany(named.length, accounts)}<ul>${named}</ul></li>`,
    );
  }
  if (incompleteFileCount > 0) {
    const named = incompleteFiles.map(
      (row) =>
        html`<li><code>${row.path}</code>: ${row.status}${row.problems.map(({ message }) => html`; ${message}`)}</li>`,
    );
    lines.push(
      html`<li>${formatCount(incompleteFileCount)} ${incompleteFileCount === 1 ? 'file is' : 'files are'} not complete${howMany(named.length, incompleteFileCount)}<ul>${named}</ul></li>`,
    );
  }
  if (rejected > 0) {
    lines.push(
      html`<li>${formatCount(rejected)} ${rejected === 1 ? 'record was' : 'records were'} rejected, each with its place under <a href="#rejects">Rejected records</a></li>`,
    );
  }
  const { error } = statistics.outcomes;
  if (error > 0) {
    lines.push(
      html`<li>${formatCount(error)} ${error === 1 ? 'verdict is' : 'verdicts are'} undecided (error). ${filterLink('verdict:error', 'Show them')}</li>`,
    );
  }
  return lines;
}

function howMany(shown: number, total: number): string {
  return shown < total ? `, the first ${formatCount(shown)} of them:` : ':';
}
