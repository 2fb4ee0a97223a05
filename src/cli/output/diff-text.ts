import type { CoveredAccount, Diff, DiffChange } from '../../history/compare/diff.ts';
import type { ToldDiff } from '../../history/report/sides.ts';
import { headlineOf } from '../../report/history/headline.ts';
import { type RankedSection, rankChanges, SECTION_TITLE } from '../../report/history/ranked-changes.ts';
import {
  CAUSE_SENTENCE,
  outsideWords,
  paragraphOf,
  severityMove,
  whoClauses,
} from '../../report/history/words.ts';
import { counted } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import { paragraph, WIDTH } from './paragraph.ts';
import { table } from './table.ts';

/** Accounts named of each kind. */
const NAMED_ACCOUNTS = 20;
/** Changes listed of each kind. */
const LISTED = 500;
/** Accounts named of one change. */
const NAMED = 3;

/**
 * A comparison for people at a terminal: what it comes to in words, the counts, the changes in order of importance, what
 * is covered.
 *
 * @param missing a line on what the sides lack, or nothing
 */
export function* diffText(diff: ToldDiff, missing: string): Generator<string> {
  const { count, rest } = headlineOf(diff);
  yield `from ${visible(diff.from)} to ${visible(diff.to)}\n\n${paragraph(`${count}${rest}`)}${missing}\n`;
  for (const sentence of paragraphOf(diff)) yield paragraph(visible(sentence));
  const { summary, undecided } = diff;
  yield `\n${table(
    ['finding', 'count'],
    [
      ['new', summary.new],
      ['reopened', summary.reopened],
      ['changed', summary.changed],
      ['resolved', summary.resolved],
      ['unchanged', summary.unchanged],
      ['not comparable', summary.notComparable],
      ...(undecided.from.count + undecided.to.count === 0
        ? []
        : [
            ['not decided, first side', undecided.from.count],
            ['not decided, second side', undecided.to.count],
          ]),
    ],
  )}`;
  const { sections, several } = rankChanges(diff, LISTED);
  for (const section of sections) yield* sectionText(section, several);
  yield coverageText(diff);
}

function* sectionText({ section, listed, count }: RankedSection, several: boolean): Generator<string> {
  yield `\n${SECTION_TITLE[section]} (${count})\n`;
  for (const one of listed) yield changeText(one, several);
  if (count > listed.length) {
    yield `  and ${count - listed.length} more, which \`--format csv\` and \`--format json\` list\n`;
  }
}

/** A line with what is looked for, then what there is to say of it. Ids and names are never cut. */
function changeText(one: DiffChange, several: boolean): string {
  const { severity, account, accountName, roleName, rule, cause } = one;
  const name = accountName === null ? '' : ` ${accountName}`;
  const move = severityMove(one);
  const said = [
    ...(several ? [rule] : []),
    ...(move === null ? [] : [`severity ${move}`]),
    ...whoText(one),
    ...(cause === null ? [] : [CAUSE_SENTENCE[cause]]),
  ];
  const head = `  ${(severity ?? '-').padEnd(8)}  ${visible(roleName)}`;
  const owner = `${account}${visible(name)}`;
  const line = `${head}  ${owner}`;
  const first = line.length <= WIDTH ? `${line}\n` : `${head}\n            ${owner}\n`;
  return said.length === 0 ? first : first + paragraph(visible(said.join('; ')), ' '.repeat(12));
}

function whoText(one: DiffChange): readonly string[] {
  return whoClauses(one).map(({ before, who, after }) => {
    const named = who.slice(0, NAMED).map(outsideWords);
    const more = who.length - named.length;
    return `${before}${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}${after}`.trim();
  });
}

function coverageText({ accounts, coverage }: Diff): string {
  const { both, onlyFrom, onlyTo, carriedForward, incomplete } = coverage.accounts;
  return [
    `\nCoverage\n${counted(both, 'account')} on both sides, ${onlyFrom} only on the first, ${onlyTo} only on the second\n`,
    ...named(
      `${carriedForward} carried forward: no newer capture, so they stand as last captured`,
      accounts.filter((one) => one.carriedForward),
      ({ to, age }) => `captured ${to}, ${counted(age, 'day')} before the end`,
    ),
    ...named(
      `${incomplete} incomplete: roles that the evidence does not show may exist`,
      accounts.filter((one) => one.incomplete),
      ({ from, to }) => `first side ${captured(from)}, second side ${captured(to)}`,
    ),
    ...named(
      `${onlyFrom} only on the first side`,
      accounts.filter(({ to }) => to === null),
      ({ from }) => `captured ${from}`,
    ),
    ...named(
      `${onlyTo} only on the second side`,
      accounts.filter(({ from }) => from === null),
      ({ to }) => `captured ${to}`,
    ),
  ].join('');
}

function captured(at: string | null): string {
  return at === null ? 'never captured' : `captured ${at}`;
}

function named(
  title: string,
  accounts: readonly CoveredAccount[],
  what: (account: CoveredAccount) => string,
): readonly string[] {
  if (accounts.length === 0) return [];
  const listed = accounts.slice(0, NAMED_ACCOUNTS);
  const more = accounts.length - listed.length;
  return [
    `${title}\n`,
    ...listed.map((one) =>
      paragraph(`${visible(`${one.account} ${one.name ?? ''}`).trim()}: ${what(one)}`, '  '),
    ),
    ...(more > 0 ? [`  and ${more} more\n`] : []),
  ];
}
