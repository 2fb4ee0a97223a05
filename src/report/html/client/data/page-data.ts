import type { EvidenceRow, RejectRow } from '../../../../model/evidence-row.ts';
import type { Outcome } from '../../../../model/exposure.ts';
import type { Impact } from '../../../../model/role-detail.ts';
import { type FindingState, OUTCOMES, type Severity } from '../../../../model/verdict.ts';
import { SEVERITIES, STATES } from '../../../shared/labels.ts';
import type { FindingColumns } from '../../shared/finding-columns.ts';
import { unpackTime } from '../../shared/packed-time.ts';
import type { AccountLine, FindingDetail, PayloadMeta, SharedImpact } from '../../shared/payload.ts';
import type { ThirdPartyLine } from '../../shared/third-party-line.ts';

/** All data of the page; findings stay in columns and are read by row number. */
export interface PageData {
  readonly meta: PayloadMeta;
  readonly accounts: readonly AccountLine[];
  readonly accountNames: ReadonlyMap<string, string>;
  /** Ages in days of the accounts that are carried forward. */
  readonly carried: ReadonlyMap<string, number>;
  readonly thirdParties: readonly ThirdPartyLine[];
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
  readonly impact: Impact | null;
  readonly policy: string | null;
  readonly source: string;
  readonly sha256: string;
  readonly offset: number;
  readonly capturedAt: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly suppressedBy: string | null;
}

export function findingAt(data: PageData, row: number): Finding {
  const { columns } = data;
  const account = stringAt(data, columns.account, row) ?? '';
  const roleName = columns.roleName[row] ?? '';
  return {
    ...data.detail(columns.detail[row] ?? -1),
    row,
    rule: stringAt(data, columns.rule, row) ?? '',
    account,
    accountName: data.accountNames.get(account) ?? null,
    carriedForward: data.carried.get(account) ?? null,
    partition: stringAt(data, columns.partition, row) ?? '',
    arn: arnAt(data, row),
    roleName,
    roleId: columns.roleId[row] ?? '',
    verdict: OUTCOMES[columns.verdict[row] ?? -1] ?? 'error',
    literal: OUTCOMES[columns.literal[row] ?? -1] ?? 'error',
    severity: SEVERITIES[columns.severity[row] ?? -1] ?? null,
    state: STATES[columns.state[row] ?? -1] ?? null,
    impact: impactAt(data, row),
    policy: stringAt(data, columns.policy, row),
    source: stringAt(data, columns.source, row) ?? '',
    sha256: stringAt(data, columns.sha256, row) ?? '',
    offset: columns.offset[row] ?? 0,
    capturedAt: stringAt(data, columns.capturedAt, row) ?? '',
    firstSeen: stringAt(data, columns.firstSeen, row) ?? '',
    lastSeen: stringAt(data, columns.lastSeen, row) ?? '',
    suppressedBy: stringAt(data, columns.suppressedBy, row),
  };
}

/** What a way into the role leads to; null where it is not known. */
function impactAt(data: PageData, row: number): Impact | null {
  const shared = sharedImpactAt(data, row);
  if (shared === null) return null;
  return {
    ...shared,
    tags: JSON.parse(stringAt(data, data.columns.tags, row) ?? '{}') as Impact['tags'],
    created: unpackTime(data.columns.created[row] ?? null),
    lastUsed: unpackTime(data.columns.lastUsed[row] ?? null),
  };
}

export function sharedImpactAt(data: PageData, row: number): SharedImpact | null {
  const text = stringAt(data, data.columns.impact, row);
  return text === null ? null : (JSON.parse(text) as SharedImpact);
}

export function stringAt(data: PageData, column: readonly number[], row: number): string | null {
  return data.strings[column[row] ?? -1] ?? null;
}

export function arnAt(data: PageData, row: number): string {
  const { columns } = data;
  const start = stringAt(data, columns.arnStart, row);
  return start === null ? (columns.oddArn[row] ?? '') : start + (columns.roleName[row] ?? '');
}
