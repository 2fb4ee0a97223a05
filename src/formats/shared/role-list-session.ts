import type { DataProblem } from '../../errors.ts';
import type { JsonElement, ReadPlan, ScopeEnd } from '../../json/reader.ts';
import type { RoleDetail } from '../../model/role-detail.ts';
import { ACCOUNT_FACTS, accountOfPlace } from './accounts.ts';
import type { CaptureTime } from './capture-time.ts';
import type { FileContext, FormatSession } from './format.ts';
import { stringField, trustField } from './role.ts';
import { roleDetailOf } from './role-detail.ts';
import type { RoleKeys } from './role-keys.ts';
import { RoleTable } from './role-table.ts';

const USUAL: RoleKeys = { arn: 'Arn', trust: 'AssumeRolePolicyDocument', roleId: 'RoleId', account: null };

/** Reads rows that are roles, each in the spelling that `keys` tells. */
export class RoleListSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly keys: RoleKeys;
  private readonly rows: RoleTable;
  private readonly time: CaptureTime;

  /** @param reason as RoleTable takes it */
  constructor(file: FileContext, reason: DataProblem, keys: RoleKeys = USUAL, at: readonly string[] = []) {
    this.file = file;
    this.keys = keys;
    this.rows = new RoleTable(file, reason);
    this.time = file.captureTime(null);
    const { arn, trust, roleId, account } = keys;
    const fields = [arn, trust, roleId, account].filter((key) => key !== null).map((key) => [key]);
    this.plan = {
      sources: [{ at, shape: 'list', fields }],
      facts: ACCOUNT_FACTS,
      framing: file.sketch.lines ? 'lines' : 'stream',
    };
  }

  element(element: JsonElement): void {
    const { arn, trust, roleId } = this.keys;
    this.rows.add(element, [trust], {
      arn: stringField(element, arn),
      roleId: roleId === null ? null : stringField(element, roleId),
      trust: trustField(element, trust),
      account: this.accountOf(element) ?? undefined,
    });
  }

  /** The account's number beside the ARN or around the list; a name that somebody gave it says nothing. */
  private accountOf(element: JsonElement): string | null {
    const { account } = this.keys;
    const beside = account === null ? undefined : element.fields.get(account);
    if (beside !== undefined && /^"?\d{1,12}"?$/.test(beside)) return beside;
    return accountOfPlace(this.file.sink, element);
  }

  /** As IAM names it; what a query has given names of its own is not known. */
  detail(element: unknown): RoleDetail {
    return roleDetailOf(element, null);
  }

  /** An account whose list is empty is known by its place alone. */
  scopeEnd(end: ScopeEnd): void {
    const account = end.counts.get(0) === 0 ? accountOfPlace(this.file.sink, end) : null;
    if (account === null) return;
    this.file.sink.captures.add(account, this.time, 'no-roles');
    this.file.sink.problem(
      'no-roles',
      `the list of account ${account} shows no role, which no real account has`,
    );
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}
