import { CONFLICTING_RECORDS, type Completeness } from '../../../model/completeness.ts';
import { GUARDRAILS_UNKNOWN } from '../../../model/guardrail.ts';
import { addsUp } from '../../../model/record-counts.ts';
import type { ReportSource, Totals } from '../../../model/report-source.ts';
import { capital } from '../../../text/capital.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { DISAGREEMENT_MEANING, shownBy } from '../../shared/disagreement.ts';
import { formatBytes, recordSum, shownTime } from '../../shared/labels.ts';
import {
  behindWords,
  completeWords,
  days,
  gapWhy,
  MEMBERS_UNKNOWN,
  missingOf,
  standingOf,
  timedWords,
} from '../../shared/missing.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { badgeBehind, filterLink, html, type Markup, sentence } from '../page/markup.ts';
import { carriedBadge } from '../shared/badges.ts';

/** Gaps, and accounts carried forward, that the page names; the other formats name all. */
const LISTED_ACCOUNTS = 2_000;
/** Files that a row names. */
const LISTED_FILES = 3;
/** More of them than this are folded away. */
const OPEN_ACCOUNTS = 12;

/** What was read, whether it adds up, and every gap in plain sight. */
export function coverage(source: ReportSource, statistics: Statistics): Markup {
  const totals = source.totals();
  const { recordsRead, recordsAccepted, recordsSuperseded, recordsDuplicate, recordsRejected } = totals;
  const whole = addsUp(totals);
  const missing = missingOf(source);
  return html`
<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Coverage</h2>
<dl class="facts wide">
<div><dt>Evidence files</dt><dd>${formatCount(totals.files)} <span class="muted">${formatBytes(totals.bytes)}</span></dd></div>
<div><dt>Accounts</dt><dd>${formatCount(totals.accounts)} <span class="muted">${accountWords(missing)}</span></dd></div>
<div><dt>Role records read</dt><dd>${formatCount(recordsRead)}</dd></div>
<div><dt>Accepted</dt><dd>${formatCount(recordsAccepted)}</dd></div>
<div><dt>Superseded</dt><dd>${formatCount(recordsSuperseded)}</dd></div>
<div><dt>Duplicate</dt><dd>${formatCount(recordsDuplicate)}</dd></div>
<div><dt>Rejected</dt><dd>${formatCount(recordsRejected)}</dd></div>
</dl>
${missing.timedByModification === 0 ? null : html`<p class="muted">${timedWords(missing.timedByModification)}.</p>`}
<p class="sum ${whole ? 'ok' : 'bad'}">${formatCount(recordsRead)} read ${whole ? '=' : '≠'} ${recordSum(totals, formatCount)}</p>
${(missing.organizationsBehind ?? []).map((behind) => html`<p class="notice warn">${capital(behindWords(behind))}.</p>`)}
${verdict(statistics, totals, missing)}
${gapTable(missing)}
${disagreementTable(statistics, missing.disagreements)}
${carriedTable(source, missing)}
${closedList(missing)}
</section>`;
}

function verdict(statistics: Statistics, totals: Totals, missing: Completeness): Markup {
  const standing = standingOf(missing);
  if (standing === 'complete')
    return html`<p class="notice ok"><strong>Complete.</strong> ${capital(completeWords(missing))}.</p>`;
  const unknown = missing.membersKnown
    ? null
    : html`<p><strong>Accounts not given.</strong> ${sentence(capital(MEMBERS_UNKNOWN))}.</p>`;
  if (standing === 'unknown') {
    return html`<div class="notice warn">${unknown}<p>No part of the evidence that was given is missing.</p></div>`;
  }
  const details = gapLines(statistics, totals, missing);
  return html`<div class="notice warn"><p><strong>Incomplete.</strong> What follows could not be judged or may be missing; absence from this report proves nothing there.</p><ul>${missing.reasons.map((reason) => html`<li>${capital(reason)}.</li>`)}</ul>${unknown}</div>
${details.length === 0 ? null : html`<h3>What is missing, by name</h3><ul class="by-name">${details}</ul>`}`;
}

