import type { FindingState, Outcome, Severity } from '../../../audit/verdict.ts';
import type { EvidenceRow, RejectRow } from '../../../store/types.ts';
import type { ExternalAccount } from '../../external-accounts.ts';
import { OUTCOMES, SEVERITIES, STATES } from '../../shared/labels.ts';
import {
  type AccountLine,
  type FindingColumns,
  type FindingDetail,
  type PayloadLine,
  type PayloadMeta,
  plainArn,
} from '../../shared/payload.ts';
import { payloadLines } from './inflate.ts';

type Columns = { -readonly [K in keyof FindingColumns]: FindingColumns[K][number][] };

/** All data of the page; findings stay in columns and are read by row number. */
export interface Store {
  readonly meta: PayloadMeta;
  readonly accounts: readonly AccountLine[];
  readonly accountNames: ReadonlyMap<string, string>;
  /** Ages in days of the accounts that are carried forward. */
  readonly carried: ReadonlyMap<string, number>;
  readonly externals: readonly ExternalAccount[];
  readonly evidence: readonly EvidenceRow[];
  readonly rejects: readonly RejectRow[];
  readonly strings: readonly string[];
  readonly columns: FindingColumns;
  readonly count: number;
  /** Role names in lower case, by row. */
  readonly lowerNames: readonly string[];
  /** The part of a finding that roles with the same policy share; `id` is its number in the detail column. */
  detail(id: number): FindingDetail;
}

/** Everything one row says, for the detail view. */
export interface Finding extends FindingDetail {
  readonly row: number;
  readonly rule: string;
  readonly account: string;
  readonly accountName: string | null;
  /** Of the account, in days; null when its latest capture is recent. */
  readonly carriedForward: number | null;
  readonly partition: string;
  readonly arn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly verdict: Outcome;
  readonly literal: Outcome;
  readonly severity: Severity | null;
  readonly state: FindingState | null;
  readonly policy: string | null;
  readonly source: string;
  readonly sha256: string;
  readonly offset: number;
  readonly capturedAt: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly suppressedBy: string | null;
}

/** @throws when the data is damaged or cut short. */
export async function loadStore(base64: string): Promise<Store> {
  let meta: PayloadMeta = { noteSentences: {}, rules: [] };
  const accounts: AccountLine[] = [];
  const externals: ExternalAccount[] = [];
  const evidence: EvidenceRow[] = [];
  const rejects: RejectRow[] = [];
  const strings: string[] = [];
  const columns = emptyColumns();
  let announced = -1;
  const take = (line: PayloadLine): void => {
    switch (line.kind) {
      case 'meta':
        meta = line.meta;
        break;
      case 'strings':
        append(strings, line.values);
        break;
      case 'findings':
        appendColumns(columns, line.columns);
        break;
      case 'accounts':
        append(accounts, line.rows);
        break;
      case 'externals':
        append(externals, line.rows);
        break;
      case 'evidence':
        append(evidence, line.rows);
        break;
      case 'rejects':
        append(rejects, line.rows);
        break;
      case 'end':
        announced = line.findings;
        break;
    }
  };
  for await (const line of payloadLines(base64)) take(line);
  const count = columns.rule.length;
  if (announced !== count) throw new Error('the data of this page is cut short');

  const details = new Map<number, FindingDetail>();
  const names = accounts.flatMap((row) => (row.name === null ? [] : [[row.account, row.name] as const]));
  const ages = accounts.flatMap(({ account, carriedForward }) =>
    carriedForward === null ? [] : [[account, carriedForward] as const],
  );
  return {
    meta,
    accounts,
    accountNames: new Map(names),
    carried: new Map(ages),
    externals,
    evidence,
    rejects,
    strings,
    columns,
    count,
    lowerNames: columns.roleName.map((name) => name.toLowerCase()),
    detail(id) {
      let detail = details.get(id);
      if (detail === undefined) {
        detail = JSON.parse(strings[id] ?? '') as FindingDetail;
        details.set(id, detail);
      }
      return detail;
    },
  };
}

export function findingAt(store: Store, row: number): Finding {
  const { columns } = store;
  const account = stringAt(store, columns.account, row) ?? '';
  const roleName = columns.roleName[row] ?? '';
  return {
    ...store.detail(columns.detail[row] ?? -1),
    row,
    rule: stringAt(store, columns.rule, row) ?? '',
    account,
    accountName: store.accountNames.get(account) ?? null,
    carriedForward: store.carried.get(account) ?? null,
    partition: stringAt(store, columns.partition, row) ?? '',
    arn: arnAt(store, row),
    roleName,
    roleId: columns.roleId[row] ?? '',
    verdict: OUTCOMES[columns.verdict[row] ?? -1] ?? 'error',
    literal: OUTCOMES[columns.literal[row] ?? -1] ?? 'error',
    severity: SEVERITIES[columns.severity[row] ?? -1] ?? null,
    state: STATES[columns.state[row] ?? -1] ?? null,
    policy: stringAt(store, columns.policy, row),
    source: stringAt(store, columns.source, row) ?? '',
    sha256: stringAt(store, columns.sha256, row) ?? '',
    offset: columns.offset[row] ?? 0,
    capturedAt: stringAt(store, columns.capturedAt, row) ?? '',
    firstSeen: stringAt(store, columns.firstSeen, row) ?? '',
    lastSeen: stringAt(store, columns.lastSeen, row) ?? '',
    suppressedBy: stringAt(store, columns.suppressedBy, row),
  };
}

export function stringAt(store: Store, column: readonly number[], row: number): string | null {
  return store.strings[column[row] ?? -1] ?? null;
}

export function arnAt(store: Store, row: number): string {
  const { columns } = store;
  const arn = columns.arn[row] ?? '';
  if (arn !== '') return arn;
  const partition = stringAt(store, columns.partition, row) ?? '';
  const account = stringAt(store, columns.account, row) ?? '';
  return plainArn(partition, account, columns.roleName[row] ?? '');
}

function append<T>(to: T[], values: readonly T[]): void {
  for (const value of values) to.push(value);
}

function appendColumns(to: Columns, from: FindingColumns): void {
  for (const name of Object.keys(to) as (keyof Columns)[]) {
    append<string | number>(to[name], from[name]);
  }
}

function emptyColumns(): Columns {
  return {
    rule: [],
    account: [],
    partition: [],
    detail: [],
    policy: [],
    source: [],
    sha256: [],
    capturedAt: [],
    firstSeen: [],
    lastSeen: [],
    suppressedBy: [],
    verdict: [],
    literal: [],
    severity: [],
    state: [],
    offset: [],
    roleName: [],
    roleId: [],
    arn: [],
  };
}
