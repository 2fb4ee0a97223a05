import { isAccountId, splitArn } from '../iam/arn.ts';
import { PRINCIPAL_ACCOUNT, RESOURCE_ACCOUNT } from '../iam/condition-keys.ts';
import { ANY_RUN } from '../iam/glob.ts';
import { grammarAccepts, principalArnGrammar, SESSION_NAME_TEXT } from '../iam/grammars.ts';
import { type Budget, type Matcher, valueClasses } from '../iam/language.ts';
import { partitionOf } from '../iam/partitions.ts';
import { resolvePattern } from '../iam/pattern.ts';
import type { Principal } from '../iam/principals.ts';
import type { Statement } from '../iam/trust-policy.ts';
import { type CallerTemplate, callerPatterns, SESSION_RESOURCE } from './caller-matchers.ts';
import { type Caller, callerFromArn, distinctCallers, looksLike, mayMean } from './callers.ts';
import { NamedRoles } from './named-roles.ts';
import { PlainCallers } from './plain-callers.ts';
import { PrincipalIndex } from './principal-index.ts';
import { STRANGER_ACCOUNTS } from './strangers.ts';

type SessionPrincipal = Extract<Principal, { kind: 'session' }>;

/** The callers one principal admits, one of each kind that the policy can tell apart. */
export interface Callers {
  readonly callers: readonly Caller[];
  readonly exhaustive: boolean;
}

const FRESH_SESSION = 'session';
/** Steps of the budget that an ARN without patterns counts for. */
const PLAIN_ARN = 20;

/** The role that a policy is about. */
export interface JudgedRole {
  /** 12 digits. */
  readonly account: string;
  readonly partition: string;
}

/** Finds the callers of other accounts that the principals of one policy admit. */
export class CallerFinder {
  readonly #own: string;
  readonly #partition: string;
  readonly #namedRoles: NamedRoles;
  readonly #freshAccount: string;
  readonly #matchers: readonly Matcher[];
  /** Values with policy variables: filled in per account. */
  readonly #templates: readonly CallerTemplate[];
  readonly #tellsPaths: boolean;
  /** Null where patterns have wildcards or variables. */
  readonly #plain: PlainCallers | null;
  /** Names of sessions that the policy names, by account and role name. */
  readonly #sessions = new Map<string, string[]>();
  readonly #budget: Budget;
  readonly #byKey = new Map<string, Callers>();
  readonly #classesBy = new Map<string, Callers>();

  /** `statements`: those that say something of the actions at hand; `all`: every statement of the policy. */
  constructor(
    { account: own, partition }: JudgedRole,
    statements: readonly Statement[],
    all: readonly Statement[],
    policyText: string,
    budget: Budget,
  ) {
    this.#budget = budget;
    this.#own = own;
    this.#partition = partition;
    this.#namedRoles = new NamedRoles(all, partition);
    this.#freshAccount = freshAccount(own, policyText);
    const { matchers, templates, tellsPaths } = callerPatterns(statements);
    this.#matchers = matchers;
    this.#tellsPaths = tellsPaths;
    this.#templates = templates;
    this.#plain = templates.length === 0 ? PlainCallers.of(matchers) : null;
    for (const principal of statements.flatMap((statement) => statement.principals)) {
      if (principal.kind !== 'session') continue;
      const key = sessionsKey(principal.account, principal.roleName);
      const names = this.#sessions.get(key) ?? [];
      this.#sessions.set(key, names);
      names.push(principal.sessionName);
    }
  }

  /** Callers that `principal` of an Allow statement admits; nobody for services, deleted and own principals. */
  admittedBy(principal: Principal): Callers {
    const key = this.#keyOf(principal);
    if (key === null) return { callers: [], exhaustive: true };
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const found = this.#find(principal);
    this.#byKey.set(key, found);
    return found;
  }

  /** Everybody else, as an Allow with NotPrincipal admits them; `unclear` are those an undefined principal may name. */
  notAmong(principals: readonly Principal[]): {
    readonly outside: readonly Caller[];
    readonly unclear: readonly Caller[];
    readonly exhaustive: boolean;
  } {
    const { callers, exhaustive } = this.admittedBy({ kind: 'anyone', text: '*' });
    const index = new PrincipalIndex(principals);
    const truths = callers.map((caller) => index.truths(caller));
    return {
      exhaustive,
      outside: callers.filter((_, index) => truths[index]?.every((truth) => truth === 'no')),
      unclear: callers.filter(
        (_, index) => truths[index]?.includes('unknown') && !truths[index].includes('yes'),
      ),
    };
  }

