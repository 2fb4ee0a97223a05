import type { JsonElement } from '../../json/reader.ts';
import { excerpt, parseRoleArn } from '../../model/role-arn.ts';
import { stringField } from './role.ts';
import type { Sink } from './sink.ts';

/** What is remembered of a file's roles, and how many deleted items wait for its end. */
const MAX_REMEMBERED = 50_000;
const MAX_WAITING = 10_000;
/** No role's ARN is longer. */
const MAX_ARN = 2048;
const MAX_SEEN_LATELY = 2 * MAX_REMEMBERED;
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
const NAME = /^[\w+=,.@-]{1,64}$/;

interface Waiting {
  readonly element: JsonElement;
  readonly account: string | null;
  /** Takes up the item; `arn` is null when nothing tells the role. */
  readonly give: (arn: string | null) => void;
}

/**
 * Tells the ARN of items that only say that a role is gone: by the role's unique id, then by name and account, as other
 * items of the file have them; otherwise as that of a role without a path, with a note.
 */
export class DeletedItems {
  private readonly sink: Sink;
  private readonly byId = new Map<string, string>();
  private readonly byName = new Map<string, string>();
  private partition = 'aws';
  private waiting: Waiting[] = [];
  /** Items that were seen, alternately an ARN and an id: few files ask for them, so they are taken apart when one does. */
  private seenLately: (string | null)[] = [];

  constructor(sink: Sink) {
    this.sink = sink;
  }

  /** An item of the file that has both. */
  seen(arn: string | null, roleId: string | null): void {
    if (arn === null || arn.length > MAX_ARN) return;
    this.seenLately.push(arn, roleId);
    if (this.seenLately.length >= MAX_SEEN_LATELY) this.takeApart();
  }

  private takeApart(): void {
    const { seenLately } = this;
    this.seenLately = [];
    for (let at = 0; at < seenLately.length; at += 2)
      this.remember(seenLately[at] ?? null, seenLately[at + 1] ?? null);
  }

  private remember(arn: string | null, roleId: string | null): void {
    const parsed = parseRoleArn(arn);
    if (!parsed.ok || arn === null) return;
    this.partition = parsed.arn.partition;
    if (this.byName.size >= MAX_REMEMBERED) return;
    if (roleId !== null) this.byId.set(roleId, arn);
    this.byName.set(nameKey(parsed.arn.account, parsed.arn.roleName), arn);
  }

  /** A deleted item without ARN; `give` is called by `flush`. */
  wait(element: JsonElement, account: string | null, give: Waiting['give']): void {
    this.waiting.push({ element, account, give });
    if (this.waiting.length >= MAX_WAITING) this.flush();
  }

  /** Call at the end of what belongs together. */
  flush(): void {
    const waiting = this.waiting;
    this.waiting = [];
    if (waiting.length > 0) this.takeApart();
    for (const { element, account, give } of waiting) give(this.arnOf(element, account));
  }

  private arnOf(element: JsonElement, account: string | null): string | null {
    const known = this.byId.get(stringField(element, 'resourceId') ?? '');
    if (known !== undefined) return known;
    const name = stringField(element, 'resourceName');
    if (name === null || account === null || !/^\d{12}$/.test(account)) return null;
    const named = this.byName.get(nameKey(account, name));
    if (named !== undefined) return named;
    if (!NAME.test(name)) return null;
    const arn = `arn:${this.partition}:iam::${account}:role/${name}`;
    this.sink.problem(
      'arn-from-name',
      `the item of the deleted role \`${excerpt(name)}\` has no ARN, and no other item of the file tells it; it was taken to be \`${excerpt(arn)}\``,
    );
    return arn;
  }
}

function nameKey(account: string, name: string): string {
  return `${account} ${name}`;
}
