import { PRINCIPAL_ACCOUNT, RESOURCE_ACCOUNT } from '../../iam/conditions/keys.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import { ANY_RUN } from '../../iam/glob.ts';
import { principalArnGrammar } from '../../iam/grammars.ts';
import { valueClasses } from '../../iam/language.ts';
import type { Budget, Matcher } from '../../iam/matcher.ts';
import { resolvePattern } from '../../iam/pattern.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import { isAccountId, splitArn } from '../../model/arn.ts';
import { STRANGER_ACCOUNTS } from '../strangers.ts';
import { type Caller, callerFromArn, distinctCallers } from './caller.ts';
import type { Membership } from './membership.ts';
import { NamedRoles } from './named-roles.ts';
import { type CallerTemplate, callerPatterns } from './patterns.ts';
import { PlainCallers } from './plain-callers.ts';

/** The callers one principal admits, one of each kind that the policy can tell apart. */
export interface Callers {
  readonly callers: readonly Caller[];
  readonly exhaustive: boolean;
}

const TOO_MANY: Callers = { callers: [], exhaustive: false };
/** The name of a session where any will do. */
export const FRESH_SESSION = 'session';
/** Rounds in which members are told from others; patterns that need more are written to break the search. */
const APART_LIMIT = 16;
/** Patterns with variables, times the accounts that are put into them. */
const FILLED_LIMIT = 20_000;
/** Steps of the budget that an ARN without patterns counts for. */
const PLAIN_ARN = 20;

/** The role that a trust policy belongs to, as far as the policy's meaning hangs on it. */
export interface RoleOfPolicy {
  /** 12 digits. */
  readonly account: string;
  readonly partition: string;
}

/** Finds the users and roles of other accounts that the patterns of one policy can tell apart, one of each kind. */
export class CallerClasses {
  private readonly own: string;
  private readonly partition: string;
  /** The roles that the policy names as principals. */
  readonly namedRoles: NamedRoles;
  private readonly freshAccount: string;
  /** Accounts the policy names, without the own one, and a stranger first. */
  private readonly accountsNamed: readonly string[];
  /** None where they have told all that there is. */
  private readonly matchers: readonly Matcher[];
  /** Values with policy variables: filled in per account. */
  private readonly templates: readonly CallerTemplate[];
  private readonly tellsPaths: boolean;
  /** False when the policy has more patterns than are told apart. */
  private readonly tellsAll: boolean;
  /** Null where patterns have wildcards or variables, or are not all told apart. */
  private readonly plain: PlainCallers | null;
  /** Names of sessions that the policy names, by account and role name. */
  private readonly sessions = new Map<string, string[]>();
  private readonly budget: Budget;
  private readonly membership: Membership | null;
  private readonly conditions: readonly Condition[];
  private readonly byAccountAndRole = new Map<string, Callers>();

  /** `statements`: those that say something of the actions at hand; `all`: every statement of the policy. */
  constructor(
    { account: own, partition }: RoleOfPolicy,
    statements: readonly Statement[],
    all: readonly Statement[],
    policyText: string,
    budget: Budget,
    membership: Membership | null,
  ) {
    this.budget = budget;
    this.membership = membership;
    this.conditions = statements.flatMap(({ conditions }) => conditions);
    this.own = own;
    this.partition = partition;
    this.namedRoles = new NamedRoles(all, partition);
    this.freshAccount = freshAccount(
      (account) => account !== own && !policyText.includes(account) && membership?.isMember(account) !== true,
    );
    const { matchers, templates, tellsPaths, exhaustive } = callerPatterns(statements);
    this.tellsPaths = tellsPaths;
    this.tellsAll = exhaustive;
    this.templates = templates;
    this.plain = templates.length === 0 && exhaustive ? PlainCallers.of(matchers) : null;
    this.accountsNamed = accountsNamed(matchers, own, this.freshAccount);
    this.matchers = this.plain === null || membership !== null ? matchers : [];
    for (const principal of statements.flatMap((statement) => statement.principals)) {
      if (principal.kind !== 'session') continue;
      const key = sessionsKey(principal.account, principal.roleName);
      const names = this.sessions.get(key) ?? [];
      this.sessions.set(key, names);
      names.push(principal.sessionName);
    }
  }

