import type { DataProblem } from '../../errors.ts';
import type { JsonElement } from '../../json/reader.ts';
import type { EntityType } from '../../model/record.ts';
import type { CaptureTime } from '../shared/capture-time.ts';
import { addEntity } from '../shared/entity.ts';
import type { Sink } from '../shared/sink.ts';

/** What the lists of authorization details hold, in the order of the plan's sources. */
export const LISTED_TYPES: readonly EntityType[] = ['IamRole', 'IamUser', 'IamGroup', 'IamPolicy'];
export const ROLES = 0;
export const POLICIES = 3;

/** Characters of elements that may wait for a page's end. */
const MAX_WAITING = 16_000_000;

/** Users, groups and policies of one page of authorization details, as far as rules judge them. */
export class PageEntities {
  /** Types of which elements could not be judged. */
  readonly lost = new Set<EntityType>();
  /** Policies of AWS whose account is not known yet. */
  private readonly waiting: JsonElement[] = [];
  private waitingSize = 0;

  /** @param accounts those that the page is of, as far as is known */
  add(
    sink: Sink,
    type: EntityType,
    element: JsonElement,
    time: CaptureTime,
    accounts: readonly string[],
  ): void {
    const isShared = /^"arn:[a-z0-9-]+:iam::aws:/.test(element.fields.get('Arn') ?? '');
    if (isShared && accounts.length !== 1) {
      // AWS's own policies name no account: which one they were found in is known at the page's end.
      this.waiting.push(element);
      this.waitingSize += 1000 + sizeOf(element);
      if (this.waitingSize > MAX_WAITING) {
        this.waiting.length = 0;
        this.lost.add(type);
      }
      return;
    }
    const owner = isShared ? (accounts[0] ?? null) : null;
    if (addEntity(sink, type, element, { time, owner }) === null) this.lost.add(type);
  }

  /** Call at the page's end: policies of AWS belong to the account whose page they are on. */
  settle(sink: Sink, time: CaptureTime, accounts: readonly string[]): void {
    const [first = null] = accounts;
    const owner = accounts.length === 1 ? first : null;
    for (const element of this.waiting) {
      const type = LISTED_TYPES[element.source] as EntityType;
      if (addEntity(sink, type, element, { time, owner }) === null) this.lost.add(type);
    }
    this.waiting.length = 0;
  }
}

/** What the pages of one account say of its entities. */
export class AccountEntities {
  /** The lists, by source, that its pages hold. */
  private readonly lists = new Set<number>();
  /** Users, groups and policies. */
  private others = 0;
  private readonly lost = new Set<EntityType>();

  /** Of a page that has no end in the file: any of its lists may have been cut. */
  static ofOpenPage(others: number): AccountEntities {
    const entities = new AccountEntities();
    for (const source of LISTED_TYPES.keys()) entities.lists.add(source);
    entities.others = others;
    return entities;
  }

  /** @param counts elements of the page by source */
  take(counts: ReadonlyMap<number, number>, page: PageEntities): void {
    for (const [source, count] of counts) {
      this.lists.add(source);
      if (source !== ROLES) this.others += count;
    }
    for (const type of page.lost) this.lost.add(type);
  }

  /**
   * Notes what the file says of entities other than the trust policies of roles.
   *
   * @param reason why the account is not whole; null when it is
   */
  capture(
    sink: Sink,
    types: ReadonlySet<EntityType>,
    account: string,
    time: CaptureTime,
    reason: DataProblem | null,
  ): void {
    for (const type of types) {
      const source = LISTED_TYPES.indexOf(type);
      // With `--filter` the export has empty lists of what was not asked for.
      if (source !== ROLES && (!this.lists.has(source) || this.others === 0)) continue;
      const lost = this.lost.has(type) ? 'records-rejected' : null;
      sink.capturesOf(type).add(account, time, reason ?? lost);
      if (lost !== null) {
        const message = `elements of type ${type} in account ${account} name no usable ARN, and were not judged`;
        sink.problem('records-rejected', message);
      }
    }
  }
}

function sizeOf(element: JsonElement): number {
  let size = 0;
  for (const text of element.fields.values()) size += text.length;
  return size;
}
