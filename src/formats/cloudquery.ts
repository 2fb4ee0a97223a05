import type { JsonElement, ReadPlan } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import { restoreAthenaKeys } from './athena-keys.ts';
import type { FileContext, Format, FormatSession } from './format.ts';
import type { TrustPolicy } from './record.ts';
import { addRole, stringField, trustField } from './role.ts';
import { excerpt } from './role-arn.ts';
import { normaliseTime } from './times.ts';

const TRUST = 'assume_role_policy_document';

/**
 * CloudQuery's table `aws_iam_roles` as its file destinations write it: one JSON object per line
 * (https://hub.cloudquery.io/plugins/source/cloudquery/aws/latest/tables/aws_iam_roles), or gathered in an
 * array. A destination that only appends holds several syncs: each `_cq_sync_time` is a capture of its own.
 */
export const cloudquery: Format = {
  id: 'cloudquery',
  title: 'CloudQuery table aws_iam_roles',
  detect: ({ documents }) =>
    documents.some(
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
  private lost = false;

  constructor(file: FileContext) {
    this.file = file;
    this.plan = {
      sources: [
        {
          at: [],
          shape: 'list',
          fields: [['account_id'], ['arn'], ['role_id'], [TRUST], ['_cq_sync_time']],
        },
      ],
      facts: [],
      framing: file.sketch.lines ? 'lines' : 'stream',
    };
  }

  element(element: JsonElement): void {
    const synced = normaliseTime(stringField(element, '_cq_sync_time') ?? '');
    const time = this.file.captureTime(synced);
    const result = addRole(this.file.sink, element, [TRUST], {
      arn: stringField(element, 'arn'),
      roleId: stringField(element, 'role_id'),
      trust: this.restore(trustField(element, TRUST)),
      status: 'live',
      time,
      version: '',
    });
    if (result.account === null) {
      this.lost ||= result.code !== 'not-a-role';
      return;
    }
    this.checkAccount(element, result.account);
    this.file.sink.captures.add(result.account, time);
  }

  private restore(trust: TrustPolicy): TrustPolicy {
    if (trust.state !== 'document') return trust;
    const { text, restored } = restoreAthenaKeys(trust.text);
    if (restored) {
      this.file.sink.problem(
        'keys-restored',
        'condition keys have `_` where IAM has `:` or `/` (option `athena` of the S3 destination) and were restored; in names of tags `_` may stand for another character',
      );
    }
    return { state: 'document', text };
  }

  private checkAccount(element: JsonElement, account: string): void {
    const written = stringField(element, 'account_id');
    if (written === null || written === account) return;
    this.file.sink.problem(
      'account-mismatch',
      `the row at offset ${element.offset} names account \`${excerpt(written)}\`, its ARN account ${account}, which was used`,
    );
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    const { sink } = this.file;
    // Rows of all accounts are mixed, so a row that was lost may belong to any of them.
    if (missing !== null) sink.captures.flawAll(missing);
    if (this.lost) {
      sink.captures.flawAll('records-rejected');
      sink.problem('records-rejected', 'rows were rejected, so roles may be missing');
    }
  }
}
