import type { Completeness } from '../../model/completeness.ts';
import { addsUp } from '../../model/record-counts.ts';
import type { ReportSource, Totals } from '../../model/report-source.ts';
import { capital } from '../../text/capital.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { markdownCode, markdownText } from '../../text/markdown-text.ts';
import { disagreementSentence, ofFirstRoles } from '../shared/disagreement.ts';
import { formatBytes, namesAndMore, recordSum } from '../shared/labels.ts';
import {
  behindWords,
  carriedWords,
  completeWords,
  days,
  type EvidenceStanding,
  gapWhy,
  MEMBERS_NOT_GIVEN,
  MEMBERS_UNKNOWN,
  missingOf,
  standingOf,
  timedWords,
} from '../shared/missing.ts';
import type { Statistics } from '../shared/statistics.ts';

/** Accounts, and roles on which files disagree, that are named one by one. */
const NAMED_ACCOUNTS = 50;

/** Whether the evidence was whole, right below the headline: what is missing can turn it round. */
export function standing(source: ReportSource): string {
  const missing = missingOf(source);
  const { carriedForward, staleAfter, organizationsBehind = [] } = missing;
  const lines = [STANDING[standingOf(missing)](missing)];
  if (carriedForward > 0) {
    lines.push(
      `**${formatCounted(carriedForward, 'account is', 'accounts are')} carried forward**: last captured more than ${days(staleAfter)} before the newest capture.`,
    );
  }
  lines.push(...organizationsBehind.map((behind) => `**${capital(behindWords(behind))}**.`));
  return lines.map((line) => `${line}\n\n`).join('');
}

const STANDING: Readonly<Record<EvidenceStanding, (missing: Completeness) => string>> = {
  complete: (missing) => `**Evidence complete**: ${completeWords(missing)}.`,
  incomplete: ({ reasons }) =>
    `**Evidence incomplete**: ${reasons.map(markdownText).join('; ')}. Absence from this report proves nothing where the evidence has gaps.`,
  unknown: () =>
    `**Completeness not known**: no part of the evidence given is missing, but ${MEMBERS_NOT_GIVEN}.`,
};

export function coverage(source: ReportSource, totals: Totals): string {
  const { recordsRead } = totals;
  const whole = addsUp(totals);
  const missing = missingOf(source);
  const { closed } = missing;
  const lines = [
    `${formatCounted(totals.roles, 'role')} of ${formatCounted(totals.accounts, 'account')}, from ${formatCounted(totals.files, 'evidence file')} (${formatBytes(totals.bytes)}).`,
    `${formatCounted(recordsRead, 'record')} read ${whole ? '=' : '≠'} ${recordSum(totals, formatCount)}${whole ? '' : ': **the counts do not add up**'}.`,
  ];
  if (closed.length > 0) {
    const named = closed
      .slice(0, NAMED_ACCOUNTS)
      .map(({ account, status }) => `${markdownCode(account)} (${markdownCode(status)})`);
    lines.push(
      `${closed.length === 1 ? '1 member is closed, so its' : `${formatCount(closed.length)} members are closed, so their`} absence is no gap: ${namesAndMore(named, closed.length)}.`,
    );
  }
  if (missing.timedByModification > 0) lines.push(`${timedWords(missing.timedByModification)}.`);
  return `## Coverage\n\n${lines.map((line) => `- ${line}`).join('\n')}\n\n`;
}

/** Everything that is missing by name, the first of each kind. */
export function whatIsMissing(source: ReportSource, statistics: Statistics): string {
  const missing = missingOf(source);
  const { membersKnown, gaps, maxAge, accountsIncomplete, carriedForward, rejects, disagreements } = missing;
  const lines: string[] = [];
  if (!membersKnown) lines.push(`${capital(MEMBERS_UNKNOWN)}.`);
  for (const gap of gaps.slice(0, NAMED_ACCOUNTS)) {
    const name = gap.name === null ? '' : ` ${markdownCode(gap.name)}`;
    lines.push(`**Account ${markdownCode(gap.account)}**${name}: ${markdownText(gapWhy(gap, maxAge))}.`);
  }
  if (gaps.length > NAMED_ACCOUNTS) {
    lines.push(`**${formatCounted(gaps.length - NAMED_ACCOUNTS, 'more account')}** of the organisation.`);
  }
  const { guardrailsUnknown = [] } = missing;
  if (guardrailsUnknown.length > 0) {
    const named = guardrailsUnknown.slice(0, NAMED_ACCOUNTS).map(({ account }) => markdownCode(account));
    lines.push(
      `**Guardrails of ${formatCounted(guardrailsUnknown.length, 'account')} not known**: ${namesAndMore(named, guardrailsUnknown.length)}.`,
    );
  }
  const { incompleteFileCount, incompleteFiles, incompleteAccounts, carriedAccounts } = statistics;
  if (accountsIncomplete > 0) {
    const named = incompleteAccounts.map(({ account }) => markdownCode(account));
    lines.push(
      `**${formatCounted(accountsIncomplete, 'account')} not covered whole**: ${namesAndMore(named, accountsIncomplete)}.`,
    );
  }
  if (carriedForward > 0) {
    const named = [...carriedAccounts]
      .slice(0, NAMED_ACCOUNTS)
      .map(([account, age]) => `${markdownCode(account)} (${carriedWords(age)})`);
    lines.push(
      `**${formatCounted(carriedForward, 'account stands', 'accounts stand')} as last captured**: ${namesAndMore(named, carriedForward)}.`,
    );
  }
  if (incompleteFileCount > 0) {
    const named = incompleteFiles.map(
      ({ path, status, problems: [first] }) =>
        `${markdownCode(path)} (${status}${first === undefined ? '' : `, ${markdownCode(first.code)}`})`,
    );
    lines.push(
      `**${formatCounted(incompleteFileCount, 'file')} not complete**: ${namesAndMore(named, incompleteFileCount)}.`,
    );
  }
  for (const { code, count, example } of rejects) {
    lines.push(
      `**${formatCounted(count, 'record')} rejected** as ${markdownCode(code)}, the first at byte ${formatCount(example.offset)} of ${markdownCode(example.path)}: ${markdownCode(example.message)}.`,
    );
  }
  const { rows, roles } = ofFirstRoles(statistics.disagreements.rows, NAMED_ACCOUNTS);
  lines.push(...rows.map((row) => disagreementSentence(row, markdownCode)));
  if (disagreements > roles) {
    lines.push(
      `**Files disagree on ${formatCounted(disagreements - roles, 'more role')}**, which the other reports name.`,
    );
  }
  const { error } = statistics.outcomes;
  if (error > 0)
    lines.push(
      `**${formatCounted(error, 'verdict')} undecided**; nothing is claimed about ${error === 1 ? 'it' : 'them'}.`,
    );
  if (lines.length === 0) return '';
  return `## What is missing\n\n${lines.map((line) => `- ${line}`).join('\n')}\n\n`;
}
