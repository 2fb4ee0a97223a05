import type { RoleColumns, RowRun } from '../../json/reader.ts';
import type { CaptureTime } from './capture-time.ts';
import type { FileCaptures } from './file-captures.ts';
import type { FileContext } from './format.ts';

/**
 * Roles that AWS makes for its services
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html). Every account has one of
 * AWS Support, and hardly any question that leaves roles out lets one of them through.
 */
const SERVICE_LINKED = /^arn:[a-z0-9-]+:iam::\d{12}:role\/aws-service-role\//;
const THEIR_PATH = ':role/aws-service-role/';

/**
 * Tells whether an export that a filter may have cut shows all roles of its accounts: it does when a service-linked role
 * is among them, or the user says so. Known when all is read.
 */
export class Wholeness {
  private readonly file: FileContext;
  /** Captures without a service-linked role so far, and those with one, by account and time. */
  private readonly open = new Map<string, { readonly account: string; readonly time: CaptureTime }>();
  private readonly shown = new Set<string>();
  private last = '';

  constructor(file: FileContext) {
    this.file = file;
  }

  /** One role of the export. */
  role(account: string, time: CaptureTime, arn: string): void {
    const key = `${account} ${time.at}`;
    if (SERVICE_LINKED.test(arn)) this.shown.add(key);
    if (key === this.last) return;
    this.last = key;
    this.open.set(key, { account, time });
  }

  /** Roles of the export, in columns, all of one time. */
  rows(runs: readonly RowRun[], { texts, lengths }: RoleColumns, time: CaptureTime): void {
    for (const { group } of runs) this.role(group.account, time, '');
    let found = texts.indexOf(THEIR_PATH);
    let row = 0;
    let at = 0;
    for (const { group, count } of runs) {
      for (const end = row + count; row < end && found >= 0; row++) {
        const next = at + (lengths[2 * row] as number);
        if (found < next) {
          this.role(group.account, time, texts.slice(at, next));
          found = texts.indexOf(THEIR_PATH, next);
        }
        at = next + (lengths[2 * row + 1] as number);
      }
    }
  }

  /** Call once, when all is read: gives the captures that do not show that they are whole their reason. */
  end(captures: readonly FileCaptures[]): void {
    const { sink, options } = this.file;
    if (options.whole === true) return;
    for (const [key, { account, time }] of this.open) {
      if (this.shown.has(key)) continue;
      for (const one of captures) one.add(account, time, 'maybe-filtered');
      sink.problem(
        'maybe-filtered',
        `the export shows no service-linked role (path \`/aws-service-role/\`) of account ${account}, which every account has: a filter may have left roles out; export all roles, or say \`--whole\` if these are all`,
      );
    }
  }
}
