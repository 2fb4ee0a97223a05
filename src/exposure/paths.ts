import type { Principal } from '../iam/principals.ts';
import type { Statement } from '../iam/trust-policy.ts';
import type { Guard, PathIn } from '../model/exposure.ts';
import type { Caller } from './callers/caller.ts';
import type { Callers } from './callers/caller-classes.ts';
import type { CallerFinder } from './callers/finder.ts';
import type { Membership } from './callers/membership.ts';
import type { AdmittedRequest } from './search/request-space.ts';
import type { RequestSearch } from './search/search.ts';
import type { Certainty } from './statement-scope.ts';

/** A way in, with the request that shows it. */
export interface FoundPath extends Omit<PathIn, 'anyMember'> {
  /** How the path is entered: without a guard when `guards` is empty. */
  readonly request: AdmittedRequest;
  readonly statementObject: Statement;
  readonly principalKind: Principal['kind'];
  /** The request counts on something AWS does not define. */
  readonly undefinedSemantics: boolean;
  /** The account stands for all members of the role's organisation, as `*` stands for anybody. */
  readonly anyMember: boolean;
}

/** One principal of one Allow statement and the callers it admits. */
export interface Entrance {
  readonly statement: Statement;
  /** As written. */
  readonly principal: string;
  readonly kind: Principal['kind'];
  readonly admitted: Callers;
  /** AWS does not define that these callers are meant. */
  readonly uncertain: boolean;
}

/** The entrances of one Allow statement. */
export function entrancesOf(statement: Statement, finder: CallerFinder): readonly Entrance[] {
  if (statement.exceptPrincipals) {
    const principal = `everyone but ${statement.principals.map((except) => except.text).join(', ')}`;
    const { outside, unclear, exhaustive } = finder.notAmong(statement.principals);
    const entrance = { statement, principal, kind: 'anyone' } as const;
    return [
      { ...entrance, admitted: { callers: outside, exhaustive }, uncertain: !statement.certain },
      { ...entrance, admitted: { callers: unclear, exhaustive }, uncertain: true },
    ];
  }
  return statement.principals.map((principal) => ({
    statement,
    principal: principal.text,
    kind: principal.kind,
    uncertain: !statement.certain || principal.kind === 'undefined',
    admitted: finder.admittedBy(principal),
  }));
}

/** Every number of twelve digits in a policy's text, within longer ones too. */
export function accountsWritten(text: string): ReadonlySet<string> {
  const accounts = new Set<string>();
  for (const [digits] of text.matchAll(/\d{12,}/g)) {
    for (let at = 0; at + 12 <= digits.length; at++) accounts.add(digits.slice(at, at + 12));
  }
  return accounts;
}

/** How paths are looked for. */
export interface PathOptions {
  /** The accounts that policies name; all others stand for anybody. */
  readonly written: ReadonlySet<string>;
  /** Of the role's organisation, as far as it is known: of the others, its members stand for any member. */
  readonly membership: Membership | null;
  /** Denies that are left out of account. */
  readonly without?: ReadonlySet<Statement>;
}

const MEMBERS = 'members';

/** The paths of one entrance: one for anybody, one for any member of the organisation, or one for each account that gets in. */
export function pathsThrough(
  entrance: Entrance,
  search: RequestSearch,
  options: PathOptions,
): readonly FoundPath[] {
  const { written, membership } = options;
  const byAccount = new Map<string, Caller[]>();
  const { callers } = entrance.admitted;
  if (!search.mayGoOn(callers.length / 2)) return [];
  for (const caller of callers) {
    const unnamed = membership?.isMember(caller.account) === true ? MEMBERS : '*';
    const account = written.has(caller.account) ? caller.account : unnamed;
    const group = byAccount.get(account);
    if (group === undefined) byAccount.set(account, [caller]);
    else group.push(caller);
  }
  const paths: FoundPath[] = [];
  /** Adds the path of some callers, unless they get in with no less than `others` do, of whom they are some. */
  const add = (account: string, others: readonly (FoundPath | null)[]): FoundPath | null => {
    const callers = byAccount.get(account);
    // Whoever anybody can be needs no line of its own, unless it gets in with less.
    if (callers === undefined || others.some((other) => other !== null && isClear(other))) return null;
    const path = pathFor(entrance, account, callers, search, options.without);
    if (path === null) return null;
    if (isClear(path) || others.every((other) => other === null || path.guards.length < other.guards.length))
      paths.push(path);
    return path;
  };
  const anybody = add('*', []);
  const member = add(MEMBERS, [anybody]);
  for (const account of [...byAccount.keys()].sort()) {
    if (account === '*' || account === MEMBERS) continue;
    add(account, membership?.isMember(account) === true ? [anybody, member] : [anybody]);
  }
  return paths;
}

/** An unguarded way in that counts on nothing undefined. */
function isClear({ guards, undefinedSemantics }: FoundPath): boolean {
  return guards.length === 0 && !undefinedSemantics;
}

/** One path for each statement, principal and account: the one that needs least. */
export function distinctPaths(paths: readonly FoundPath[]): readonly FoundPath[] {
  const byKey = new Map<string, FoundPath>();
  for (const path of paths) {
    const key = JSON.stringify([path.statement, path.principal, path.account]);
    const known = byKey.get(key);
    if (known === undefined || path.guards.length < known.guards.length) byKey.set(key, path);
  }
  return [...byKey.values()];
}

function pathFor(
  entrance: Entrance,
  account: string,
  callers: readonly Caller[],
  search: RequestSearch,
  without: ReadonlySet<Statement> | undefined,
): FoundPath | null {
  const { statement } = entrance;
  const path = (
    guards: readonly Guard[],
    request: AdmittedRequest,
    undefinedSemantics: boolean,
  ): FoundPath => ({
    statement: statement.index,
    sid: statement.sid,
    principal: entrance.principal,
    account: account === MEMBERS ? request.caller.account : account,
    anyMember: account === MEMBERS,
    guards,
    request,
    statementObject: statement,
    principalKind: entrance.kind,
    undefinedSemantics,
  });
  const find = (mfa: boolean, externalId: boolean, certainty: Certainty): AdmittedRequest | null => {
    for (const caller of callers) {
      const options = { guards: { mfa, externalId }, certainty, ...(without && { without }) };
      const found = search.find(statement, caller, options);
      if (found !== null) return found;
    }
    return null;
  };
  const definite = entrance.uncertain ? null : find(false, false, 'definite');
  if (definite !== null) return path([], definite, false);
  const permissive = entrance.uncertain || search.metUndefined ? find(false, false, 'permissive') : null;
  if (permissive !== null) return path([], permissive, true);
  // A guard that no condition asks for opens nothing.
  const { asksForExternalId, asksForMfa } = search;
  const byExternalId = asksForExternalId ? find(false, true, 'permissive') : null;
  const byMfa = asksForMfa ? find(true, false, 'permissive') : null;
  if (byExternalId !== null && byMfa !== null) return path(['external-id', 'mfa'], byExternalId, false);
  if (byExternalId !== null) return path(['external-id'], byExternalId, false);
  if (byMfa !== null) return path(['mfa'], byMfa, false);
  const byBoth = asksForExternalId && asksForMfa ? find(true, true, 'permissive') : null;
  return byBoth === null ? null : path(['external-id', 'mfa'], byBoth, false);
}
