import type { Writable } from 'node:stream';
import type { CoveredAccount, Diff } from '../../history/compare/diff.ts';
import type { Completeness } from '../../model/completeness.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { writeAll } from '../files/stream.ts';
import type { HistoryOptions } from '../format.ts';
import { html } from '../html/page/markup.ts';
import { days } from '../shared/missing.ts';
import { type Heading, PAGE_END, pageHead, standing, TABLE_END, tableRow, tableStart } from './page.ts';

/** A page stays quick with this many rows; it says when there are more. */
const LISTED_CHANGES = 5_000;
const LISTED_ACCOUNTS = 500;

/** What `diff` found, and what was missing for it. */
export interface DiffReport {
  readonly diff: Diff;
  readonly missing: Completeness;
}

/** A comparison as one page without a script; `missing` is what the store lacks. */
export async function renderDiffHtml(
  diff: Diff,
  missing: Completeness,
  out: Writable,
  options: HistoryOptions,
): Promise<void> {
  await writeAll(out, page(diff, missing, options));
}

function* page(diff: Diff, missing: Completeness, options: HistoryOptions): Generator<string> {
  yield pageHead(`Changes from ${diff.from} to ${diff.to}`, null, options);
  yield standing(missing);
  yield* summary(diff);
  yield* coverage(diff);
  yield* changes(diff);
  yield PAGE_END;
}

const SUMMARY: readonly (readonly [key: keyof Diff['summary'], title: string, meaning: string])[] = [
  ['new', 'New', 'was not there before'],
  ['resolved', 'Resolved', 'a guard was added, the way in removed, or the role deleted'],
  ['changed', 'Changed', 'who gets in changed, and still nothing guards it'],
  ['reopened', 'Reopened', 'had been resolved, and is there again'],
  ['unchanged', 'Unchanged', 'the same on both sides'],
  [
    'notComparable',
    'Not comparable',
    'the account or rule is not covered on one side, or the evidence is incomplete',
  ],
];
const SUMMARY_HEADINGS: readonly Heading[] = [
  { title: 'Finding' },
  { title: 'Count', kind: 'number' },
  { title: 'Meaning' },
];

function* summary({ summary: counts, baseline }: Diff): Generator<string> {
  yield tableStart('Summary', SUMMARY_HEADINGS);
  for (const [key, title, meaning] of SUMMARY) {
    yield tableRow(SUMMARY_HEADINGS, [title, formatCount(counts[key]), meaning]);
  }
  yield TABLE_END;
  if (baseline > 0) {
    yield html`<p class="muted">${formatCounted(baseline, 'finding that is not comparable has', 'findings that are not comparable have')} no earlier look at the account and rule; reports call them baseline.</p>
`.text;
  }
}

const ACCOUNT_HEADINGS: readonly Heading[] = [
  { title: 'Account', kind: 'short' },
  { title: 'Name' },
  { title: 'Captured, first side', kind: 'short' },
  { title: 'Captured, second side', kind: 'short' },
  { title: 'What limits it' },
];

function* coverage({ coverage: { accounts: counts }, accounts }: Diff): Generator<string> {
  yield html`<h2>Coverage</h2>
<p>${formatCounted(counts.both, 'account')} on both sides, ${formatCount(counts.onlyFrom)} only on the first, ${formatCount(counts.onlyTo)} only on the second; ${formatCount(counts.carriedForward)} carried forward, ${formatCount(counts.incomplete)} incomplete. Counts speak only of what both sides cover.</p>
`.text;
  const limited = accounts.filter((one) => limits(one) !== '');
  if (limited.length === 0) return;
  yield tableStart('Accounts whose coverage is limited', ACCOUNT_HEADINGS);
  for (const one of limited.slice(0, LISTED_ACCOUNTS)) {
    const cells = [one.account, one.name ?? '', one.from ?? 'never', one.to ?? 'never', limits(one)];
    yield tableRow(ACCOUNT_HEADINGS, cells);
  }
  yield TABLE_END;
  yield cut(limited.length, LISTED_ACCOUNTS, 'accounts', 'The text form names them too.');
}

function limits(one: CoveredAccount): string {
  return [
    ...(one.from === null ? ['not covered on the first side'] : []),
    ...(one.to === null ? ['not covered on the second side'] : []),
    ...(one.carriedForward ? [`carried forward, ${days(one.age)} old`] : []),
    ...(one.incomplete ? ['incomplete: roles may be missing'] : []),
  ].join('; ');
}

const CHANGE_HEADINGS: readonly Heading[] = [
  { title: 'Change', kind: 'short' },
  { title: 'Cause', kind: 'short' },
  { title: 'Account', kind: 'short' },
  { title: 'Role' },
  { title: 'Rule' },
  { title: 'Verdicts', kind: 'short' },
];

function* changes(diff: Diff): Generator<string> {
  yield '<h2>Changes</h2>\n';
  let count = 0;
  for (const one of diff.changes) {
    if (count === 0) yield tableStart('Changes', CHANGE_HEADINGS);
    count++;
    if (count > LISTED_CHANGES) continue;
    const role = one.roleId === '' ? one.arn : `${one.arn} (${one.roleId})`;
    const verdicts = `${one.fromVerdict ?? '–'} → ${one.toVerdict ?? '–'}`;
    yield tableRow(CHANGE_HEADINGS, [one.change, one.cause ?? '', one.account, role, one.rule, verdicts]);
  }
  yield count === 0 ? '<p>None.</p>\n' : TABLE_END;
  yield cut(count, LISTED_CHANGES, 'changes', 'The formats csv and json hold all of them.');
}

function cut(count: number, listed: number, what: string, where: string): string {
  if (count <= listed) return '';
  return html`<p class="muted">The first ${formatCount(listed)} of ${formatCount(count)} ${what}. ${where}</p>
`.text;
}