/** Members that should be there and are not. */
function gapTable({ gaps, maxAge }: Completeness): Markup | null {
  if (gaps.length === 0) return null;
  const rows = gaps
    .slice(0, LISTED_ACCOUNTS)
    .map(
      (gap) =>
        html`<tr><td><code>${gap.account}</code></td><td><bdi>${gap.name}</bdi></td><td>${gapWhy(gap, maxAge)}</td></tr>`,
    );
  return accountTable('Accounts of the organisation that are not covered', {
    titles: ['Account', 'Name', 'Why'],
    rows,
    total: gaps.length,
  });
}

/** Roles of which files of one moment do not say the same. */
function disagreementTable({ disagreements }: Statistics, total: number): Markup | null {
  if (total === 0) return null;
  const rows = disagreements.rows.map((row) => {
    const { arn, roleId, capturedAt, what } = row;
    const paths = shownBy(row);
    const files = paths.slice(0, LISTED_FILES).map((path) => html`<code>${path}</code><br>`);
    const more =
      paths.length > files.length ? html`and ${formatCount(paths.length - files.length)} more` : null;
    return html`<tr><td class="long"><code>${arn}</code>${roleId === '' ? null : html`<br><code class="muted">${roleId}</code>`}</td><td>${shownTime(capturedAt)}</td><td>${DISAGREEMENT_MEANING[what]}</td><td class="long">${files}${more}</td></tr>`;
  });
  return accountTable('Roles on which files of one moment disagree', {
    titles: ['Role', 'Captured', 'What they disagree on', 'Shown by'],
    rows,
    total,
    listed: disagreements.roles,
  });
}

/** Accounts that stand as last captured. */
function carriedTable(source: ReportSource, { carriedForward, staleAfter }: Completeness): Markup | null {
  if (carriedForward === 0) return null;
  const rows: Markup[] = [];
  for (const row of source.accounts()) {
    if (row.carriedForward === null || rows.length >= LISTED_ACCOUNTS) continue;
    rows.push(
      html`<tr><td><code>${row.account}</code></td><td><bdi>${row.name}</bdi></td><td>${shownTime(row.capturedAt)}${badgeBehind(carriedBadge(row.carriedForward))}</td></tr>`,
    );
  }
  return accountTable(`Accounts carried forward, more than ${days(staleAfter)} behind the newest capture`, {
    titles: ['Account', 'Name', 'Latest capture'],
    rows,
    total: carriedForward,
  });
}

function closedList({ closed }: Completeness): Markup | null {
  if (closed.length === 0) return null;
  const rows = closed
    .slice(0, LISTED_ACCOUNTS)
    .map(
      ({ account, name, status }) =>
        html`<tr><td><code>${account}</code></td><td><bdi>${name}</bdi></td><td>${status}</td></tr>`,
    );
  return accountTable('Closed accounts of the organisation, whose absence is no gap', {
    titles: ['Account', 'Name', 'Status'],
    rows,
    total: closed.length,
  });
}

interface AccountTable {
  readonly titles: readonly string[];
  readonly rows: readonly Markup[];
  readonly total: number;
  /** How many of the total are listed, where one may have several rows. */
  readonly listed?: number;
}

function accountTable(title: string, { titles, rows, total, listed = rows.length }: AccountTable): Markup {
  const table = html`<div class="table-wrap" tabindex="0" role="region" aria-label="${title}"><table class="plain"><thead><tr>${titles.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>${
    listed < total
      ? html`<p class="caps"><strong>Showing ${formatCount(listed)} of ${formatCount(total)}</strong>; the rest is in the file beside the CSV report.</p>`
      : null
  }`;
  const heading = html`<h3>${title} <span class="count">${formatCount(total)}</span></h3>`;
  return rows.length <= OPEN_ACCOUNTS
    ? html`${heading}${table}`
    : html`${heading}<details class="on-paper"><summary>Show them</summary>${table}</details>`;
}

