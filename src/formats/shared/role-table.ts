import type { DataProblem } from '../../errors.ts';
import type { JsonElement } from '../../json/reader.ts';
import { checkAccount, readAccount } from './accounts.ts';
import type { CaptureTime } from './capture-time.ts';
import type { FileContext } from './format.ts';
import { addRole, type RoleParts } from './role.ts';
import { Wholeness } from './wholeness.ts';

/** What a format has read of one role in a table. */
export interface RoleRow {
  readonly arn: string | null;
  readonly roleId: string | null;
  readonly trust: RoleParts['trust'];
  /** Without it the role is live. */
  readonly status?: RoleParts['status'];
  /** Without it the time of the file. */
  readonly time?: CaptureTime;
  readonly version?: string;
  /** The field with the account's number, as JSON text. */
  readonly account?: string | undefined;
}

/**
 * Takes up the roles of a file that is one table: the rows of all accounts are mixed in it, so a row that is lost may
 * belong to any of them.
 */
export class RoleTable {
  private readonly file: FileContext;
  private readonly reason: DataProblem | null;
  private readonly time: CaptureTime;
  private readonly wholeness: Wholeness;
  private lost = false;

  /**
   * @param reason why no capture is complete; null when the table shows all roles of the accounts in it;
   *   `maybe-filtered` when it does where it shows a service-linked role
   */
  constructor(file: FileContext, reason: DataProblem | null) {
    this.file = file;
    this.reason = reason;
    this.wholeness = new Wholeness(file);
    this.time = file.captureTime(null);
  }

  /**
   * @param trustNames the fields that hold the trust policy; a fault in them spoils the policy, not the record
   * @returns the account; null when the row was rejected
   */
  add(element: JsonElement, trustNames: readonly string[], row: RoleRow): string | null {
    const { sink } = this.file;
    const time = row.time ?? this.time;
    const result = addRole(sink, element, trustNames, {
      arn: row.arn,
      roleId: row.roleId,
      trust: row.trust,
      status: row.status ?? 'live',
      time,
      version: row.version ?? '',
    });
    if (result.account === null) {
      this.lost ||= result.code !== 'not-a-role';
      return null;
    }
    checkAccount(sink, element, readAccount(sink, row.account), result.account);
    if (this.reason !== 'maybe-filtered') sink.captures.add(result.account, time, this.reason);
    else {
      sink.captures.add(result.account, time);
      this.wholeness.role(result.account, time, row.arn ?? '');
    }
    return result.account;
  }

  /** Rejects a row that may have been a role. */
  reject(element: JsonElement, code: DataProblem, message: string): void {
    this.file.sink.reject(element, code, message);
    this.lost = true;
  }

  /** Call once, when all is read. */
  end(missing: 'truncated' | 'records-rejected' | null): void {
    const { sink } = this.file;
    this.wholeness.end([sink.captures]);
    if (missing !== null) sink.captures.flawAll(missing);
    if (!this.lost) return;
    sink.captures.flawAll('records-rejected');
    sink.problem('records-rejected', 'records were rejected, so roles may be missing');
  }
}
