import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import { type CaptureTime, configSnapshotTime } from './capture-time.ts';
import type { FileContext, Format, FormatSession } from './format.ts';
import type { RoleRecord, TrustPolicy } from './record.ts';
import { addRole, stringField, trustField } from './role.ts';
import { excerpt } from './role-arn.ts';
import { normaliseTime } from './times.ts';

const TRUST = 'configuration/assumeRolePolicyDocument';

const PLAN: ReadPlan = {
  sources: [
    {
      at: ['configurationItems'],
      shape: 'list',
      fields: [
        ['resourceType'],
        ['resourceId'],
        ['ARN'],
        ['awsAccountId'],
        ['configurationItemStatus'],
        ['configurationItemCaptureTime'],
        ['configurationStateId'],
        ['configuration', 'assumeRolePolicyDocument'],
        ['configuration', 'arn'],
      ],
    },
  ],
  facts: ['fileVersion', 'configSnapshotId'],
  framing: 'stream',
};

// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
const STATUS: ReadonlyMap<string, RoleRecord['status']> = new Map([
  ['OK', 'live'],
  ['ResourceDiscovered', 'live'],
  ['ResourceNotRecorded', 'not-recorded'],
  ['ResourceDeleted', 'deleted'],
  ['ResourceDeletedNotRecorded', 'deleted'],
]);

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

class AwsConfigSession implements FormatSession {
  readonly plan = PLAN;
  private readonly file: FileContext;
  private readonly snapshotTime: CaptureTime;
  private readonly snapshotName: boolean;
  private readonly open = new Map<number, Snapshot>();

  constructor(file: FileContext) {
    this.file = file;
    const named = configSnapshotTime(file.path);
    this.snapshotName = named !== null;
    this.snapshotTime = file.captureTime(named);
  }

  element(element: JsonElement): void {
    const snapshot = this.snapshotOf(element);
    const type = stringField(element, 'resourceType');
    const isRole = type === 'AWS::IAM::Role' || element.repeated.includes('resourceType');
    if (!isRole && element.type === 'object') {
      const owner = stringField(element, 'awsAccountId');
      if (snapshot !== null && owner !== null && /^\d{12}$/.test(owner)) count(snapshot, owner, 0);
      return;
    }
    const status = STATUS.get(stringField(element, 'configurationItemStatus') ?? 'OK');
    if (status === undefined) {
      const written = excerpt(stringField(element, 'configurationItemStatus') ?? '');
      this.file.sink.reject(element, 'status-unknown', `AWS Config defines no status \`${written}\``);
      if (snapshot !== null) snapshot.lost = true;
      return;
    }
    this.role(element, snapshot, status);
  }

  private role(element: JsonElement, snapshot: Snapshot | null, status: RoleRecord['status']): void {
    const written = normaliseTime(stringField(element, 'configurationItemCaptureTime') ?? '');
    const time = snapshot === null ? this.file.captureTime(written) : this.snapshotTime;
    const arn = stringField(element, 'ARN') ?? stringField(element, 'configuration/arn');
    const result = addRole(this.file.sink, element, [TRUST, 'configuration'], {
      arn,
      roleId: stringField(element, 'resourceId'),
      trust: trustOf(element, status),
      status,
      time,
      version: versionOf(written, element.fields.get('configurationStateId')),
    });
    if (result.account === null) {
      if (snapshot !== null && result.code !== 'not-a-role') snapshot.lost = true;
      return;
    }
    this.checkAccount(element, result.account);
    if (snapshot === null) this.file.sink.captures.add(result.account, time, 'changes-only');
    else count(snapshot, result.account, status === 'not-recorded' ? 0 : 1);
  }

  private checkAccount(element: JsonElement, account: string): void {
    const written = stringField(element, 'awsAccountId');
    if (written === null || written === account) return;
    this.file.sink.problem(
      'account-mismatch',
      `the item at offset ${element.offset} names account \`${excerpt(written)}\`, its ARN account ${account}, which was used`,
    );
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

  scopeEnd(end: ScopeEnd): void {
    const snapshot = this.open.get(end.scope);
    this.open.delete(end.scope);
    if (snapshot !== undefined) this.close(snapshot, false);
    else if (end.facts.has('configSnapshotId') && end.counts.get(0) === 0) {
      this.file.sink.problem('no-iam-recorded', 'the snapshot is empty');
    }
  }

  end(): void {
    for (const snapshot of this.open.values()) this.close(snapshot, true);
  }

  private close(snapshot: Snapshot, truncated: boolean): void {
    const { sink } = this.file;
    for (const [account, roles] of snapshot.roles) {
      if (truncated) {
        sink.captures.add(account, this.snapshotTime, 'truncated');
      } else if (roles === 0) {
        sink.captures.add(account, this.snapshotTime, 'no-iam-recorded');
        sink.problem(
          'no-iam-recorded',
          `the snapshot holds no IAM role of account ${account}: its recorder leaves global resources out, or another region records them`,
        );
      } else {
        sink.captures.add(account, this.snapshotTime, snapshot.lost ? 'records-rejected' : null);
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
  return trustField(element, TRUST);
}

/** Sorts as the states of a resource follow each other; the id decides within a millisecond. */
function versionOf(time: string | null, stateId: string | undefined): string {
  const digits = /^"?(\d{1,20})"?$/.exec(stateId ?? '')?.[1] ?? '';
  // With all three digits of the fraction: `...00Z` would sort behind `...00.500Z`.
  const at = time === null ? '' : new Date(time).toISOString();
  return `${at} ${digits.padStart(20, '0')}`;
}

function count(snapshot: Snapshot, account: string, roles: number): void {
  snapshot.roles.set(account, (snapshot.roles.get(account) ?? 0) + roles);
}
