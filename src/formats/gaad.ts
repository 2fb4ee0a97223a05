import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import type { CaptureTime } from './capture-time.ts';
import type { FileContext, Format, FormatSession } from './format.ts';
import { addRole, stringField, trustField } from './role.ts';
import { accountOfArn } from './role-arn.ts';

const TRUST = 'AssumeRolePolicyDocument';
const ROLES = 0;

const PLAN: ReadPlan = {
  sources: [
    { at: ['RoleDetailList'], shape: 'list', fields: [['Arn'], ['RoleId'], ['PolicyName'], [TRUST]] },
    // Of these only the account is of interest: a page may hold no role.
    { at: ['UserDetailList'], shape: 'list', fields: [['Arn']] },
    { at: ['GroupDetailList'], shape: 'list', fields: [['Arn']] },
    { at: ['Policies'], shape: 'list', fields: [['Arn']] },
  ],
  facts: ['IsTruncated', 'Marker', 'NextToken'],
  framing: 'stream',
};

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
  /** Rejected records that may have been roles. */
  lost: number;
}

interface Account {
  roles: number;
  lost: number;
  /** The account's last page says that another one follows. */
  nextPage: boolean;
}

class GaadSession implements FormatSession {
  readonly plan = PLAN;
  private readonly file: FileContext;
  private readonly time: CaptureTime;
  private readonly open = new Map<number, Page>();
  private readonly accounts = new Map<string, Account>();
  /** The accounts that the page before left unfinished. */
  private unfinished: readonly string[] = [];

  constructor(file: FileContext) {
    this.file = file;
    this.time = file.captureTime(null);
  }

  element(element: JsonElement): void {
    let page = this.open.get(element.scope);
    if (page === undefined) {
      page = emptyPage();
      this.open.set(element.scope, page);
    }
    if (element.source === ROLES) {
      this.role(element, page);
      return;
    }
    const account = accountOfArn(stringField(element, 'Arn'));
    if (account !== null) page.others.add(account);
  }

  private role(element: JsonElement, page: Page): void {
    // Some tools append managed policies to the list of roles.
    if (element.fields.has('PolicyName') && !element.fields.has('Arn')) {
      this.file.sink.reject(element, 'not-a-role', 'the record is a policy');
      return;
    }
    const result = addRole(this.file.sink, element, [TRUST], {
      arn: stringField(element, 'Arn'),
      roleId: stringField(element, 'RoleId'),
      trust: trustField(element, TRUST),
      status: 'live',
      time: this.time,
      version: '',
    });
    if (result.account !== null) {
      page.roles.set(result.account, (page.roles.get(result.account) ?? 0) + 1);
    } else if (result.code !== 'not-a-role') {
      page.lost++;
    }
  }

  scopeEnd(end: ScopeEnd): void {
    if (end.counts.size === 0) return;
    const page = this.open.get(end.scope) ?? emptyPage();
    this.open.delete(end.scope);
    const nextPage = hasNextPage(end.facts);
    const accounts = this.accountsOf(page);
    if (accounts.length === 0 && page.lost === 0) {
      this.file.sink.problem(
        'no-roles',
        'a document shows neither a role nor an account; name it with `--account`',
      );
    }
    for (const id of accounts) {
      const account = this.accounts.get(id) ?? { roles: 0, lost: 0, nextPage: false };
      this.accounts.set(id, account);
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
    if (this.unfinished.length > 0) return this.unfinished;
    return this.file.options.account === null ? [] : [this.file.options.account];
  }

  end(): void {
    const { sink } = this.file;
    // What is still open has no end in the file.
    for (const page of this.open.values()) {
      for (const id of this.accountsOf(page)) sink.captures.add(id, this.time, 'truncated');
    }
    for (const [id, account] of this.accounts) {
      if (account.nextPage) {
        sink.captures.add(id, this.time, 'next-page-missing');
        sink.problem(
          'next-page-missing',
          `the last page of account ${id} says that another one follows; export without \`--max-items\` and \`--no-paginate\``,
        );
      } else if (account.lost > 0) {
        sink.captures.add(id, this.time, 'records-rejected');
        sink.problem('records-rejected', `records of account ${id} were rejected, so roles may be missing`);
      } else if (account.roles === 0) {
        sink.captures.add(id, this.time, 'no-roles');
        sink.problem(
          'no-roles',
          `the export of account ${id} shows no role, which no real account has; export without \`--filter\``,
        );
      } else {
        sink.captures.add(id, this.time);
      }
    }
  }
}

function emptyPage(): Page {
  return { roles: new Map(), others: new Set(), lost: 0 };
}

function hasNextPage(facts: ReadonlyMap<string, string>): boolean {
  if (facts.get('IsTruncated') === 'true' || isToken(facts.get('NextToken'))) return true;
  return !facts.has('IsTruncated') && isToken(facts.get('Marker'));
}

function isToken(text: string | undefined): boolean {
  return text !== undefined && text !== 'null' && text !== '""' && text !== 'false';
}
