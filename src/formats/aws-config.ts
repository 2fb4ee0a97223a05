import type { DataProblem } from '../errors.ts';
import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import type { RoleRecord, TrustPolicy } from '../model/record.ts';
import { excerpt } from '../model/role-arn.ts';
import type { RoleDetail } from '../model/role-detail.ts';
import { normaliseTime } from '../model/time.ts';
import { CONFIG_DETAILS, CONFIG_TRUST, itemMapping } from './parts/config-role-fields.ts';
import { checkAccount, readAccount } from './shared/accounts.ts';
import { type CaptureTime, configSnapshotTime } from './shared/capture-time.ts';
import {
  CONFIG_POLICY,
  CONFIG_STATUS,
  configPolicyText,
  configRoleDetail,
  configVersion,
  doubtOfType,
} from './shared/config-item.ts';
import { DeletedItems } from './shared/deleted-items.ts';
import { addEntity } from './shared/entity.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { expandField } from './shared/nested.ts';
import { addRole, stringField, trustField } from './shared/role.ts';

/** The fields that are wanted of a role's configuration. */
const insideOf = (wantsRoles: boolean): readonly (readonly string[])[] => [
  ['assumeRolePolicyDocument'],
  ['arn'],
  ...(wantsRoles ? CONFIG_DETAILS.map((name) => name.split('/').slice(1)) : []),
];

const planOf = (wantsRoles: boolean): ReadPlan => ({
  sources: [
    {
      at: ['configurationItems'],
      shape: 'list',
      fields: [
        ['resourceType'],
        ['resourceId'],
        ['resourceName'],
        ['ARN'],
        ['awsAccountId'],
        ['configurationItemStatus'],
        ['configurationItemCaptureTime'],
        ['configurationStateId'],
        ...insideOf(wantsRoles).map((path) => ['configuration', ...path]),
      ],
    },
  ],
  facts: ['fileVersion', 'configSnapshotId'],
  framing: 'stream',
});

/**
 * Snapshot and history files that AWS Config delivers to S3
 * (https://docs.aws.amazon.com/config/latest/developerguide/example-s3-snapshot.html). Only items of type
 * `AWS::IAM::Role` are records. A snapshot is a capture of its accounts at the time in its name; an item of a
 * history file speaks of its own time and of nothing else.
 */
export const awsConfig: Format = {
  id: 'aws-config',
  title: 'AWS Config snapshot or history file',
  detect: ({ documents }) =>
    documents.some(
      (document) =>
        findObject(document, (members) => {
          const items = members.get('configurationItems');
          if (items === undefined) return false;
          return (
            members.has('fileVersion') ||
            members.has('configSnapshotId') ||
            findObject(items, (item) => item.has('awsAccountId'), 1) !== null
          );
        }) !== null,
    ),
  open: (file) => new AwsConfigSession(file),
};

interface Snapshot {
  /** The number of recorded roles by account. */
  readonly roles: Map<string, number>;
  lost: boolean;
}

/**
 * Configuration items as rows of CSV: what Athena writes for a table over the files of AWS Config (its columns have
 * small letters only), and what the AWS Config console exports for an advanced query. Nothing tells whether all items
 * were asked for, so each speaks of its own time, like an item of a history file.
 */
export const awsConfigCsv: Format = {
  id: 'aws-config-csv',
  title: 'AWS Config items in CSV',
  detect: ({ documents }) =>
    documents.some(
      (document) =>
        findObject(
          document,
          (row) =>
            row.has('resourcetype') &&
            row.has('configuration') &&
            [...row.values()].every(({ kind }) => kind === 'null'),
          0,
        ) !== null,
    ),
  // The path could look like a snapshot's.
  open: (file) => new AwsConfigSession({ ...file, path: '' }),
};

class AwsConfigSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly wantsRoles: boolean;
  private readonly snapshotTime: CaptureTime;
  private readonly snapshotName: boolean;
  private readonly deleted: DeletedItems;
  private readonly open = new Map<number, Snapshot>();

  constructor(file: FileContext) {
    this.file = file;
    this.wantsRoles = file.options.entities?.has('IamRole') === true;
    this.plan = planOf(this.wantsRoles);
    this.deleted = new DeletedItems(file.sink);
    const named = configSnapshotTime(file.path);
    this.snapshotName = named !== null;
    this.snapshotTime = file.captureTime(named);
  }

  element(element: JsonElement): void {
    const snapshot = this.snapshotOf(element);
    const type = stringField(element, 'resourceType');
    const isRole = type === 'AWS::IAM::Role' || element.repeated.includes('resourceType');
    const doubt = isRole || element.type !== 'object' ? null : doubtOfType(type, stringField(element, 'ARN'));
    if (doubt !== null) {
      this.file.sink.reject(element, doubt.code, doubt.message);
      if (snapshot !== null) snapshot.lost = true;
      return;
    }
    if (type === CONFIG_POLICY && !isRole) this.policy(element, snapshot);
    if (!isRole && element.type === 'object') {
      const owner = stringField(element, 'awsAccountId');
      if (snapshot !== null && owner !== null && /^\d{12}$/.test(owner)) count(snapshot, owner, 0);
      return;
    }
    const status = CONFIG_STATUS.get(stringField(element, 'configurationItemStatus') ?? 'OK');
    if (status === undefined) {
      const written = excerpt(stringField(element, 'configurationItemStatus') ?? '');
      this.file.sink.reject(element, 'status-unknown', `AWS Config defines no status \`${written}\``);
      if (snapshot !== null) snapshot.lost = true;
      return;
    }
    // Some tools keep the configuration as the API writes it, as JSON in a string.
    const item = expandField(element, 'configuration', insideOf(this.wantsRoles));
    const arn = stringField(item, 'ARN') ?? stringField(item, 'configuration/arn');
    this.deleted.seen(arn, stringField(item, 'resourceId'));
    if (arn !== null || status !== 'deleted') this.role(item, arn, snapshot, status);
    else {
      const owner = readAccount(this.file.sink, item.fields.get('awsAccountId'));
      this.deleted.wait(item, owner, (found) => this.role(withArn(item, found), found, snapshot, status));
    }
  }

  /** A managed policy, unless it is gone. */
  private policy(element: JsonElement, snapshot: Snapshot | null): void {
    const status = CONFIG_STATUS.get(stringField(element, 'configurationItemStatus') ?? 'OK');
    const arn = stringField(element, 'ARN');
    if (status !== 'live' || arn === null || element.repeated.length > 0) return;
    const written = normaliseTime(stringField(element, 'configurationItemCaptureTime') ?? '');
    const time = snapshot === null ? this.file.captureTime(written) : this.snapshotTime;
    const version = configVersion(written, element.fields.get('configurationStateId'));
    this.file.sink.policy({ arn, capturedAt: time.at, version, offset: element.offset });
  }

  private role(
    element: JsonElement,
    arn: string | null,
    snapshot: Snapshot | null,
    status: RoleRecord['status'],
  ): void {
    const written = normaliseTime(stringField(element, 'configurationItemCaptureTime') ?? '');
    const time = snapshot === null ? this.file.captureTime(written) : this.snapshotTime;
    const version = configVersion(written, element.fields.get('configurationStateId'));
    const result = addRole(this.file.sink, element, [CONFIG_TRUST, 'configuration', ...CONFIG_DETAILS], {
      arn,
      roleId: stringField(element, 'resourceId'),
      trust: trustOf(element, status),
      status,
      time,
      version,
    });
    if (result.account === null) {
      if (snapshot !== null && result.code !== 'not-a-role') snapshot.lost = true;
      return;
    }
    const { sink } = this.file;
    checkAccount(sink, element, readAccount(sink, element.fields.get('awsAccountId')), result.account);
    if (this.wantsRoles) {
      const mapping = itemMapping(element);
      addEntity(this.file.sink, 'IamRole', element, { time, owner: null, version, status }, mapping);
    }
    if (snapshot === null) this.capture(result.account, time, 'changes-only');
    else count(snapshot, result.account, status === 'not-recorded' ? 0 : 1);
  }

  private capture(account: string, time: CaptureTime, reason: DataProblem | null): void {
    this.file.sink.captures.add(account, time, reason);
    if (this.wantsRoles) this.file.sink.capturesOf('IamRole').add(account, time, reason);
  }

  /** A document with a snapshot id, or in a file named as one, is a snapshot; others hold changes. */
  private snapshotOf(element: JsonElement): Snapshot | null {
    const { facts } = element;
    if (!facts.has('configSnapshotId') && (facts.has('fileVersion') || !this.snapshotName)) return null;
    let snapshot = this.open.get(element.scope);
    if (snapshot === undefined) {
      snapshot = { roles: new Map(), lost: false };
      this.open.set(element.scope, snapshot);
    }
    return snapshot;
  }

  readonly detailColumns = ['configuration'];

  detail(element: unknown): RoleDetail {
    return configRoleDetail(element);
  }

  policyText(element: unknown): string | null {
    return configPolicyText(element);
  }

  scopeEnd(end: ScopeEnd): void {
    this.deleted.flush();
    const snapshot = this.open.get(end.scope);
    this.open.delete(end.scope);
    const isWhole = snapshot !== undefined && !snapshot.lost && [...snapshot.roles.values()].every(Boolean);
    this.file.sink.endPolicies(isWhole);
    if (snapshot !== undefined) this.close(snapshot, false);
    else if (end.facts.has('configSnapshotId') && end.counts.get(0) === 0) {
      this.file.sink.problem('no-iam-recorded', 'the snapshot is empty');
    }
  }

  end(): void {
    this.deleted.flush();
    this.file.sink.endPolicies(false);
    for (const snapshot of this.open.values()) this.close(snapshot, true);
  }

  private close(snapshot: Snapshot, truncated: boolean): void {
    const { sink } = this.file;
    for (const [account, roles] of snapshot.roles) {
      if (truncated) {
        this.capture(account, this.snapshotTime, 'truncated');
      } else if (roles === 0) {
        this.capture(account, this.snapshotTime, 'no-iam-recorded');
        sink.problem(
          'no-iam-recorded',
          `the snapshot holds no IAM role of account ${account}: its recorder leaves global resources out, or another region records them`,
        );
      } else {
        this.capture(account, this.snapshotTime, snapshot.lost ? 'records-rejected' : null);
      }
    }
    if (snapshot.lost) sink.problem('records-rejected', 'role items were rejected, so roles may be missing');
  }
}

function trustOf(element: JsonElement, status: RoleRecord['status']): TrustPolicy {
  if (status !== 'live') return { state: 'missing' };
  // The fields below `configuration` are handed out only when it is an object.
  const whole = element.fields.get('configuration');
  if (element.repeated.includes('configuration')) return trustField(element, 'configuration');
  if (whole !== undefined && whole !== 'null' && whole !== '"null"') {
    return { state: 'undecodable', reason: 'the configuration of the item is not an object' };
  }
  return trustField(element, CONFIG_TRUST);
}

/** The item as it would be with the ARN that other items tell. */
function withArn(element: JsonElement, arn: string | null): JsonElement {
  if (arn === null) return element;
  return { ...element, fields: new Map([...element.fields, ['ARN', JSON.stringify(arn)]]) };
}

function count(snapshot: Snapshot, account: string, roles: number): void {
  snapshot.roles.set(account, (snapshot.roles.get(account) ?? 0) + roles);
}
