import { impactKey } from '../../../shared/impact-words.ts';
import { worstPath } from '../../../shared/paths.ts';
import { findingAt, impactAt, type PageData, stringAt } from './page-data.ts';

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

/** Sort keys of the findings table by column. */
export function findingKey(data: PageData, column: string): (row: number) => number | string {
  const { columns } = data;
  switch (column) {
    case 'verdict':
      return (row) => columns.effective[row] ?? 0;
    case 'role':
      return (row) => data.lowerNames[row] ?? '';
    case 'account':
      return (row) => stringAt(data, columns.account, row) ?? '';
    case 'external':
      return (row) => {
        const { paths, ways = paths } = data.detail(columns.detail[row] ?? -1);
        const path = worstPath(ways);
        return path === null ? '~' : `${path.account}`;
      };
    case 'state':
      return (row) => columns.state[row] ?? 0;
    case 'seen':
      return (row) => stringAt(data, columns.firstSeen, row) ?? '';
    default:
      return columns.impact.every((impact) => impact === -1) ? (row) => exposure(data, row) : byImpact(data);
  }
}

/** By exposure, then by what the way in leads to. */
function byImpact(data: PageData): (row: number) => string {
  const known = new Map<number, string>();
  return (row) => {
    const impact = data.columns.impact[row] ?? -1;
    let key = known.get(impact);
    if (key === undefined) {
      key = impactKey(impactAt(data, row));
      known.set(impact, key);
    }
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
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  for (let row = 0; row < data.count; row++) {
    if (!arn.endsWith(data.columns.roleName[row] ?? '') && data.columns.roleName[row] !== name) continue;
    const finding = findingAt(data, row);
    if (finding.arn === arn && finding.rule === rule) return row;
  }
  return null;
}
