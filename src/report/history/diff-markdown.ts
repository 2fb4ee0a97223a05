import type { Writable } from 'node:stream';
import type { Diff, DiffChange } from '../../history/compare/diff.ts';
import type { ToldDiff } from '../../history/report/sides.ts';
import type { Completeness } from '../../model/completeness.ts';
import { capital } from '../../text/capital.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { markdownCode, markdownText } from '../../text/markdown-text.ts';
import { writeAll } from '../files/stream.ts';
import type { HistoryOptions } from '../format.ts';
import { headingMarkdown, headingTitle } from '../shared/heading.ts';
import { relationWords, SEVERITY_LABEL } from '../shared/labels.ts';
import { table } from '../shared/markdown-table.ts';
import { completeWords, MEMBERS_UNKNOWN, standingOf } from '../shared/missing.ts';
import { ANY_MEMBER_WORDS } from '../shared/words/outsider-words.ts';
import { limitsOf } from './diff-coverage.ts';
import type { DiffReport } from './diff-html.ts';
import { headlineOf } from './headline.ts';
import { type RankedSection, rankChanges, SECTION_TITLE } from './ranked-changes.ts';
import { CAUSE_SENTENCE, paragraphOf, severityMove, titleOf, whoClauses, wholeWhere } from './words.ts';

/** Enough for a ticket, and small enough for the tools that hold tickets: of all kinds together, and of each at least. */
const LISTED = 50;
const LEAST = 5;
const LISTED_ACCOUNTS = 25;
/** Accounts named of one clause. */
const NAMED = 3;

/** A comparison for a ticket: the words, the counts, the first changes of each kind, what limits it. */
export async function renderDiffMarkdown(
  { diff, missing }: DiffReport,
  out: Writable,
  options: HistoryOptions,
): Promise<void> {
  await writeAll(out, page(diff, missing, options));
}

function* page(
  diff: ToldDiff,
  missing: Completeness,
  { heading, evidenceDigest }: HistoryOptions,
): Generator<string> {
  const { count, rest } = headlineOf(diff);
  yield `# ${markdownText(headingTitle(titleOf(diff), heading))}\n\n`;
  yield headingMarkdown(heading);
  yield `**${markdownText(count)}**${markdownText(rest)}\n\n`;
  yield standing(missing, wholeWhere(diff));
  yield `${paragraphOf(diff).map(markdownText).join(' ')}\n\n`;
  yield countsTable(diff);
  const { sections, several } = rankChanges(diff, LISTED);
  let left = LISTED;
  for (const { listed, ...section } of sections) {
    const rows = listed.slice(0, Math.max(left, LEAST));
    left -= rows.length;
    yield sectionOf({ ...section, listed: rows }, several);
  }
  if (sections.length === 0) yield '## Changes\n\nNone that the evidence shows.\n\n';
  yield limitedAccounts(diff);
  yield `Evidence digest: ${markdownCode(evidenceDigest)}\n`;
}

function standing(missing: Completeness, where: string): string {
  switch (standingOf(missing)) {
    case 'complete':
      return `**Evidence complete**: ${completeWords(missing, where)}.\n\n`;
    case 'incomplete':
      return `**Evidence incomplete**: ${missing.reasons.map(markdownText).join('; ')}. Absence proves nothing where the evidence has gaps.${missing.membersKnown ? '' : ` ${MEMBERS}`}\n\n`;
    case 'unknown':
      return `**Completeness not known**: ${MEMBERS_UNKNOWN}.\n\n`;
  }
}

const MEMBERS = `${capital(MEMBERS_UNKNOWN)}.`;

function countsTable({ summary, groups, undecided }: ToldDiff): string {
  const row = (title: string, count: number, accounts: number | null): readonly string[] => [
    title,
    formatCount(count),
    accounts === null ? '–' : formatCount(accounts),
  ];
  const counts = table(
    ['Finding', 'Count:', 'Accounts:'],
    [
      row('New', summary.new, groups.new.accounts),
      row('Reopened', summary.reopened, groups.reopened.accounts),
      row('Changed', summary.changed, groups.changed.accounts),
      row('Resolved', summary.resolved, groups.resolved.accounts),
      row('Unchanged', summary.unchanged, null),
      row('Not comparable', summary.notComparable, groups['not-comparable'].accounts),
      ...(undecided.from.count + undecided.to.count === 0
        ? []
        : [
            row('Not decided, first side', undecided.from.count, null),
            row('Not decided, second side', undecided.to.count, null),
          ]),
    ],
  );
  return `${counts}\n`;
}

function sectionOf({ section, listed, count }: RankedSection, several: boolean): string {
  const more = count - listed.length;
  const rows = table(
    ['Severity', 'Account', 'Role', ...(several ? ['Rule'] : []), 'Who gets in', 'Why'],
    listed.map((one) => [
      severityMove(one) ?? (one.severity === null ? '–' : SEVERITY_LABEL[one.severity]),
      accountCell(one),
      markdownCode(one.roleName),
      ...(several ? [markdownCode(one.rule)] : []),
      whoCell(one),
      one.cause === null ? '–' : capital(CAUSE_SENTENCE[one.cause]),
    ]),
  );
  const cut =
    more > 0
      ? `\nThe first ${formatCount(listed.length)} of ${formatCount(count)}; ${formatCounted(more, 'more is', 'more are')} in the formats csv, json and xlsx.\n`
      : '';
  return `## ${SECTION_TITLE[section]} (${formatCount(count)})\n\n${rows}${cut}\n`;
}

function accountCell({ account, accountName }: DiffChange): string {
  return accountName === null
    ? markdownCode(account)
    : `${markdownCode(account)} ${markdownCode(accountName)}`;
}

function whoCell(one: DiffChange): string {
  const clauses = whoClauses(one).map(({ before, who, after }) => {
    const named = who.slice(0, NAMED).map(({ account, anyMember, name, relation }) => {
      if (account === '*') return '**anyone**';
      const named = `${markdownCode(account)}${name === null ? '' : ` ${markdownCode(name)}`}`;
      return anyMember === true
        ? `**${ANY_MEMBER_WORDS}** (for example ${named})`
        : `${named} (${relationWords(relation)})`;
    });
    const more = who.length - named.length;
    return `${before}${named.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}${after}`;
  });
  return clauses.length === 0 ? '–' : capital(clauses.join('; '));
}

function limitedAccounts({ accounts }: Diff): string {
  const limited = accounts.filter((one) => limitsOf(one).length > 0);
  if (limited.length === 0) return '';
  const lines = limited.slice(0, LISTED_ACCOUNTS).map((one) => {
    const name = one.name === null ? '' : ` ${markdownCode(one.name)}`;
    return `- ${markdownCode(one.account)}${name}: ${limitsOf(one).join('; ')}\n`;
  });
  const more = limited.length - lines.length;
  return `## Accounts whose coverage is limited\n\n${lines.join('')}${more > 0 ? `- and ${formatCounted(more, 'more account')}\n` : ''}\n`;
}
