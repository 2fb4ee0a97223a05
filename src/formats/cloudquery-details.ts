import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import { accountOfArn } from '../model/role-arn.ts';
import type { RoleDetail } from '../model/role-detail.ts';
import { readAccount } from './shared/accounts.ts';
import { inSmallLetters, spelledAsIn } from './shared/any-case.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { stringField, trustField } from './shared/role.ts';
import { roleDetailOf } from './shared/role-detail.ts';
import { RoleTable } from './shared/role-table.ts';
import { SyncTimes } from './shared/sync-times.ts';

const TRUST = 'AssumeRolePolicyDocument';

/**
 * CloudQuery's table `aws_iam_account_authorization_details` as JSON
 * (https://hub.cloudquery.io/plugins/source/cloudquery/aws/latest/tables/aws_iam_account_authorization_details): one row
 * per account, its roles as IAM returns them. Each `_cq_sync_time` is a capture of its own.
 */
export const cloudqueryDetails: Format = {
  id: 'cloudquery-authorization-details',
  title: 'CloudQuery table aws_iam_account_authorization_details',
  detect: (sketch) =>
    inSmallLetters(sketch).documents.some(
      (document) =>
        findObject(
          document,
          (row) => ['array', 'null'].includes(row.get('role_detail_list')?.kind ?? ''),
          1,
        ) !== null,
    ),
  open: (file) => new CloudQueryDetailsSession(file),
};

class CloudQueryDetailsSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: RoleTable;
  private readonly times: SyncTimes;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new RoleTable(file, null);
    this.times = new SyncTimes(file, (element, time) => {
      const arn = stringField(element, 'Arn');
      const account = this.rows.add(element, [TRUST], {
        arn,
        roleId: stringField(element, 'RoleId'),
        trust: trustField(element, TRUST),
        time,
        account: element.facts.get('account_id'),
      });
      return account === null ? null : { account, arn: arn ?? '' };
    });
    this.plan = spelledAsIn(file.sketch, {
      sources: [{ at: ['role_detail_list'], shape: 'list', fields: [['Arn'], ['RoleId'], [TRUST]] }],
      facts: ['_cq_sync_time', 'account_id'],
      framing: file.sketch.lines ? 'lines' : 'stream',
    });
  }

  element(element: JsonElement): void {
    // Keys stand in alphabetical order, so the time comes before the roles.
    const account = accountOfArn(stringField(element, 'Arn'));
    this.times.row(element, element.facts.get('_cq_sync_time'), account);
  }

  detail(element: unknown): RoleDetail {
    return roleDetailOf(element, '');
  }

  scopeEnd(end: ScopeEnd): void {
    if (end.counts.get(0) !== 0) return;
    const { sink, options } = this.file;
    const account = readAccount(sink, end.facts.get('account_id')) ?? options.account;
    sink.problem('no-roles', 'a row shows no role, which no real account has');
    if (account !== null && /^\d{12}$/.test(account)) {
      const time = this.times.timeOf(end.facts.get('_cq_sync_time')) ?? this.file.captureTime(null);
      sink.captures.add(account, time, 'no-roles');
    }
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.times.end([this.file.sink.captures]);
    this.rows.end(missing);
  }
}
