import type { CoveredAccount, Diff, DiffChange } from '../../history/compare/diff.ts';
import { counted } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import { table } from './table.ts';

/** Accounts named of each kind. */
const NAMED_ACCOUNTS = 20;

/**
 * A comparison for people at a terminal: what is covered, the counts, every change on a line.
 *
 * @param missing a line on what the store lacks, or nothing
 */
export function* diffText(diff: Diff, missing: string): Generator<string> {
  yield `from ${visible(diff.from)} to ${visible(diff.to)}\n\n`;
  yield coverageText(diff);
  yield missing;
  yield '\n';
  const { summary } = diff;
  yield table(
    ['finding', 'count'],
    [
      ['new', summary.new],
      ['resolved', summary.resolved],
      ['changed', summary.changed],
      ['reopened', summary.reopened],
      ['unchanged', summary.unchanged],
      ['not comparable', summary.notComparable],
    ],
  );
  if (diff.baseline > 0) {
    yield `${counted(diff.baseline, 'finding that is not comparable has', 'findings that are not comparable have')} no earlier look at the account and rule (reports call ${diff.baseline === 1 ? 'it' : 'them'} baseline)\n`;
  }
  let first = true;
  for (const change of diff.changes) {
    if (first) yield `\n${line('change', 'cause', 'verdict', 'account', 'rule', 'role')}`;
    first = false;
    yield changeLine(change);
  }
}

function coverageText({ accounts, coverage }: Diff): string {
  const { both, onlyFrom, onlyTo, carriedForward, incomplete } = coverage.accounts;
  return [
    `${counted(both, 'account')} on both sides, ${onlyFrom} only on the first, ${onlyTo} only on the second\n`,
    ...named(
      `${carriedForward} carried forward: no newer capture, so they stand as last captured`,
      accounts.filter((one) => one.carriedForward),
      ({ to, age }) => `captured ${to}, ${counted(age, 'day')} before the end`,
    ),
    ...named(
      `${incomplete} incomplete: roles that the evidence does not show may exist`,
      accounts.filter((one) => one.incomplete),
      ({ from, to }) => `${captured('first', from)}, ${captured('second', to)}`,
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

function captured(side: 'first' | 'second', at: string | null): string {
  return at === null ? `not captured on the ${side} side` : `captured ${at} on the ${side}`;
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
    ...listed.map((one) => `  ${visible(`${one.account} ${one.name ?? ''}`).trim()}: ${what(one)}\n`),
    ...(more > 0 ? [`  and ${more} more\n`] : []),
  ];
}

function changeLine({
  change,
  cause,
  fromVerdict,
  toVerdict,
  account,
  rule,
  arn,
  roleId,
}: DiffChange): string {
  const verdicts = `${fromVerdict ?? '-'} -> ${toVerdict ?? '-'}`;
  const role = roleId === '' ? arn : `${arn} (${roleId})`;
  return line(change, cause ?? '', verdicts, account, rule, role);
}

/** Fixed widths, because not all rows are known when the first is printed. */
function line(
  change: string,
  cause: string,
  verdicts: string,
  account: string,
  rule: string,
  role: string,
): string {
  const cells = [
    change.padEnd(14),
    cause.padEnd(19),
    verdicts.padEnd(22),
    account.padEnd(12),
    rule.padEnd(13),
  ];
  return `${visible(`${cells.join('  ')}  ${role}`)}\n`;
}
