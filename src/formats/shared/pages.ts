import type { DataProblem } from '../../errors.ts';
import type { RoleColumns, RowRun, ScopeEnd } from '../../json/reader.ts';
import { ACCOUNT_FACTS, accountOfPlace, checkPlace } from './accounts.ts';
import type { CaptureTime } from './capture-time.ts';
import type { FileContext } from './format.ts';
import { Wholeness } from './wholeness.ts';

/** Of a page, or of a role on it. */
type PagePlace = Pick<ScopeEnd, 'scope' | 'pointer' | 'facts'>;

interface Page {
  /** The number of roles by account. */
  readonly roles: Map<string, number>;
  /** The account that the page's place names. */
  written: string | null;
  lost: number;
}

interface Account {
  roles: number;
  lost: number;
  /** The account's last page says that another one follows. */
  nextPage: boolean;
}

/**
 * Follows a listing whose pages are objects after each other, each of one account or several, and tells which accounts
 * are whole.
 */
export class Pages {
  private readonly file: FileContext;
  private readonly time: CaptureTime;
  private readonly wholeness: Wholeness;
  private readonly open = new Map<number, Page>();
  private readonly accounts = new Map<string, Account>();
  /** The accounts that the page before left unfinished. */
  private unfinished: readonly string[] = [];

  constructor(file: FileContext, time: CaptureTime) {
    this.file = file;
    this.time = time;
    this.wholeness = new Wholeness(file);
  }

  /** A role on a page; its account is null when it was rejected, but may have been a role. */
  role(place: PagePlace, account: string | null, arn: string | null): void {
    const page = this.page(place);
    if (account === null) page.lost++;
    else this.wholeness.role(account, this.time, arn ?? '');
    if (account !== null) page.roles.set(account, (page.roles.get(account) ?? 0) + 1);
  }

  /** Roles on a page, in columns. */
  rows(place: PagePlace, runs: readonly RowRun[], roles: RoleColumns): void {
    const page = this.page(place);
    for (const { group, count } of runs)
      page.roles.set(group.account, (page.roles.get(group.account) ?? 0) + count);
    this.wholeness.rows(runs, roles, this.time);
  }

  /** @param nextPage whether the page says that another one follows */
  pageEnd(end: ScopeEnd, nextPage: boolean): void {
    const page = this.page(end);
    this.open.delete(end.scope);
    page.written ??= accountOfPlace(this.file.sink, end);
    checkPlace(this.file.sink, end.pointer, page.written, page.roles.keys());
    const accounts = this.accountsOf(page);
    if (accounts.length === 0 && page.lost === 0) {
      this.file.sink.problem(
        'no-roles',
        'a page shows neither a role nor an account; name it with `--account`',
      );
    }
    for (const id of accounts) {
      const account = this.accounts.get(id) ?? { roles: 0, lost: 0, nextPage: false };
      this.accounts.set(id, account);
      account.roles += page.roles.get(id) ?? 0;
      account.lost += page.lost;
      account.nextPage = nextPage;
    }
    if (accounts.length === 0 && page.lost > 0) {
      this.file.sink.problem('records-rejected', 'all roles of a page were rejected');
    }
    if (nextPage && accounts.length === 0) {
      this.file.sink.problem('next-page-missing', 'a page without an account says that another one follows');
    }
    this.unfinished = nextPage ? accounts : [];
  }

  /** Call once, when all is read: notes the captures. */
  end(): void {
    const { sink } = this.file;
    // What is still open has no end in the file.
    for (const page of this.open.values()) {
      for (const id of this.accountsOf(page)) sink.captures.add(id, this.time, 'truncated');
    }
    this.wholeness.end([sink.captures]);
    for (const [id, account] of this.accounts) {
      const flaw = flawOf(id, account);
      sink.captures.add(id, this.time, flaw?.code ?? null);
      if (flaw !== null) sink.problem(flaw.code, flaw.message);
    }
  }

  private page(place: PagePlace): Page {
    let page = this.open.get(place.scope);
    if (page === undefined) {
      page = { roles: new Map(), written: accountOfPlace(this.file.sink, place), lost: 0 };
      this.open.set(place.scope, page);
    }
    return page;
  }

  /** A page that names no account goes on where the page before it left off. */
  private accountsOf(page: Page): readonly string[] {
    if (page.roles.size > 0) return [...page.roles.keys()];
    if (page.written !== null) return [page.written];
    if (this.unfinished.length > 0) return this.unfinished;
    return this.file.options.account === null ? [] : [this.file.options.account];
  }
}

/**
 * Why an account whose pages were read is not known to be whole; null when it is.
 *
 * @param advice what to do where no role is shown, put behind the message
 */
export function flawOf(
  id: string,
  account: Account,
  advice = '',
): { readonly code: DataProblem; readonly message: string } | null {
  if (account.nextPage) {
    const message = `the last page of account ${id} says that another one follows; export without \`--max-items\` and \`--no-paginate\``;
    return { code: 'next-page-missing', message };
  }
  if (account.lost > 0) {
    const message = `records of account ${id} were rejected, so roles may be missing`;
    return { code: 'records-rejected', message };
  }
  if (account.roles > 0) return null;
  return {
    code: 'no-roles',
    message: `the export of account ${id} shows no role, which no real account has${advice}`,
  };
}

/** The facts by which an IAM page tells that another one follows, and those around it that name its account. */
const OF_PAGE = ['IsTruncated', 'Marker', 'NextToken'] as const;
export const PAGE_FACTS = [...OF_PAGE, ...ACCOUNT_FACTS] as const;

/** True for what is, or may be, one page of several. */
export function isOnePage(facts: ReadonlyMap<string, string>): boolean {
  return OF_PAGE.some((fact) => facts.has(fact));
}

/**
 * True when a page is not the last one: raw pages have `IsTruncated` and a `Marker`, the AWS CLI writes `NextToken`; each
 * of them alone says so (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html).
 */
export function hasNextPage(facts: ReadonlyMap<string, string>): boolean {
  if (isToken(facts.get('NextToken')) || isToken(facts.get('Marker'))) return true;
  const truncated = facts.get('IsTruncated');
  return truncated !== undefined && !SAYS_NO.has(truncated);
}

/** JSON texts of a `false`, which what was XML before may write as a string; all else may mean that it is true. */
const SAYS_NO: ReadonlySet<string> = new Set(['null', 'false', '"false"', '"False"']);

/** True for a fact, as JSON text, that is a token for the next page. */
export function isToken(text: string | undefined): boolean {
  return text !== undefined && text !== 'null' && text !== '""' && text !== 'false';
}