  /** One caller per combination of the policy's patterns that some user or role of the account can show. */
  of(account: string | null, roleName: string | null = null): Callers {
    const key = account !== null && roleName === null ? account : `${account} ${roleName}`;
    const known = this.byAccountAndRole.get(key);
    if (known !== undefined) return known;
    const found =
      account === null
        ? this.withMembers(this.findClasses(null, roleName))
        : this.findClasses(account, roleName);
    this.byAccountAndRole.set(key, found);
    return found;
  }

  /** Anybody can be somebody of the own organisation too. */
  private withMembers(strangers: Callers): Callers {
    const { membership } = this;
    if (membership === null) return strangers;
    const { own, partition, matchers, conditions, budget } = this;
    const accounts = membership.representatives(own, partition, matchers, conditions, budget);
    if (accounts === null) return { ...strangers, exhaustive: false };
    const members = accounts.map((account) => this.of(account));
    return {
      callers: distinctCallers([...strangers.callers, ...members.flatMap(({ callers }) => callers)]),
      exhaustive: strangers.exhaustive && members.every(({ exhaustive }) => exhaustive),
    };
  }

  private findClasses(account: string | null, roleName: string | null): Callers {
    if (this.plain === null) {
      const accounts = account === null ? this.accountsNamed : [account];
      if (this.budget.steps < 0 || this.templates.length * accounts.length > FILLED_LIMIT) return TOO_MANY;
      const patterns = [...this.matchers, ...this.filledTemplates(accounts)];
      const { values, exhaustive } = this.enumerateApart(account, patterns, roleName);
      return { callers: this.callersOf(values), exhaustive: exhaustive && this.tellsAll };
    }
    if (account !== null && roleName !== null) {
      const arns = this.plain.roleArnsOf(account, roleName, this.partition);
      return { callers: this.callersOf(arns), exhaustive: true };
    }
    return account === null
      ? this.plainCallers(this.plain, this.accountsNamed)
      : this.isAffordable(this.plain, 1)
        ? new CallersOfAccount(account, this.plainOf)
        : TOO_MANY;
  }

  private callersOf(arns: readonly string[]): readonly Caller[] {
    const callers = arns
      .map((arn) =>
        callerFromArn(arn, splitArn(arn)?.resource.startsWith('user/') ? 'user' : 'role', FRESH_SESSION),
      )
      .filter((caller) => this.namedRoles.mayExist(caller));
    return this.sessionsOf(callers);
  }

  /**
   * As `enumerate`; where an account that stands for many is a member of the organisation by chance, members are told
   * from others, so that one of those is found too.
   */
  private enumerateApart(account: string | null, patterns: readonly Matcher[], roleName: string | null) {
    const { membership } = this;
    let found = this.enumerate(account, patterns, roleName);
    if (account !== null || membership === null) return found;
    const apart = new Set<string>();
    for (let round = 0; found.exhaustive; round++) {
      const met = found.values
        .map((arn) => splitArn(arn)?.account ?? '')
        .filter((one) => membership.isMember(one) && !apart.has(one));
      if (met.length === 0) return found;
      if (round === APART_LIMIT) break;
      for (const one of [...met, ...this.accountsNamed]) if (membership.isMember(one)) apart.add(one);
      const members = [...apart].map((one) => [...one]);
      const told: Matcher = { patterns: members, scope: 'account', ignoreCase: false, arn: false };
      found = this.enumerate(null, [...patterns, told], roleName);
    }
    return { values: found.values, exhaustive: false };
  }

