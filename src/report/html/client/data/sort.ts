import { nameOfArn } from '../../../../model/role-arn.ts';
import { outsiderOf } from '../../../../model/third-party.ts';
import { worstPath } from '../../../shared/paths.ts';
import { impactKey } from '../../../shared/words/impact-words.ts';
import { unpackTime } from '../../shared/packed-time.ts';
import type { SharedImpact } from '../../shared/payload.ts';
import { findingAt, type PageData, sharedImpactAt, stringAt } from './page-data.ts';

export type Direction = 'ascending' | 'descending';

/** Orders row numbers by a key; equal keys keep the order of the data, either way. */
export function sortRows(
  rows: Uint32Array,
  key: (row: number) => number | string,
  direction: Direction,
): Uint32Array {
  // Most columns have few distinct values, so only these are sorted.
  const groups = new Map<number | string, number[]>();
  for (const row of rows) {
    const value = key(row);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [row]);
    else group.push(row);
  }
  const sign = direction === 'ascending' ? 1 : -1;
  const sorted = new Uint32Array(rows.length);
  let at = 0;
  for (const value of [...groups.keys()].sort((x, y) => (x < y ? -sign : sign))) {
    for (const row of groups.get(value) ?? []) sorted[at++] = row;
  }
  return sorted;
}

/**
 * The orders of all findings, each worked out when it is first asked for: what a filter leaves of them then stands in
 * order without being sorted.
 */
export class FindingOrders {
  private readonly data: PageData;
  private readonly orders = new Map<string, Uint32Array>();

  constructor(data: PageData) {
    this.data = data;
  }

  /** The same rows by a column. */
  sorted(rows: Uint32Array, column: string, direction: Direction): Uint32Array {
    const wanted = new Uint8Array(this.data.count);
    for (const row of rows) wanted[row] = 1;
    return this.order(column, direction).filter((row) => wanted[row] === 1);
  }

  private order(column: string, direction: Direction): Uint32Array {
    const name = `${column} ${direction}`;
    let order = this.orders.get(name);
    if (order === undefined) {
      const all = Uint32Array.from({ length: this.data.count }, (_, row) => row);
      order = sortRows(all, findingKey(this.data, column), direction);
      this.orders.set(name, order);
    }
    return order;
  }
}

/** Sort keys of the findings table by column. */
function findingKey(data: PageData, column: string): (row: number) => number | string {
  const { columns } = data;
  switch (column) {
    case 'verdict':
      return (row) => columns.effective[row] ?? 0;
    case 'role':
      return (row) => data.lowerNames[row] ?? '';
    case 'account':
      return (row) => {
        const account = stringAt(data, columns.account, row) ?? '';
        return accountKey(account, data.accountNames.get(account));
      };
    case 'external':
      return (row) => {
        const { paths, ways = paths } = data.detail(columns.detail[row] ?? -1);
        const path = worstPath(ways);
        return path === null
          ? LAST
          : accountKey(outsiderOf(path), path.anyMember === true ? null : path.accountName);
      };
    case 'state':
      return (row) => columns.state[row] ?? 0;
    case 'seen':
      return (row) => stringAt(data, columns.firstSeen, row) ?? '';
    default:
      return columns.impact.every((impact) => impact === -1) ? (row) => exposure(data, row) : byImpact(data);
  }
}

/** Behind every name. */
const LAST = '\uffff';

/** As accounts are shown: by name where there is one, and anyone before all. */
function accountKey(account: string, name: string | null | undefined): string {
  return `${account === '*' ? '' : (name ?? account).toLowerCase()} ${account}`;
}

/** By exposure, then by what the way in leads to. */
function byImpact(data: PageData): (row: number) => string {
  const { impact, lastUsed } = data.columns;
  const shared = new Map<number, SharedImpact | null>();
  return (row) => {
    const id = impact[row] ?? -1;
    let known = shared.get(id);
    if (known === undefined) {
      known = sharedImpactAt(data, row);
      shared.set(id, known);
    }
    const key = impactKey(known === null ? null : { ...known, lastUsed: unpackTime(lastUsed[row] ?? null) });
    return `${exposure(data, row).toFixed(1).padStart(5, '0')} ${key}`;
  };
}

/** Critical, high, undecided, medium, low, then what is no finding: weak guards first. */
function exposure({ columns }: PageData, row: number): number {
  const verdict = columns.effective[row] ?? 0;
  const severity = columns.severity[row] ?? -1;
  if (verdict === 1) return 1.5;
  if (verdict === 0) return severity === -1 ? 3 : severity;
  return 10 + verdict * 10 + (severity === -1 ? 5 : severity);
}

/** The row of a role under a rule, or null; for links to one finding. */
export function rowOf(data: PageData, arn: string, rule: string): number | null {
  const name = nameOfArn(arn);
  for (let row = 0; row < data.count; row++) {
    if (!arn.endsWith(data.columns.roleName[row] ?? '') && data.columns.roleName[row] !== name) continue;
    const finding = findingAt(data, row);
    if (finding.arn === arn && finding.rule === rule) return row;
  }
  return null;
}