  #keyOf(principal: Principal): string | null {
    if ((partitionOf(principal.text) ?? this.#partition) !== this.#partition) return null;
    switch (principal.kind) {
      case 'anyone':
        return '*';
      case 'account':
        return principal.account === this.#own ? null : principal.account;
      case 'user':
      case 'role':
      case 'federated-user':
      case 'session':
        return principal.account === this.#own ? null : principal.text;
      case 'undefined':
        return principal.account === this.#own ? null : `?${principal.text}`;
      case 'stale':
      case 'service':
      case 'federated':
        return null;
    }
  }

  #find(principal: Principal): Callers {
    switch (principal.kind) {
      case 'user':
      case 'federated-user':
        return { callers: [callerFromArn(principal.text, principal.kind, null)], exhaustive: true };
      case 'role':
        return {
          callers: this.#sessionsOf([callerFromArn(principal.text, 'role', FRESH_SESSION)]),
          exhaustive: true,
        };
      case 'session':
        return this.#sessionCallers(principal);
      case 'account':
        return this.#classes(principal.account);
      case 'undefined': {
        const { callers, exhaustive } = this.#classes(principal.account);
        if (!principal.glob) return { callers, exhaustive };
        const meant = callers
          .filter((caller) => mayMean(principal, caller.account))
          .map((caller) => inSessionLike(principal.text, caller));
        // Whoever the pattern looks like makes the better witness.
        const likely = meant.filter((caller) => looksLike(principal, caller));
        return { callers: distinctCallers([...likely, ...meant]), exhaustive };
      }
      default:
        return this.#classes(null);
    }
  }

