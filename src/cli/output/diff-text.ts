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
import { displayWidth, wrapped } from '../../text/display-width.ts';
import { visible } from '../../text/hidden-characters.ts';
import type { Screen } from './screen.ts';
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
 * @param standing what the sides lack, in words; null: nothing
 */
export function* diffText(diff: ToldDiff, standing: string | null, screen: Screen): Generator<string> {
  const { fitLine, paint, width } = screen;
  const { count, rest } = headlineOf(diff);
  yield `from ${visible(diff.from)} to ${visible(diff.to)}\n\n`;
  yield `${paint('heading', wrapped(visible(`${count}${rest}`), width, 0))}\n`;
  yield `${standing === null ? '' : `${fitLine(standing)}\n`}\n`;
  for (const sentence of paragraphOf(diff)) yield `${wrapped(visible(sentence), width, 0)}\n`;
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
    { paintTitle: (title) => paint('heading', title) },
  )}`;
  const { sections, several } = rankChanges(diff, LISTED);
  for (const section of sections) yield* sectionText(section, several, screen);
  yield coverageText(diff, screen);
}

function* sectionText(
  { section, listed, count }: RankedSection,
  several: boolean,
  screen: Screen,
): Generator<string> {
  yield `\n${screen.paint('heading', `${SECTION_TITLE[section]} (${count})`)}\n`;
  for (const one of listed) yield changeText(one, several, screen);
  if (count > listed.length) {
    const more = `  and ${count - listed.length} more, which \`--format csv\` and \`--format json\` list`;
    yield `${screen.fitLine(more)}\n`;
  }
}

/** A line with what is looked for, then what there is to say of it. Ids and names are never cut. */
function changeText(one: DiffChange, several: boolean, { paint, width }: Screen): string {
  const { severity, account, accountName, roleName, rule, cause } = one;
  const name = accountName === null ? '' : ` ${accountName}`;
  const move = severityMove(one);
  const said = [
    ...(several ? [rule] : []),
    ...(move === null ? [] : [`severity ${move}`]),
    ...whoText(one),
    ...(cause === null ? [] : [CAUSE_SENTENCE[cause]]),
  ];
  const level = (severity ?? '-').padEnd(8);
  const role = visible(roleName);
  const owner = `${account}${visible(name)}`;
  const fits = displayWidth(`  ${level}  ${role}  ${owner}`) <= width;
  const shown = isGrave(one) ? paint('bad', level) : level;
  const line = `  ${shown}  ${role}${fits ? `  ${owner}` : `\n${INDENT}${owner}`}\n`;
  return said.length === 0 ? line : `${line}${wrapped(`${INDENT}${visible(said.join('; '))}`, width, 0)}\n`;
}

/** What is said of a change stands below its role. */
const INDENT = ' '.repeat(12);

/** A finding that was resolved is no bad news. */
function isGrave({ severity, change }: DiffChange): boolean {
  return change !== 'resolved' && (severity === 'critical' || severity === 'high');
}

function whoText(one: DiffChange): readonly string[] {
  return whoClauses(one).map(({ before, who, after }) => {
    const named = who.slice(0, NAMED).map(outsideWords);
    const more = who.length - named.length;
    return `${before}${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}${after}`.trim();
  });
}

function coverageText({ accounts, coverage }: Diff, screen: Screen): string {
  const { fitLine, paint } = screen;
  const { both, onlyFrom, onlyTo, carriedForward, incomplete } = coverage.accounts;
  return [
    `\n${paint('heading', 'Coverage')}\n`,
    `${fitLine(`${counted(both, 'account')} on both sides, ${onlyFrom} only on the first, ${onlyTo} only on the second`)}\n`,
    ...named(
      `${carriedForward} carried forward: no newer capture, so they stand as last captured`,
      accounts.filter((one) => one.carriedForward),
      ({ to, age }) => `captured ${to}, ${counted(age, 'day')} before the end`,
      screen,
    ),
    ...named(
      `${incomplete} incomplete: roles that the evidence does not show may exist`,
      accounts.filter((one) => one.incomplete),
      ({ from, to }) => `first side ${captured(from)}, second side ${captured(to)}`,
      screen,
    ),
    ...named(
      `${onlyFrom} only on the first side`,
      accounts.filter(({ to }) => to === null),
      ({ from }) => `captured ${from}`,
      screen,
    ),
    ...named(
      `${onlyTo} only on the second side`,
      accounts.filter(({ from }) => from === null),
      ({ to }) => `captured ${to}`,
      screen,
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
  { fitLine, width }: Pick<Screen, 'fitLine' | 'width'>,
): readonly string[] {
  if (accounts.length === 0) return [];
  const listed = accounts.slice(0, NAMED_ACCOUNTS);
  const more = accounts.length - listed.length;
  return [
    `${fitLine(title)}\n`,
    ...listed.map((one) => {
      const account = visible(`${one.account} ${one.name ?? ''}`).trim();
      return `${wrapped(`  ${account}: ${what(one)}`, width, 0)}\n`;
    }),
    ...(more > 0 ? [`  and ${more} more\n`] : []),
  ];
}
