import type { Truth } from '../../iam/conditions/truth.ts';
import type { Principal } from '../../iam/principals.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import { type Caller, principalCovers } from './caller.ts';

/**
 * Finds the few principals of a list that can stand for a caller without looking at the others, so that the work on a
 * policy grows with the number of its principals and not with the square of it.
 */
export class PrincipalIndex {
  private readonly byKey = new Map<string, Principal[]>();

  constructor(principals: readonly Principal[]) {
    const known = new Set<string>();
    for (const principal of principals) {
      const key = keyOf(principal);
      // The same text twice says the same twice.
      const name = `${key} ${principal.text}`;
      if (key === null || known.has(name)) continue;
      known.add(name);
      const group = this.byKey.get(key);
      if (group === undefined) this.byKey.set(key, [principal]);
      else group.push(principal);
    }
  }

  get keys(): Iterable<string> {
    return this.byKey.keys();
  }

  /** What the principals say of the caller; of those left out each says `no`. */
  truths(caller: Caller): readonly Truth[] {
    return keysOf(caller).flatMap((key) =>
      (this.byKey.get(key) ?? []).map((principal) => principalCovers(principal, caller)),
    );
  }
}

const indexes = new WeakMap<Statement, PrincipalIndex>();

/** The index of a statement's principals, made once. */
export function principalIndex(statement: Statement): PrincipalIndex {
  let index = indexes.get(statement);
  if (index === undefined) {
    index = new PrincipalIndex(statement.principals);
    indexes.set(statement, index);
  }
  return index;
}

/** Finds the statements whose Principal or NotPrincipal element can take a caller in. */
export class StatementIndex {
  private readonly everybody: Statement[] = [];
  private readonly byKey = new Map<string, Statement[]>();
  private readonly known = new WeakMap<Caller, readonly Statement[]>();

  constructor(statements: readonly Statement[]) {
    for (const statement of statements) {
      if (statement.exceptPrincipals) {
        this.everybody.push(statement);
        continue;
      }
      for (const key of principalIndex(statement).keys) {
        const group = this.byKey.get(key);
        if (group === undefined) this.byKey.set(key, [statement]);
        else group.push(statement);
      }
    }
  }

  /** In the order of the policy; others do not name the caller. */
  naming(caller: Caller): readonly Statement[] {
    let naming = this.known.get(caller);
    if (naming === undefined) {
      naming = this.look(caller);
      this.known.set(caller, naming);
    }
    return naming;
  }

  private look(caller: Caller): readonly Statement[] {
    const named = new Set(keysOf(caller).flatMap((key) => this.byKey.get(key) ?? []));
    if (named.size === 0) return this.everybody;
    return [...this.everybody, ...named].sort((a, b) => a.index - b.index);
  }
}

/** Null for a principal that stands for no caller. */
function keyOf(principal: Principal): string | null {
  switch (principal.kind) {
    case 'anyone':
      return '*';
    case 'account':
      return `account ${principal.account}`;
    case 'user':
    case 'role':
    case 'federated-user':
      return `arn ${principal.text}`;
    case 'session':
      return `session ${principal.account} ${principal.roleName} ${principal.sessionName}`;
    case 'undefined':
      return principal.account === null ? '?' : `? ${principal.account}`;
    case 'stale':
    case 'service':
    case 'federated':
      return null;
  }
}

/** The keys of the principals that may stand for a caller. */
function keysOf({ account, arn, name, sessionName }: Caller): readonly string[] {
  return [
    '*',
    `account ${account}`,
    `arn ${arn}`,
    `session ${account} ${name} ${sessionName}`,
    '?',
    `? ${account}`,
  ];
}