/** What there is to say of the accounts beside their number. */
function accountWords({
  membersKnown,
  members,
  gaps,
  accountsIncomplete,
  carriedForward,
}: Completeness): string {
  return [
    membersKnown
      ? `${formatCount(gaps.length)} of ${formatCounted(members, 'member')} not covered`
      : 'members not given',
    `${formatCount(accountsIncomplete)} incomplete`,
    ...(carriedForward > 0 ? [`${formatCount(carriedForward)} carried forward`] : []),
  ].join(', ');
}

function gapLines(statistics: Statistics, totals: Totals, missing: Completeness): Markup[] {
  const { accountsIncomplete: accounts } = missing;
  const { recordsRejected: rejected } = totals;
  const lines: Markup[] = [];
  const { incompleteAccounts, incompleteFiles, incompleteFileCount } = statistics;
  if (accounts > 0) {
    const named = incompleteAccounts.map(
      (row) =>
        html`<li><code>${row.account}</code>${row.name === null ? null : html` <bdi>${row.name}</bdi>`}, latest capture ${shownTime(row.capturedAt)}</li>`,
    );
    lines.push(
      html`<li>${formatCounted(accounts, 'account is', 'accounts are')} not covered whole${howMany(named.length, accounts)}<ul>${named}</ul></li>`,
    );
  }
  if (incompleteFileCount > 0) {
    const named = incompleteFiles.map(
      (row) =>
        html`<li><code>${row.path}</code>: ${row.status}${row.problems.map(({ message }) => html`; ${sentence(message)}`)}</li>`,
    );
    lines.push(
      html`<li>${formatCounted(incompleteFileCount, 'file is', 'files are')} not complete${howMany(named.length, incompleteFileCount)}<ul>${named}</ul></li>`,
    );
  }
  if (rejected > 0) {
    const kinds = missing.rejects.map(
      ({ code, count, example }) =>
        html`<li>${formatCount(count)} as <code>${code}</code>: ${sentence(example.message)}</li>`,
    );
    lines.push(
      html`<li>${formatCounted(rejected, 'record was', 'records were')} rejected; <a href="#rejects">Rejected records</a> shows where${kinds.length === 0 ? null : html`<ul>${kinds}</ul>`}</li>`,
    );
  }
  const { disagreements, guardrailsUnknown = [] } = missing;
  if (guardrailsUnknown.length > 0) {
    const named = guardrailsUnknown
      .slice(0, LISTED_ACCOUNTS)
      .map(({ account, lack }) => html`<li><code>${account}</code>: the evidence does not show ${lack}</li>`);
    lines.push(
      html`<li>Not every resource control policy of ${formatCounted(guardrailsUnknown.length, 'account')} is known with its text, so verdicts stand on the trust policies alone. ${showThem(`note:${GUARDRAILS_UNKNOWN}`, 'roles whose guardrails are not known')}<ul>${named}</ul></li>`,
    );
  }
  if (disagreements > 0) {
    lines.push(
      html`<li>Files of one moment disagree on ${formatCounted(disagreements, 'role')}, listed below. ${showThem(`note:${CONFLICTING_RECORDS}`, 'roles on which files disagree')}</li>`,
    );
  }
  const { error } = statistics.outcomes;
  if (error > 0) {
    lines.push(
      html`<li>${formatCounted(error, 'verdict is', 'verdicts are')} undecided (error). ${showThem('verdict:error', 'undecided verdicts')}</li>`,
    );
  }
  return lines;
}

function howMany(shown: number, total: number): string {
  return shown < total ? `, the first ${formatCount(shown)} of them:` : ':';
}

/** Leads to the findings table, which paper has not. */
function showThem(query: string, what: string): Markup {
  return html`<span class="screen-only">${filterLink(query, 'Show them', `Show them: ${what}`)}</span>`;
}