  /**
   * A session ARN has no path, so the role behind it may have any path, unless some statement names that role as a
   * principal too.
   */
  #sessionCallers(principal: SessionPrincipal): Callers {
    const { account, roleName, sessionName, partition } = principal;
    const named = this.#namedRoles.called(account, roleName);
    if (named.length > 0) {
      return { callers: named.map((arn) => callerFromArn(arn, 'role', sessionName)), exhaustive: true };
    }
    const { callers, exhaustive } = this.#classes(account, roleName);
    const direct = callerFromArn(`arn:${partition}:iam::${account}:role/${roleName}`, 'role', sessionName);
    const sessions = callers
      .filter((caller) => caller.name === roleName)
      .map((caller) => ({ ...caller, sessionName }));
    return { callers: distinctCallers([direct, ...sessions]), exhaustive };
  }

  /** One caller per combination of the policy's patterns that some user or role of the account can show. */
  #classes(account: string | null, roleName: string | null = null): Callers {
    const key = `${account} ${roleName}`;
    const known = this.#classesBy.get(key);
    if (known !== undefined) return known;
    const found = this.#findClasses(account, roleName);
    this.#classesBy.set(key, found);
    return found;
  }

  #findClasses(account: string | null, roleName: string | null): Callers {
    const accounts = account === null ? this.#accountsNamed() : [account];
    const { values, exhaustive } =
      this.#plain === null
        ? this.#enumerate(account, [...this.#matchers, ...this.#filledTemplates(accounts)], roleName)
        : account === null || roleName === null
          ? this.#plainArns(this.#plain, accounts)
          : { values: this.#plain.roleArnsOf(account, roleName, this.#partition), exhaustive: true };
    const callers = values
      .map((arn) =>
        callerFromArn(arn, splitArn(arn)?.resource.startsWith('user/') ? 'user' : 'role', FRESH_SESSION),
      )
      .filter((caller) => this.#namedRoles.mayExist(caller));
    return { callers: this.#sessionsOf(callers), exhaustive };
  }

  #enumerate(account: string | null, patterns: readonly Matcher[], roleName: string | null) {
    const matchers = [...patterns, ...this.#namedRoles.matchers()];
    const grammar = principalArnGrammar({
      partitions: [this.#partition],
      account,
      own: this.#own,
      freshAccount: this.#freshAccount,
      roleName,
      tellsPaths: this.#tellsPaths,
    });
    const found = valueClasses(grammar, matchers, this.#budget);
    if (account !== null || this.#templates.length === 0) return found;
    // Values with variables are matched per caller, so every account that the policy names gets a turn.
    const perAccount = this.#accountsNamed().map((one) =>
      valueClasses(
        principalArnGrammar({
          partitions: [this.#partition],
          account: one,
          own: this.#own,
          freshAccount: one,
          roleName,
          tellsPaths: this.#tellsPaths,
        }),
        matchers,
        this.#budget,
      ),
    );
    return {
      values: [...new Set([...found.values, ...perAccount.flatMap((one) => one.values)])],
      exhaustive: found.exhaustive && perAccount.every((one) => one.exhaustive),
    };
  }

  #plainArns(plain: PlainCallers, accounts: readonly string[]) {
    this.#budget.steps -= PLAIN_ARN * plain.size * accounts.length;
    if (this.#budget.steps < 0) return { values: [], exhaustive: false };
    return { values: plain.arnsOf(accounts, this.#partition), exhaustive: true };
  }

  /** Accounts the policy names, without the own one, and a stranger first. */
  #accountsNamed(): readonly string[] {
    const accounts = new Set([this.#freshAccount]);
    for (const { patterns, scope } of this.#matchers) {
      for (const pattern of patterns) {
        const text = pattern.filter((token) => typeof token === 'string').join('');
        const account = scope === 'account' ? text : scope === 'whole' ? splitArn(text)?.account : null;
        if (account != null && isAccountId(account) && account !== this.#own) accounts.add(account);
      }
    }
    return [...accounts];
  }

  #filledTemplates(accounts: readonly string[]): readonly Matcher[] {
    const matchers: Matcher[] = [];
    for (const { scope, arn, value } of this.#templates) {
      const open = value.pattern.map((token) => (typeof token === 'object' ? ANY_RUN : token));
      matchers.push({ patterns: [open], scope, arn, ignoreCase: false });
      for (const account of accounts) {
        const tokens = resolvePattern(value.pattern, (key) =>
          key === PRINCIPAL_ACCOUNT ? account : key === RESOURCE_ACCOUNT ? this.#own : null,
        );
        if (tokens !== null) matchers.push({ patterns: [tokens], scope, arn, ignoreCase: false });
      }
    }
    return matchers;
  }

  /** A session ARN elsewhere in the policy tells that session of a role from its others. */
  #sessionsOf(callers: readonly Caller[]): readonly Caller[] {
    if (this.#sessions.size === 0) return callers;
    const all: Caller[] = [];
    for (const caller of callers) {
      const names = this.#sessions.get(sessionsKey(caller.account, caller.name)) ?? [];
      if (caller.kind !== 'role' || names.length === 0) {
        all.push(caller);
        continue;
      }
      let fresh = caller.sessionName ?? FRESH_SESSION;
      while (names.includes(fresh)) fresh += 'x';
      all.push(
        { ...caller, sessionName: fresh },
        ...names.map((sessionName) => ({ ...caller, sessionName })),
      );
    }
    return distinctCallers(all);
  }
}

/** Role names hold no blanks. */
function sessionsKey(account: string, roleName: string): string {
  return `${account} ${roleName}`;
}

/** An account that neither owns the role nor occurs in the policy. */
function freshAccount(own: string, policyText: string): string {
  for (const account of STRANGER_ACCOUNTS) {
    if (account !== own && !policyText.includes(account)) return account;
  }
  for (let number = 900_000_000_000; ; number++) {
    const account = String(number);
    if (account !== own && !policyText.includes(account)) return account;
  }
}

/** The caller in a session that a session ARN with wildcards looks like, where that is possible. */
function inSessionLike(pattern: string, caller: Caller): Caller {
  const session = SESSION_RESOURCE.exec(splitArn(pattern)?.resource ?? '')?.[2];
  if (caller.kind !== 'role' || session === undefined) return caller;
  const sessionName = session.replaceAll('*', FRESH_SESSION).replaceAll('?', 'x');
  return grammarAccepts(SESSION_NAME_TEXT, sessionName) ? { ...caller, sessionName } : caller;
}