  private enumerate(account: string | null, patterns: readonly Matcher[], roleName: string | null) {
    const matchers = [...patterns, ...this.namedRoles.matchers()];
    const grammar = principalArnGrammar({
      partitions: [this.partition],
      account,
      own: this.own,
      freshAccount: this.freshAccount,
      roleName,
      tellsPaths: this.tellsPaths,
    });
    const found = valueClasses(grammar, matchers, this.budget);
    if (account !== null || this.templates.length === 0) return found;
    // Values with variables are matched per caller, so every account that the policy names gets a turn.
    const perAccount = this.accountsNamed.map((one) =>
      valueClasses(
        principalArnGrammar({
          partitions: [this.partition],
          account: one,
          own: this.own,
          freshAccount: one,
          roleName,
          tellsPaths: this.tellsPaths,
        }),
        matchers,
        this.budget,
      ),
    );
    return {
      values: [...new Set([...found.values, ...perAccount.flatMap((one) => one.values)])],
      exhaustive: found.exhaustive && perAccount.every((one) => one.exhaustive),
    };
  }

  private plainCallers(plain: PlainCallers, accounts: readonly string[]): Callers {
    if (!this.isAffordable(plain, accounts.length)) return TOO_MANY;
    return { callers: this.callersOf(plain.arnsOf(accounts, this.partition)), exhaustive: true };
  }

  private readonly plainOf = (account: string): readonly Caller[] =>
    this.callersOf(this.plain?.arnsOf([account], this.partition) ?? []);

  private isAffordable(plain: PlainCallers, accounts: number): boolean {
    this.budget.steps -= PLAIN_ARN * plain.size * accounts;
    return this.budget.steps >= 0;
  }

  private filledTemplates(accounts: readonly string[]): readonly Matcher[] {
    const matchers: Matcher[] = [];
    for (const { scope, arn, value } of this.templates) {
      const open = value.pattern.map((token) => (typeof token === 'object' ? ANY_RUN : token));
      matchers.push({ patterns: [open], scope, arn, ignoreCase: false });
      for (const account of accounts) {
        const tokens = resolvePattern(value.pattern, (key) =>
          key === PRINCIPAL_ACCOUNT ? account : key === RESOURCE_ACCOUNT ? this.own : null,
        );
        if (tokens !== null) matchers.push({ patterns: [tokens], scope, arn, ignoreCase: false });
      }
    }
    return matchers;
  }

  /** A session ARN elsewhere in the policy tells that session of a role from its others. */
  sessionsOf(callers: readonly Caller[]): readonly Caller[] {
    if (this.sessions.size === 0) return callers;
    const all: Caller[] = [];
    for (const caller of callers) {
      const names = this.sessions.get(sessionsKey(caller.account, caller.name)) ?? [];
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

/** They are made anew each time that they are looked at, because a policy may name very many accounts. */
class CallersOfAccount implements Callers {
  private readonly account: string;
  private readonly make: (account: string) => readonly Caller[];
  readonly exhaustive = true;

  constructor(account: string, make: (account: string) => readonly Caller[]) {
    this.account = account;
    this.make = make;
  }

  get callers(): readonly Caller[] {
    return this.make(this.account);
  }
}

/** Role names hold no blanks. */
function sessionsKey(account: string, roleName: string): string {
  return `${account} ${roleName}`;
}

function accountsNamed(matchers: readonly Matcher[], own: string, fresh: string): readonly string[] {
  const accounts = new Set([fresh]);
  for (const { patterns, scope } of matchers) {
    for (const pattern of patterns) {
      const text = pattern.filter((token) => typeof token === 'string').join('');
      const account = scope === 'account' ? text : scope === 'whole' ? splitArn(text)?.account : null;
      if (account != null && isAccountId(account) && account !== own) accounts.add(account);
    }
  }
  return [...accounts];
}

/** An account that neither owns the role nor is known otherwise. */
function freshAccount(isFresh: (account: string) => boolean): string {
  const stranger = STRANGER_ACCOUNTS.find(isFresh);
  if (stranger !== undefined) return stranger;
  for (let number = 900_000_000_000; ; number++) {
    const account = String(number);
    if (isFresh(account)) return account;
  }
}
