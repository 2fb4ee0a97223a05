import type { JsonElement, JsonRows, ReadPlan, RoleColumns, RowGroup } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import type { TrustPolicy } from '../model/record.ts';
import { accountOfArn } from '../model/role-arn.ts';
import type { RoleDetail } from '../model/role-detail.ts';
import { UNKNOWN_DETAIL } from '../model/role-detail-text.ts';
import { restoreAthenaKeys } from './parts/athena-keys.ts';
import { checkAccount, readAccount } from './shared/accounts.ts';
import { inSmallLetters, spelledAsIn } from './shared/any-case.ts';
import type { CaptureTime } from './shared/capture-time.ts';
import { addEntity, type FieldMapping } from './shared/entity.ts';
import type { FileCaptures } from './shared/file-captures.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { addRole, rowGroup, stringField, trustField } from './shared/role.ts';
import { inSmallKeys, membersOf, roleDetailOf, unpackedCell } from './shared/role-detail.ts';
import { SyncTimes, type TakeRow } from './shared/sync-times.ts';
import { byPolicy } from './shared/trust-policy.ts';

const TRUST = 'assume_role_policy_document';
/** What rules over whole roles want besides; role policies and attached policies are in other tables. */
const WHOLE: ReadonlyMap<string, string> = new Map([
  ['Arn', 'arn'],
  ['RoleId', 'role_id'],
  ['AssumeRolePolicyDocument', TRUST],
  ['RoleName', 'role_name'],
  ['Path', 'path'],
  ['CreateDate', 'create_date'],
  ['Tags', 'tags'],
  ['RoleLastUsed', 'role_last_used'],
  ['PermissionsBoundary', 'permissions_boundary'],
]);

/** What is told of a failing role besides. */
const DETAIL: readonly (readonly [string, string])[] = [
  ['CreateDate', 'create_date'],
  ['RoleLastUsed', 'role_last_used'],
  ['MaxSessionDuration', 'max_session_duration'],
  ['Tags', 'tags'],
  ['PermissionsBoundary', 'permissions_boundary'],
];

/**
 * CloudQuery's table `aws_iam_roles` as its file destinations write it: one JSON object per line
 * (https://hub.cloudquery.io/plugins/source/cloudquery/aws/latest/tables/aws_iam_roles), or gathered in an
 * array. A destination that only appends holds several syncs: each `_cq_sync_time` is a capture of its own.
 */
export const cloudquery: Format = {
  id: 'cloudquery',
  title: 'CloudQuery table aws_iam_roles',
  detect: (sketch) =>
    inSmallLetters(sketch).documents.some(
      (document) =>
        findObject(
          document,
          (row) => row.has(TRUST) && (row.has('_cq_id') || row.has('_cq_sync_time')),
          1,
        ) !== null,
    ),
  open: (file) => new CloudQuerySession(file),
};

