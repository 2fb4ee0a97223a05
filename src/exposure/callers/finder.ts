import { grammarAccepts, SESSION_NAME_TEXT } from '../../iam/grammars.ts';
import type { Budget } from '../../iam/matcher.ts';
import { partitionOf } from '../../iam/partitions.ts';
import type { Principal } from '../../iam/principals.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import { splitArn } from '../../model/arn.ts';
import { type Caller, callerFromArn, distinctCallers, looksLike, mayMean } from './caller.ts';
import { CallerClasses, type Callers, FRESH_SESSION, type RoleOfPolicy } from './caller-classes.ts';
import type { Membership } from './membership.ts';
import { SESSION_RESOURCE } from './patterns.ts';
import { PrincipalIndex } from './principal-index.ts';

const NOBODY: Callers = { callers: [], exhaustive: true };

type SessionPrincipal = Extract<Principal, { kind: 'session' }>;

/** Finds the callers of other accounts that the principals of one policy admit. */
export class CallerFinder {
  private readonly role: RoleOfPolicy;
  private readonly classes: CallerClasses;
  private readonly byKey = new Map<string, Callers>();
  private readonly roles = new Map<string, Callers>();

  /**
   * `statements`: those that say something of the actions at hand; `all`: every statement of the policy; `membership`: of
   * the organisation that the role is in, as far as it is known.
   */
  constructor(
    role: RoleOfPolicy,
    statements: readonly Statement[],
    all: readonly Statement[],
    policyText: string,
    budget: Budget,
    membership: Membership | null = null,
  ) {
    this.role = role;
    this.classes = new CallerClasses(role, statements, all, policyText, budget, membership);
  }

  /** Callers that `principal` of an Allow statement admits; nobody for services, deleted and own principals. */
  admittedBy(principal: Principal): Callers {
    const key = keyOf(principal, this.role);
    if (key === null) return NOBODY;
    // These are remembered by account already.
    if (principal.kind === 'account') return this.find(principal);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const found = this.find(principal);
    this.byKey.set(key, found);
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

  private find(principal: Principal): Callers {
    switch (principal.kind) {
      case 'user':
      case 'federated-user':
        return { callers: [callerFromArn(principal.text, principal.kind, null)], exhaustive: true };
      case 'role':
        return {
          callers: this.classes.sessionsOf([callerFromArn(principal.text, 'role', FRESH_SESSION)]),
          exhaustive: true,
        };
      case 'session':
        return this.sessionCallers(principal);
      case 'account':
        return this.classes.of(principal.account);
      case 'undefined': {
        const { callers, exhaustive } = this.classes.of(principal.account);
        if (!principal.glob) return { callers, exhaustive };
        const meant = callers
          .filter((caller) => mayMean(principal, caller.account))
          .map((caller) => inSessionLike(principal.text, caller));
        // Whoever the pattern looks like makes the better witness.
        const likely = meant.filter((caller) => looksLike(principal, caller));
        return { callers: distinctCallers([...likely, ...meant]), exhaustive };
      }
      default:
        return this.classes.of(null);
    }
  }

  /**
   * A session ARN has no path, so the role behind it may have any path, unless some statement names that role as a
   * principal too.
   */
  private sessionCallers(principal: SessionPrincipal): Callers {
    const { account, roleName, sessionName, partition } = principal;
    const named = this.classes.namedRoles.called(account, roleName);
    if (named.size > 0) {
      return { callers: [...named].map((arn) => callerFromArn(arn, 'role', sessionName)), exhaustive: true };
    }
    const { callers, exhaustive } = this.rolesCalled(account, roleName);
    const direct = callerFromArn(`arn:${partition}:iam::${account}:role/${roleName}`, 'role', sessionName);
    const sessions = callers.map((caller) => ({ ...caller, sessionName }));
    return { callers: distinctCallers([direct, ...sessions]), exhaustive };
  }

  /** Each role once, whatever sessions of it the policy names. */
  private rolesCalled(account: string, name: string): Callers {
    const key = `${account} ${name}`;
    let roles = this.roles.get(key);
    if (roles === undefined) {
      const { callers, exhaustive } = this.classes.of(account, name);
      const called = callers.filter((caller) => caller.name === name);
      roles = { callers: [...new Map(called.map((caller) => [caller.arn, caller])).values()], exhaustive };
      this.roles.set(key, roles);
    }
    return roles;
  }
}

/** Null for a principal that stands for nobody of another account: services, deleted and own ones. */
function keyOf(principal: Principal, { account: own, partition }: RoleOfPolicy): string | null {
  if ((partitionOf(principal.text) ?? partition) !== partition) return null;
  switch (principal.kind) {
    case 'anyone':
      return '*';
    case 'account':
      return principal.account === own ? null : principal.account;
    case 'user':
    case 'role':
    case 'federated-user':
    case 'session':
      return principal.account === own ? null : principal.text;
    case 'undefined':
      return principal.account === own ? null : `?${principal.text}`;
    case 'stale':
    case 'service':
    case 'federated':
      return null;
  }
}

/** Does an Allow name anybody who may be of another account? */
export function namesOthers({ principals, exceptPrincipals }: Statement, role: RoleOfPolicy): boolean {
  return exceptPrincipals || principals.some((principal) => keyOf(principal, role) !== null);
}

/** The caller in a session that a session ARN with wildcards looks like, where that is possible. */
function inSessionLike(pattern: string, caller: Caller): Caller {
  const session = SESSION_RESOURCE.exec(splitArn(pattern)?.resource ?? '')?.[2];
  if (caller.kind !== 'role' || session === undefined) return caller;
  const sessionName = session.replaceAll('*', FRESH_SESSION).replaceAll('?', 'x');
  return grammarAccepts(SESSION_NAME_TEXT, sessionName) ? { ...caller, sessionName } : caller;
}
