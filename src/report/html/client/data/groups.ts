import { OUTCOMES } from '../../../../model/verdict.ts';
import { SEVERITIES } from '../../../shared/labels.ts';
import { exposedPaths, externalAccounts } from '../../../shared/paths.ts';
import type { PageData } from './page-data.ts';

/** What findings can be put together by; `from`: the outside account that gets in. */
export const GROUPINGS = ['account', 'from', 'policy'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What is counted of a group: failing findings by severity, those without one, undecided ones, all others. */
export const COUNTED = [...SEVERITIES, 'fail', 'error', 'other'] as const;

export interface Group {
  /** The account, see `outsiderOf`, or the text of the policy; empty where there is none. */
  readonly key: string;
  /** In the order of COUNTED. */
  readonly counts: readonly number[];
  /** The first of its rows. */
  readonly first: number;
  /** Its rows are those with one of these texts. */
  readonly texts: ReadonlySet<number>;
}

export interface Groups {
  readonly groups: readonly Group[];
  /** Number of the text by which a row belongs to its groups. */
  textOf(row: number): number;
}

/**
 * The groups of some rows, in the order in which their first rows come; where these come by severity, groups with more
 * of the worst come first. A finding that lets in several outside accounts stands in the group of each. Which rows a
 * group has is worked out when it is opened.
 */
export function groupRows(data: PageData, rows: Uint32Array, by: Grouping, worstFirst: boolean): Groups {
  const column = columnOf(data, by);
  const groups = new Map<string, { key: string; counts: number[]; first: number; texts: Set<number> }>();
  for (const [text, { counts, first }] of countTexts(data, rows, column)) {
    for (const key of keysOf(data, by, text)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { key, counts: [...counts], first, texts: new Set([text]) });
      else {
        group.texts.add(text);
        for (const [at, count] of counts.entries()) group.counts[at] = (group.counts[at] ?? 0) + count;
      }
    }
  }
  const found = [...groups.values()];
  return { groups: worstFirst ? found.sort(byCounts) : found, textOf: (row) => column[row] ?? -1 };
}

export function groupSize({ counts }: Group): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Rows with the same text are of the same groups. */
function columnOf({ columns }: PageData, by: Grouping): readonly number[] {
  return by === 'account' ? columns.account : by === 'policy' ? columns.policy : columns.detail;
}

function keysOf(data: PageData, by: Grouping, text: number): readonly string[] {
  if (by !== 'from') return [data.strings[text] ?? ''];
  const { paths, ways = paths } = data.detail(text);
  const accounts = externalAccounts(exposedPaths(ways));
  return accounts.length === 0 ? [''] : accounts;
}

function countTexts(
  data: PageData,
  rows: Uint32Array,
  column: readonly number[],
): ReadonlyMap<number, { readonly counts: readonly number[]; readonly first: number }> {
  const found = new Map<number, { counts: number[]; first: number }>();
  for (const row of rows) {
    const text = column[row] ?? -1;
    let one = found.get(text);
    if (one === undefined) {
      one = { counts: COUNTED.map(() => 0), first: row };
      found.set(text, one);
    }
    const at = countedAs(data, row);
    one.counts[at] = (one.counts[at] ?? 0) + 1;
  }
  return found;
}

function countedAs({ columns }: PageData, row: number): number {
  const outcome = OUTCOMES[columns.effective[row] ?? -1];
  if (outcome === 'error') return COUNTED.indexOf('error');
  if (outcome !== 'fail') return COUNTED.indexOf('other');
  const severity = columns.severity[row] ?? -1;
  return severity === -1 ? COUNTED.indexOf('fail') : severity;
}

function byCounts(a: Group, b: Group): number {
  for (const [at, count] of a.counts.entries()) {
    const difference = (b.counts[at] ?? 0) - count;
    if (difference !== 0) return difference;
  }
  return 0;
}
