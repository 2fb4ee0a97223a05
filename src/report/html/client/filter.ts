import { OUTCOMES, SEVERITIES, STATES } from '../../shared/labels.ts';
import { RELATIONS } from '../../shared/paths.ts';
import type { FindingDetail } from '../../shared/payload.ts';
import { arnAt, type Store, stringAt } from './store.ts';

/** What the table shows; an empty string filters nothing. Also the page address's fragment. */
export interface Filter {
  readonly q: string;
  /** `findings` (fail and error), `all`, or one outcome. */
  readonly outcome: string;
  readonly severity: string;
  readonly relation: string;
  readonly account: string;
  /** One state, `accepted` (by an exception) or `open`. */
  readonly state: string;
  readonly rule: string;
  /** `1`: only where the two readings differ. */
  readonly differ: string;
}

export const NO_FILTER: Filter = {
  q: '',
  outcome: 'findings',
  severity: '',
  relation: '',
  account: '',
  state: '',
  rule: '',
  differ: '',
};

export function parseFilter(text: string): Filter {
  const given = new URLSearchParams(text);
  const filter: Record<string, string> = { ...NO_FILTER };
  for (const name of Object.keys(NO_FILTER)) filter[name] = given.get(name) ?? filter[name] ?? '';
  return filter as unknown as Filter;
}

export function formatFilter(filter: Filter): string {
  const changed = Object.entries(filter).filter(([name, value]) => value !== NO_FILTER[name as keyof Filter]);
  return new URLSearchParams(changed).toString();
}

/** Numbers of the rows that pass, in the order of the store. */
export function matchingRows(store: Store, filter: Filter): Uint32Array {
  const { columns } = store;
  const outcomes = wantedOutcomes(filter.outcome);
  const severity = filter.severity === '' ? null : (SEVERITIES as readonly string[]).indexOf(filter.severity);
  const rule = filter.rule === '' ? null : filter.rule;
  const relation = perDetail(store, (detail) =>
    detail.paths.some((path) => path.relation === filter.relation),
  );
  const relationWanted = (RELATIONS as readonly string[]).includes(filter.relation);
  const ofAccount = perString(store, (account) => matchesAccount(store, account, filter.account));
  const terms = filter.q
    .toLowerCase()
    .split(/\s+/)
    .filter((term) => term !== '');
  const searches = terms.map((term) => searcher(store, term));
  const rows = new Uint32Array(store.count);
  let found = 0;
  for (let row = 0; row < store.count; row++) {
    const verdict = columns.verdict[row] ?? -1;
    if (!outcomes.has(verdict)) continue;
    if (severity !== null && columns.severity[row] !== severity) continue;
    if (filter.differ === '1' && verdict === columns.literal[row]) continue;
    if (rule !== null && stringAt(store, columns.rule, row) !== rule) continue;
    if (filter.state !== '' && !matchesState(store, row, filter.state)) continue;
    if (relationWanted && !relation(columns.detail[row] ?? -1)) continue;
    if (filter.account !== '' && !ofAccount(columns.account[row] ?? -1)) continue;
    if (!searches.every((search) => search(row))) continue;
    rows[found] = row;
    found += 1;
  }
  return rows.subarray(0, found);
}

function wantedOutcomes(outcome: string): ReadonlySet<number> {
  const wanted = OUTCOMES.filter((name) => {
    if (outcome === 'all') return true;
    return outcome === 'findings' ? name === 'fail' || name === 'error' : name === outcome;
  });
  return new Set(wanted.map((name) => OUTCOMES.indexOf(name)));
}

function matchesState(store: Store, row: number, state: string): boolean {
  const accepted = store.columns.suppressedBy[row] !== -1;
  if (state === 'accepted') return accepted;
  if (state === 'open') return !accepted;
  return STATES[store.columns.state[row] ?? -1] === state;
}

function matchesAccount(store: Store, account: string, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return account.startsWith(text) || (store.accountNames.get(account) ?? '').toLowerCase().includes(text);
}

/** Whether a row holds the term anywhere a reader would look for it. */
function searcher(store: Store, term: string): (row: number) => boolean {
  const { columns } = store;
  const inDetail = perDetail(store, (detail) => detailText(detail).includes(term));
  const inAccount = perString(
    store,
    (account) =>
      account.includes(term) || (store.accountNames.get(account) ?? '').toLowerCase().includes(term),
  );
  const looksLikeArn = /[:/]/.test(term);
  return (row) =>
    (columns.roleName[row] ?? '').toLowerCase().includes(term) ||
    (looksLikeArn ? arnAt(store, row) : (columns.arn[row] ?? '')).toLowerCase().includes(term) ||
    inAccount(columns.account[row] ?? -1) ||
    inDetail(columns.detail[row] ?? -1) ||
    (columns.roleId[row] ?? '').toLowerCase() === term;
}

function detailText(detail: FindingDetail): string {
  const parts = [detail.message, detail.reason, ...detail.notes];
  for (const path of detail.paths) {
    parts.push(path.principal, path.account, path.accountName ?? '', path.sid ?? '', path.relation);
  }
  return parts.join('\n').toLowerCase();
}

/** Most roles share a detail, so a test of the detail is made once and remembered. */
function perDetail(store: Store, test: (detail: FindingDetail) => boolean): (id: number) => boolean {
  return remembered((id) => test(store.detail(id)));
}

function perString(store: Store, test: (text: string) => boolean): (id: number) => boolean {
  return remembered((id) => test(store.strings[id] ?? ''));
}

function remembered(test: (id: number) => boolean): (id: number) => boolean {
  const known = new Map<number, boolean>();
  return (id) => {
    let result = known.get(id);
    if (result === undefined) {
      result = test(id);
      known.set(id, result);
    }
    return result;
  };
}
