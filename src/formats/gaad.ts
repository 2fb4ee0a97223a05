import type { DataProblem } from '../errors.ts';
import type {
  ElementSource,
  JsonElement,
  JsonRows,
  ReadPlan,
  RoleColumns,
  RowPlan,
  ScopeEnd,
} from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import type { EntityType } from '../model/record.ts';
import { accountOfArn } from '../model/role-arn.ts';
import type { RoleDetail } from '../model/role-detail.ts';
import { AccountEntities, LISTED_TYPES, PageEntities, POLICIES, ROLES } from './parts/listed-entities.ts';
import { accountOfPlace, checkPlace } from './shared/accounts.ts';
import type { CaptureTime } from './shared/capture-time.ts';
import { addEntity, entityKeys } from './shared/entity.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { flawOf, hasNextPage, isOnePage, PAGE_FACTS } from './shared/pages.ts';
import { addRole, rowGroup, stringField, trustField } from './shared/role.ts';
import { defaultVersionOf, roleDetailOf } from './shared/role-detail.ts';

const TRUST = 'AssumeRolePolicyDocument';

/** Fields that do not say which role it is: a fault in them spoils no record. */
const DETAILS: readonly string[] = [TRUST, ...entityKeys('IamRole').filter((key) => key !== TRUST)];

/** @param open null to have every element handed out by itself */
function planOf(entities: ReadonlySet<EntityType>, open: RowPlan['open'] | null, details: boolean): ReadPlan {
  const list = (
    key: string,
    type: EntityType,
    known: readonly string[],
    row: Omit<RowPlan, 'open' | 'group'>,
  ): ElementSource => ({
    at: [key],
    shape: 'list',
    fields: [...new Set([...known, ...(entities.has(type) ? entityKeys(type) : [])])].map((name) => [name]),
    ...(open !== null && { row: { ...row, group: [], open } }),
  });
  const role = { arn: 'Arn', id: 'RoleId', trust: TRUST, none: ['PolicyName'] };
  const other = { arn: 'Arn', none: [] };
  // With an id, rows say where each of them stands.
  const policies = details
    ? {
        ...list('Policies', 'IamPolicy', ['Arn', 'PolicyId'], { ...other, id: 'PolicyId' }),
        ...(!entities.has('IamPolicy') && { aside: true as const }),
      }
    : list('Policies', 'IamPolicy', ['Arn'], other);
  return {
    sources: [
      list('RoleDetailList', 'IamRole', ['Arn', 'RoleId', 'PolicyName', TRUST], role),
      // Of these only the account is of interest, unless rules judge them: a page may hold no role.
      list('UserDetailList', 'IamUser', ['Arn'], other),
      list('GroupDetailList', 'IamGroup', ['Arn'], other),
      policies,
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

/**
 * Roles, users, groups and policies that a raw page has at most
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html): a longer list of roles is
 * not continued on another page.
 */
const MAX_PAGE = 1000;

function rolesOf({ roles }: Page): number {
  let count = 0;
  for (const one of roles.values()) count += one;
  return count;
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
  readonly entities: PageEntities;
}

interface Account {
  roles: number;
  lost: number;
  /** The account's last page says that another one follows. */
  nextPage: boolean;
  readonly entities: AccountEntities;
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
    this.time = file.captureTime(null);
    const inRows = file.options.rows === true && this.entities.size === 0;
    const open = inRows ? (prefix: string) => rowGroup(prefix, this.time) : null;
    this.plan = planOf(this.entities, open, file.options.details === true);
  }

  private pageOf(place: Pick<JsonElement, 'scope' | 'pointer' | 'facts'>): Page {
    let page = this.open.get(place.scope);
    if (page === undefined) {
      page = emptyPage(accountOfPlace(this.file.sink, place));
      this.open.set(place.scope, page);
    }
    return page;
  }

  detail(element: unknown): RoleDetail {
    return roleDetailOf(element, '');
  }

  policyText(element: unknown): string | null {
    return defaultVersionOf(element);
  }

  takeRows(rows: JsonRows): void {
    const page = this.pageOf(rows);
    for (const { group, count } of rows.runs) {
      if (rows.source !== ROLES) page.others.add(group.account);
      else page.roles.set(group.account, (page.roles.get(group.account) ?? 0) + count);
    }
    if (rows.roles === null) return;
    if (rows.source === ROLES) this.file.sink.roles(rows.runs, rows.roles);
    else this.takePolicies(rows.roles, page);
  }

  private takePolicies({ texts, lengths, offsets }: RoleColumns, page: Page): void {
    let at = 0;
    for (const [row, offset] of offsets.entries()) {
      const arnEnd = at + (lengths[2 * row] as number);
      this.policy(texts.slice(at, arnEnd), offset, page);
      at = arnEnd + (lengths[2 * row + 1] as number);
    }
  }

  private policy(arn: string, offset: number, page: Page): void {
    const settled = rolesOf(page) > MAX_PAGE;
    this.file.sink.policy({ arn, capturedAt: this.time.at, version: '', offset, settled });
  }

  element(element: JsonElement): void {
    const page = this.pageOf(element);
    if (element.source === ROLES) {
      this.role(element, page);
      return;
    }
    const arn = stringField(element, 'Arn');
    const account = accountOfArn(arn);
    if (account !== null) page.others.add(account);
    if (element.source === POLICIES && arn !== null && !element.repeated.includes('Arn'))
      this.policy(arn, element.offset, page);
    const type = LISTED_TYPES[element.source];
    if (type === undefined || !this.entities.has(type) || element.type === 'null') return;
    page.entities.add(this.file.sink, type, element, this.time, this.accountsOf(page));
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
    // The roles of a page may have policies of another page.
    const isPage = isOnePage(end.facts) || this.unfinished.length > 0;
    this.file.sink.endPolicies(!isPage && page.roles.size > 0 && page.lost === 0);
    const accounts = this.accountsOf(page);
    checkPlace(this.file.sink, end.pointer, page.written, accounts);
    page.entities.settle(this.file.sink, this.time, accounts);
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
      account.entities.take(end.counts, page.entities);
      account.roles += page.roles.get(id) ?? 0;
      account.lost += page.lost;
      account.nextPage = nextPage;
    }
    this.unfinished = nextPage ? accounts : [];
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
    // What is still open has no end in the file.
    this.file.sink.endPolicies(false);
    for (const page of this.open.values()) {
      const accounts = this.accountsOf(page);
      page.entities.settle(this.file.sink, this.time, accounts);
      for (const id of accounts) this.capture(id, AccountEntities.ofOpenPage(page.others.size), 'truncated');
    }
    for (const [id, account] of this.accounts) {
      const flaw = flawOf(id, account, '; export without `--filter`');
      this.capture(id, account.entities, flaw?.code ?? null);
      if (flaw !== null) this.file.sink.problem(flaw.code, flaw.message);
    }
  }

  private capture(id: string, entities: AccountEntities, reason: DataProblem | null): void {
    this.file.sink.captures.add(id, this.time, reason);
    entities.capture(this.file.sink, this.entities, id, this.time, reason);
  }
}

function emptyPage(written: string | null): Page {
  return { written, roles: new Map(), others: new Set(), lost: 0, entities: new PageEntities() };
}

function emptyAccount(): Account {
  return { roles: 0, lost: 0, nextPage: false, entities: new AccountEntities() };
}
