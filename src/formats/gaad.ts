import type { DataProblem } from '../errors.ts';
import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import { accountOfPlace, checkPlace } from './accounts.ts';
import type { CaptureTime } from './capture-time.ts';
import { addEntity, entityKeys } from './entity.ts';
import type { FileContext, Format, FormatSession } from './format.ts';
import { hasNextPage, PAGE_FACTS } from './pages.ts';
import type { EntityType } from './record.ts';
import { addRole, stringField, trustField } from './role.ts';
import { accountOfArn } from './role-arn.ts';

const TRUST = 'AssumeRolePolicyDocument';
const ROLES = 0;

/** The lists in the order of the plan's sources. */
const TYPES: readonly EntityType[] = ['IamRole', 'IamUser', 'IamGroup', 'IamPolicy'];
/** Fields that do not say which role it is: a fault in them spoils no record. */
const DETAILS: readonly string[] = [TRUST, ...entityKeys('IamRole').filter((key) => key !== TRUST)];

function planOf(entities: ReadonlySet<EntityType>): ReadPlan {
  const whole = (type: EntityType, known: readonly string[]): readonly (readonly string[])[] =>
    [...new Set([...known, ...(entities.has(type) ? entityKeys(type) : [])])].map((key) => [key]);
  return {
    sources: [
      {
        at: ['RoleDetailList'],
        shape: 'list',
        fields: whole('IamRole', ['Arn', 'RoleId', 'PolicyName', TRUST]),
      },
      // Of these only the account is of interest, unless rules judge them: a page may hold no role.
      { at: ['UserDetailList'], shape: 'list', fields: whole('IamUser', ['Arn']) },
      { at: ['GroupDetailList'], shape: 'list', fields: whole('IamGroup', ['Arn']) },
      { at: ['Policies'], shape: 'list', fields: whole('IamPolicy', ['Arn']) },
    ],
    facts: PAGE_FACTS,
    framing: 'stream',
  };
}

/**
 * `aws iam get-account-authorization-details`
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html): one document
 * merged by the AWS CLI, raw pages of an SDK, and any number of both after each other or wrapped in arrays and
 * objects. The CLI decodes the trust policies, SDKs leave them URL-encoded.
 */
export const gaad: Format = {
  id: 'gaad',
  title: 'IAM account authorization details',
  detect: ({ documents }) =>
    documents.some(
      (document) =>
        findObject(
          document,
          (members) =>
            members.has('RoleDetailList') ||
            members.has('UserDetailList') ||
            members.has('GroupDetailList') ||
            holdsManagedPolicies(members),
        ) !== null,
    ),
  open: (file) => new GaadSession(file),
};

function holdsManagedPolicies(members: ReadonlyMap<string, unknown>): boolean {
  const policies = members.get('Policies') as Parameters<typeof findObject>[0] | undefined;
  return (
    policies?.kind === 'array' &&
    findObject(policies, (policy) => policy.has('PolicyVersionList'), 1) !== null
  );
}

/** What one object with the lists says; a page of the API, or all pages merged. */
interface Page {
  /** The number of roles by account. */
  readonly roles: Map<string, number>;
  /** The accounts of users, groups and policies. */
  readonly others: Set<string>;
  /** The account that the page's place names. */
  written: string | null;
  /** Rejected records that may have been roles. */
  lost: number;
  /** Policies of AWS whose account is not known yet. */
  readonly waiting: JsonElement[];
  waitingSize: number;
  /** Types of which elements could not be judged. */
  readonly lostTypes: Set<EntityType>;
}

interface Account {
  roles: number;
  lost: number;
  /** The account's last page says that another one follows. */
  nextPage: boolean;
  /** The lists, by source, that its pages hold. */
  readonly lists: Set<number>;
  /** Users, groups and policies. */
  others: number;
  readonly lostTypes: Set<EntityType>;
}

class GaadSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly entities: ReadonlySet<EntityType>;
  private readonly time: CaptureTime;
  private readonly open = new Map<number, Page>();
  private readonly accounts = new Map<string, Account>();
  /** The accounts that the page before left unfinished. */
  private unfinished: readonly string[] = [];

  constructor(file: FileContext) {
    this.file = file;
    this.entities = file.options.entities ?? new Set();
    this.plan = planOf(this.entities);
    this.time = file.captureTime(null);
  }

  element(element: JsonElement): void {
    let page = this.open.get(element.scope);
    if (page === undefined) {
      page = emptyPage(accountOfPlace(this.file.sink, element));
      this.open.set(element.scope, page);
    }
    if (element.source === ROLES) {
      this.role(element, page);
      return;
    }
    const account = accountOfArn(stringField(element, 'Arn'));
    if (account !== null) page.others.add(account);
    const type = TYPES[element.source];
    if (type !== undefined && this.entities.has(type)) this.entity(type, element, page);
  }

  private entity(type: EntityType, element: JsonElement, page: Page): void {
    if (element.type === 'null') return;
    const { time } = this;
    const accounts = this.accountsOf(page);
    const isShared = /^"arn:[a-z0-9-]+:iam::aws:/.test(element.fields.get('Arn') ?? '');
    if (isShared && accounts.length !== 1) {
      // AWS's own policies name no account: which one they were found in is known at the page's end.
      page.waiting.push(element);
      page.waitingSize += 1000 + sizeOf(element);
      if (page.waitingSize > MAX_WAITING) {
        page.waiting.length = 0;
        page.lostTypes.add(type);
      }
      return;
    }
    const owner = isShared ? (accounts[0] ?? null) : null;
    if (addEntity(this.file.sink, type, element, { time, owner }) === null) page.lostTypes.add(type);
  }

  private role(element: JsonElement, page: Page): void {
    // Some tools append managed policies to the list of roles; they are no records, as those of `Policies` are none.
    if (element.fields.has('PolicyName') && !element.fields.has('RoleId') && !element.fields.has(TRUST)) {
      this.file.sink.problem('not-a-role', 'a managed policy stands among the roles and was skipped');
      return;
    }
    const result = addRole(this.file.sink, element, DETAILS, {
      arn: stringField(element, 'Arn'),
      roleId: stringField(element, 'RoleId'),
      trust: trustField(element, TRUST),
      status: 'live',
      time: this.time,
      version: '',
    });
    if (result.account !== null) {
      page.roles.set(result.account, (page.roles.get(result.account) ?? 0) + 1);
      if (this.entities.has('IamRole')) {
        addEntity(this.file.sink, 'IamRole', element, { time: this.time, owner: null });
      }
    } else if (result.code !== 'not-a-role') {
      page.lost++;
    }
  }

  scopeEnd(end: ScopeEnd): void {
    if (end.counts.size === 0) return;
    const page = this.open.get(end.scope) ?? emptyPage(null);
    this.open.delete(end.scope);
    page.written ??= accountOfPlace(this.file.sink, end);
    const nextPage = hasNextPage(end.facts);
    const accounts = this.accountsOf(page);
    checkPlace(this.file.sink, end.pointer, page.written, accounts);
    this.settleWaiting(page, accounts);
    if (accounts.length === 0 && page.lost === 0) {
      this.file.sink.problem(
        'no-roles',
        'a document shows neither a role nor an account; name it with `--account`',
      );
    } else if (accounts.length === 0) {
      this.file.sink.problem('records-rejected', 'all roles of a document were rejected');
    }
    for (const id of accounts) {
      const account = this.accounts.get(id) ?? emptyAccount();
      this.accounts.set(id, account);
      for (const [source, count] of end.counts) {
        account.lists.add(source);
        if (source !== ROLES) account.others += count;
      }
      for (const type of page.lostTypes) account.lostTypes.add(type);
      account.roles += page.roles.get(id) ?? 0;
      account.lost += page.lost;
      account.nextPage = nextPage;
    }
    this.unfinished = nextPage ? accounts : [];
  }

  /** Policies of AWS belong to the account whose page they are on. */
  private settleWaiting(page: Page, accounts: readonly string[]): void {
    const [owner = null] = accounts;
    for (const element of page.waiting) {
      const type = TYPES[element.source] as EntityType;
      const known = accounts.length === 1 ? owner : null;
      const added = addEntity(this.file.sink, type, element, { time: this.time, owner: known });
      if (added === null) page.lostTypes.add(type);
    }
    page.waiting.length = 0;
  }

  /** What the file says of entities other than the trust policies of roles. */
  private captureEntities(id: string, account: Account, reason: DataProblem | null): void {
    for (const type of this.entities) {
      const source = TYPES.indexOf(type);
      // With `--filter` the export has empty lists of what was not asked for.
      if (source !== ROLES && (!account.lists.has(source) || account.others === 0)) continue;
      const lost = account.lostTypes.has(type) ? 'records-rejected' : null;
      this.file.sink.capturesOf(type).add(id, this.time, reason ?? lost);
      if (lost !== null) {
        const message = `elements of type ${type} in account ${id} name no usable ARN, and were not judged`;
        this.file.sink.problem('records-rejected', message);
      }
    }
  }

  /** A page that names no account goes on where the page before it left off. */
  private accountsOf(page: Page): readonly string[] {
    if (page.roles.size > 0) return [...page.roles.keys()];
    if (page.others.size > 0) return [...page.others];
    if (page.written !== null) return [page.written];
    if (this.unfinished.length > 0) return this.unfinished;
    return this.file.options.account === null ? [] : [this.file.options.account];
  }

  end(): void {
    const { sink } = this.file;
    // What is still open has no end in the file.
    for (const page of this.open.values()) {
      const accounts = this.accountsOf(page);
      this.settleWaiting(page, accounts);
      for (const id of accounts) {
        sink.captures.add(id, this.time, 'truncated');
        const whole = { ...emptyAccount(), lists: new Set(TYPES.keys()), others: page.others.size };
        this.captureEntities(id, whole, 'truncated');
      }
    }
    for (const [id, account] of this.accounts) {
      if (account.nextPage) {
        sink.captures.add(id, this.time, 'next-page-missing');
        this.captureEntities(id, account, 'next-page-missing');
        sink.problem(
          'next-page-missing',
          `the last page of account ${id} says that another one follows; export without \`--max-items\` and \`--no-paginate\``,
        );
      } else if (account.lost > 0) {
        sink.captures.add(id, this.time, 'records-rejected');
        this.captureEntities(id, account, 'records-rejected');
        sink.problem('records-rejected', `records of account ${id} were rejected, so roles may be missing`);
      } else if (account.roles === 0) {
        sink.captures.add(id, this.time, 'no-roles');
        this.captureEntities(id, account, 'no-roles');
        sink.problem(
          'no-roles',
          `the export of account ${id} shows no role, which no real account has; export without \`--filter\``,
        );
      } else {
        sink.captures.add(id, this.time);
        this.captureEntities(id, account, null);
      }
    }
  }
}

function emptyPage(written: string | null): Page {
  return {
    written,
    roles: new Map(),
    others: new Set(),
    lost: 0,
    waiting: [],
    waitingSize: 0,
    lostTypes: new Set(),
  };
}

function emptyAccount(): Account {
  return { roles: 0, lost: 0, nextPage: false, lists: new Set(), others: 0, lostTypes: new Set() };
}

/** Characters of elements that may wait for a page's end. */
const MAX_WAITING = 16_000_000;

function sizeOf(element: JsonElement): number {
  let size = 0;
  for (const text of element.fields.values()) size += text.length;
  return size;
}