class CloudQuerySession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly wantsRoles: boolean;
  private readonly further = [...WHOLE.values()].slice(3);
  /** Fields that do not say which role it is: a fault in them spoils no record. */
  private readonly details = [TRUST, ...this.further];
  private readonly restoreKeys = byPolicy(restoreAthenaKeys);
  private readonly times: SyncTimes;
  private lost = false;
  private readonly timeOf = new WeakMap<RowGroup, CaptureTime>();
  private readonly restored: RestoredColumns;

  constructor(file: FileContext) {
    this.file = file;
    this.restored = new RestoredColumns((text) => this.restoreKeys(text));
    this.wantsRoles = file.options.entities?.has('IamRole') === true;
    this.times = new SyncTimes(file, (element, time) => this.row(element, time));
    this.plan = spelledAsIn(file.sketch, {
      sources: [
        {
          at: [],
          shape: 'list',
          fields: [
            ['account_id'],
            ['arn'],
            ['role_id'],
            [TRUST],
            ['_cq_sync_time'],
            ...(this.wantsRoles ? this.further.map((name) => [name]) : []),
          ],
          ...(file.options.rows === true &&
            !this.wantsRoles && {
              row: {
                arn: 'arn',
                id: 'role_id',
                trust: TRUST,
                group: ['account_id', '_cq_sync_time'],
                none: [],
                open: (prefix: string, [account, time]: readonly string[]) =>
                  this.openGroup(prefix, account, time),
              },
            }),
        },
      ],
      facts: [],
      framing: file.sketch.lines ? 'lines' : 'stream',
    });
  }

  element(element: JsonElement): void {
    const account = accountOfArn(stringField(element, 'arn'));
    this.times.row(element, element.fields.get('_cq_sync_time'), account);
  }

  /** Rows that tell their time, and the account that their ARN names. */
  private openGroup(
    prefix: string,
    account: string | undefined,
    written: string | undefined,
  ): RowGroup | null {
    const time = this.times.timeOf(written);
    if (time === null) return null;
    const group = rowGroup(prefix, time);
    if (account !== `"${group.account}"`) return null;
    this.timeOf.set(group, time);
    return group;
  }

  takeRows({ runs, roles }: JsonRows): void {
    if (roles === null) return;
    const { columns, count } = this.restored.of(roles);
    for (let role = 0; role < count; role++) this.noteRestored();
    this.file.sink.roles(runs, columns);
    for (const { group } of runs) {
      const time = this.timeOf.get(group) as CaptureTime;
      this.file.sink.captures.add(group.account, time);
      this.times.note(group.account, time);
    }
  }

  private row(element: JsonElement, time: CaptureTime): ReturnType<TakeRow> {
    const arn = stringField(element, 'arn');
    const result = addRole(this.file.sink, element, this.details, {
      arn,
      roleId: stringField(element, 'role_id'),
      trust: this.restore(trustField(element, TRUST)),
      status: 'live',
      time,
      version: '',
    });
    if (result.account === null) {
      this.lost ||= result.code !== 'not-a-role';
      return null;
    }
    const { sink } = this.file;
    checkAccount(sink, element, readAccount(sink, element.fields.get('account_id')), result.account);
    for (const captures of this.captures()) captures.add(result.account, time);
    if (this.wantsRoles) addEntity(sink, 'IamRole', element, { time, owner: null }, NAMES);
    return { account: result.account, arn: arn ?? '' };
  }

  private restore(trust: TrustPolicy): TrustPolicy {
    if (trust.state !== 'document') return trust;
    if (!trust.text.includes('_')) return trust;
    const { text, restored } = this.restoreKeys(trust.text);
    if (restored) this.noteRestored();
    return { state: 'document', text };
  }

  private noteRestored(): void {
    this.file.sink.problem(
      'keys-restored',
      'condition keys have `_` where IAM has `:` or `/` (option `athena` of the S3 destination) and were restored; in names of tags `_` may stand for another character',
    );
  }

  readonly detailColumns = DETAIL.map(([, name]) => name);

  /** The columns hold what get-role returns, null for what it leaves out. */
  detail(element: unknown): RoleDetail {
    const row = this.plan.anyCase === true ? inSmallKeys(element) : membersOf(element);
    if (row === null) return UNKNOWN_DETAIL;
    const role: Record<string, unknown> = {};
    for (const [key, name] of DETAIL) {
      if (Object.hasOwn(row, name)) role[key] = NAMES.convert(key, unpackedCell(row[name]));
    }
    return roleDetailOf(role, null);
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    const { sink } = this.file;
    this.times.end(this.captures());
    // Rows of all accounts are mixed, so a row that was lost may belong to any of them.
    if (missing !== null) this.flawAll(missing);
    if (this.lost) {
      this.flawAll('records-rejected');
      sink.problem('records-rejected', 'rows were rejected, so roles may be missing');
    }
  }

  private flawAll(reason: 'truncated' | 'records-rejected'): void {
    for (const captures of this.captures()) captures.flawAll(reason);
  }

  private captures(): readonly FileCaptures[] {
    const { sink } = this.file;
    return this.wantsRoles ? [sink.captures, sink.capturesOf('IamRole')] : [sink.captures];
  }
}

/** The policies of rows with their keys restored. */
class RestoredColumns {
  private readonly restore: (text: string) => { readonly text: string; readonly restored: boolean };
  private source: readonly string[] = [];
  private texts: string[] = [];
  /** Indexes of the policies that were changed. */
  private changed = new Set<number>();

  constructor(restore: RestoredColumns['restore']) {
    this.restore = restore;
  }

  /** @returns `count` is the number of roles whose policy was changed */
  of(columns: RoleColumns): { readonly columns: RoleColumns; readonly count: number } {
    if (columns.policyTexts !== this.source) {
      this.source = columns.policyTexts;
      this.texts = [];
      this.changed = new Set();
    }
    for (let index = this.texts.length; index < this.source.length; index++) {
      const text = this.source[index] as string;
      const result = text.includes('_') ? this.restore(text) : { text, restored: false };
      this.texts.push(result.text);
      if (result.restored) this.changed.add(index);
    }
    let count = 0;
    if (this.changed.size > 0) for (const policy of columns.policies) if (this.changed.has(policy)) count++;
    return { columns: { ...columns, policyTexts: this.texts }, count };
  }
}

const NAMES: FieldMapping = {
  fields: new Map([
    ...WHOLE,
    // Columns of this name mean something else.
    ...['InstanceProfileList', 'RolePolicyList', 'AttachedManagedPolicies'].map((key) => [key, ''] as const),
  ]),
  convert(key, value) {
    const content = unpacked(value);
    if (key === 'AssumeRolePolicyDocument') {
      const policy = typeof content === 'object' && content !== null ? JSON.stringify(content) : null;
      return policy === null ? content : (JSON.parse(restoreAthenaKeys(policy).text) as unknown);
    }
    if (key !== 'Tags' || typeof content !== 'object' || content === null || Array.isArray(content)) {
      return content;
    }
    return Object.entries(content).map(([Key, Value]) => ({ Key, Value: Value as unknown }));
  },
};

/** Destinations that know no JSON columns write JSON in a string. */
function unpacked(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
