import { ASSUME_ROLE, SET_SOURCE_IDENTITY, TAG_SESSION } from '../iam/actions.ts';
import { EXTERNAL_ID, isKnownKey, NETWORK_KEYS, ORGANISATION_KEYS } from '../iam/condition-keys.ts';
import type { Condition } from '../iam/conditions.ts';
import { JsonSyntaxError } from '../iam/json.ts';
import { fullBudget } from '../iam/language.ts';
import type { Principal } from '../iam/principals.ts';
import { type Decision, evaluateRequest } from '../iam/request.ts';
import { parseTrustPolicy, type Statement, type TrustPolicyDocument } from '../iam/trust-policy.ts';
import type { ContextValue } from '../iam/truth.ts';
import { CallerFinder } from './caller-finder.ts';
import type { Caller } from './callers.ts';
import { UNGUARDED } from './credentials.ts';
import { STRANGER_ADDRESSES, STRANGERS } from './domains.ts';
import { type AdmittedRequest, RequestSearch, type Restriction } from './search.ts';
import { coversAction } from './statement-scope.ts';
import type { Guard, Outcome, PathIn, Witness } from './verdict.ts';
import { toWitness } from './witness.ts';

/** What the guard analysis says of one trust policy for one owning account. */
export interface TrustAnalysis {
  readonly verdict: Outcome;
  readonly reason: string;
  readonly notes: readonly string[];
  readonly message: string;
  readonly paths: readonly PathIn[];
  readonly witness: Witness | null;
}

/**
 * Can a principal of another account assume the role without MFA or an external ID?
 *
 * Every way in (Allow statement, principal, account behind it) is searched for a request without a guard; a request
 * that is found is evaluated once more, concretely and by other code, before it is reported. What AWS does not
 * define counts in the caller's favour, so it is never passed in silence.
 */
export function analyseTrustPolicy(text: string, own: string): TrustAnalysis {
  let document: TrustPolicyDocument;
  try {
    document = parseTrustPolicy(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return failure('malformed-trust-policy', `The trust policy is not valid JSON: ${error.message}.`);
  }
  const analysis = analyse(document, document.statements, text, own);
  if (analysis.verdict === 'fail' || analysis.verdict === 'error') return analysis;
  if (document.malformed !== null)
    return failure('malformed-trust-policy', `${capital(document.malformed)}.`);
  if (!document.statements.some((statement) => statement.effect === 'invalid')) return analysis;
  const asAllow = document.statements.map(
    (statement): Statement =>
      statement.effect === 'invalid' ? { ...statement, effect: 'Allow', certain: false } : statement,
  );
  // The check of a witness reads the document itself, so a way in shows here as an error.
  const opened = analyse(document, asAllow, text, own).verdict;
  if (opened !== 'fail' && opened !== 'error') return analysis;
  return failure(
    'invalid-effect',
    'A statement that names another account has an Effect that is neither Allow nor Deny.',
  );
}

function failure(reason: string, message: string): TrustAnalysis {
  return { verdict: 'error', reason, notes: [], message, paths: [], witness: null };
}

interface FoundPath extends PathIn {
  /** How the path is entered: without a guard when `guards` is empty. */
  readonly request: AdmittedRequest;
  readonly statementObject: Statement;
  readonly principalKind: Principal['kind'];
  /** The request counts on something AWS does not define. */
  readonly undefinedSemantics: boolean;
}

function analyse(
  document: TrustPolicyDocument,
  statements: readonly Statement[],
  text: string,
  own: string,
): TrustAnalysis {
  const relevant = statements.filter(
    (statement) =>
      statement.effect !== 'invalid' &&
      [ASSUME_ROLE, TAG_SESSION, SET_SOURCE_IDENTITY].some((action) =>
        coversAction(statement, action as typeof ASSUME_ROLE),
      ),
  );
  const allows = relevant.filter(
    (statement) => statement.effect === 'Allow' && coversAction(statement, ASSUME_ROLE),
  );
  const budget = fullBudget();
  const finder = new CallerFinder(own, relevant, text, budget);
  const entrances = allows.flatMap((statement) => entrancesOf(statement, finder));
  const callers = entrances.flatMap((entrance) => entrance.callers);
  const search = new RequestSearch(own, relevant, callers, budget);
  const paths = distinctPaths(entrances.flatMap((entrance) => pathsThrough(entrance, search, text)));
  const exhaustive = search.exhaustive && entrances.every((entrance) => entrance.exhaustive);
  const unguarded = paths.filter((path) => path.guards.length === 0);
  const notes = new Set<string>();
  if (document.rejected) notes.add('iam-would-reject');
  if (relevant.some((statement) => statement.principals.some((principal) => principal.kind === 'stale'))) {
    notes.add('stale-principal');
  }
  if (relevant.some((statement) => statement.conditions.some(isOfUnknownKey))) notes.add('unknown-key');
  for (const entrance of entrances) {
    const alive = paths.some((path) => path.statement === entrance.statement.index);
    if (entrance.callers.length > 0 && !alive) notes.add('dead-statement');
  }
  const bare = paths.map(({ statement, sid, principal, account, guards }) => ({
    statement,
    sid,
    principal,
    account,
    guards,
  }));
  const proof = proofOf(unguarded, relevant, text);
  if (proof !== null) {
    if (proof.decision === 'refused') {
      return failure(
        'witness-refused',
        'The analysis found a way in that its own check refuses; please report this policy.',
      );
    }
    if (proof.decision === 'undefined') notes.add('undefined-semantics');
    noteConfinement(unguarded, search, notes);
    if (proof.path.request.caller.arn.includes(own)) notes.add('own-lookalike');
    return {
      verdict: 'fail',
      reason: 'unguarded-external-path',
      notes: [...notes].sort(),
      message: failMessage(proof.path),
      paths: bare,
      witness: proof.witness,
    };
  }
  if (!exhaustive) {
    return failure(
      'too-complex',
      'The trust policy has more combinations of patterns than can be searched; review it by hand.',
    );
  }
  if (paths.length === 0) {
    return {
      verdict: 'not-applicable',
      reason: 'no-external-path',
      notes: [...notes].sort(),
      message: 'No principal of another account can assume this role.',
      paths: [],
      witness: null,
    };
  }
  noteGuards(paths, search, relevant, own, notes);
  return {
    verdict: 'pass',
    reason: 'guarded',
    notes: [...notes].sort(),
    message: passMessage(paths),
    paths: bare,
    witness: null,
  };
}

interface Proof {
  readonly path: FoundPath;
  readonly witness: Witness;
  readonly decision: Decision;
}

/** The first path whose witness gets in for certain, else the first that gets in at all; null without paths. */
function proofOf(
  unguarded: readonly FoundPath[],
  statements: readonly Statement[],
  text: string,
): Proof | null {
  let best: Proof | null = null;
  for (const path of unguarded) {
    const witness = toWitness(path.request, statements);
    const decision = evaluateRequest(text, witness);
    if (decision === 'allowed') return { path, witness, decision };
    if (best === null || (best.decision === 'refused' && decision === 'undefined'))
      best = { path, witness, decision };
  }
  return best;
}

/** One principal of one Allow statement and the callers it admits. */
interface Entrance {
  readonly statement: Statement;
  /** As written. */
  readonly principal: string;
  readonly kind: Principal['kind'];
  readonly callers: readonly Caller[];
  readonly exhaustive: boolean;
  /** AWS does not define that these callers are meant. */
  readonly uncertain: boolean;
}

function entrancesOf(statement: Statement, finder: CallerFinder): readonly Entrance[] {
  if (statement.exceptPrincipals) {
    const principal = `everyone but ${statement.principals.map((except) => except.text).join(', ')}`;
    const { outside, unclear, exhaustive } = finder.notAmong(statement.principals);
    const entrance = { statement, principal, kind: 'anyone', exhaustive } as const;
    return [
      { ...entrance, callers: outside, uncertain: !statement.certain },
      { ...entrance, callers: unclear, uncertain: true },
    ];
  }
  return statement.principals.map((principal) => ({
    statement,
    principal: principal.text,
    kind: principal.kind,
    uncertain: !statement.certain || principal.kind === 'undefined',
    ...finder.admittedBy(principal),
  }));
}

/** The paths of one entrance: one for anybody, or one for each account that gets in. */
function pathsThrough(entrance: Entrance, search: RequestSearch, text: string): readonly FoundPath[] {
  const byAccount = new Map<string, Caller[]>();
  for (const caller of entrance.callers) {
    const account = text.includes(caller.account) ? caller.account : '*';
    const group = byAccount.get(account);
    if (group === undefined) byAccount.set(account, [caller]);
    else group.push(caller);
  }
  const paths: FoundPath[] = [];
  const anybody = byAccount.get('*');
  byAccount.delete('*');
  const open = anybody === undefined ? null : pathFor(entrance, '*', anybody, search);
  if (open !== null) paths.push(open);
  for (const [account, callers] of [...byAccount].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // Whoever anybody can be needs no line of its own, unless it gets in with less.
    if (open !== null && open.guards.length === 0 && !open.undefinedSemantics) continue;
    const path = pathFor(entrance, account, callers, search);
    if (path === null) continue;
    const clearer = path.guards.length === 0 && !path.undefinedSemantics;
    if (open === null || path.guards.length < open.guards.length || clearer) paths.push(path);
  }
  return paths;
}

/** One path for each statement, principal and account: the one that needs least. */
function distinctPaths(paths: readonly FoundPath[]): readonly FoundPath[] {
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
    account,
    guards,
    request,
    statementObject: statement,
    principalKind: entrance.kind,
    undefinedSemantics,
  });
  const find = (
    mfa: boolean,
    externalId: boolean,
    certainty: 'definite' | 'permissive',
  ): AdmittedRequest | null => {
    for (const caller of callers) {
      const found = search.find(statement, caller, { guards: { mfa, externalId }, certainty });
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

function isOfUnknownKey(condition: Condition): boolean {
  return condition.key !== '' && !isKnownKey(condition.key);
}

/** Who stays out when nobody belongs to the named organisation, or comes through the named network? */
function noteConfinement(unguarded: readonly FoundPath[], search: RequestSearch, notes: Set<string>): void {
  const confined = (keys: ReadonlySet<string>): boolean => {
    const restrict: Restriction = (key, value) => !keys.has(key) || isStranger(value);
    return unguarded.every(
      ({ statementObject, request }) =>
        [...request.context.keys()].some((key) => keys.has(key)) &&
        search.find(statementObject, request.caller, {
          guards: UNGUARDED,
          certainty: 'permissive',
          restrict,
        }) === null,
    );
  };
  if (confined(ORGANISATION_KEYS)) notes.add('org-confined');
  if (confined(NETWORK_KEYS)) notes.add('network-confined');
}

function isStranger(value: ContextValue): boolean {
  const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  return values.every((text) => STRANGERS.includes(text) || STRANGER_ADDRESSES.includes(text));
}

const MIN_UNGUESSABLE = 8;

function noteGuards(
  paths: readonly FoundPath[],
  search: RequestSearch,
  statements: readonly Statement[],
  own: string,
  notes: Set<string>,
): void {
  for (const path of paths) {
    if (path.account === '*') notes.add('world-principal');
    if (path.guards.length === 1 && path.guards[0] === 'mfa') {
      notes.add('mfa-untrusted-account');
      if (path.principalKind === 'role' || path.principalKind === 'session')
        notes.add('mfa-impossible-for-role');
    }
    if (!path.guards.includes('external-id')) continue;
    const anyValue = search.find(path.statementObject, path.request.caller, {
      guards: { mfa: path.guards.includes('mfa'), externalId: true },
      certainty: 'permissive',
      restrict: (key, value) => key !== EXTERNAL_ID || isStranger(value),
    });
    if (anyValue !== null) notes.add('extid-any');
    const deciding = [path.statementObject, ...statements.filter((statement) => statement.effect === 'Deny')];
    for (const condition of deciding.flatMap((statement) => statement.conditions)) {
      if (condition.key !== EXTERNAL_ID || condition.kind !== 'compare') continue;
      for (const value of condition.values) {
        if (value.pattern.some((token) => typeof token === 'symbol')) notes.add('extid-wildcard');
        const guessable =
          value.hasVariable ||
          value.text.length < MIN_UNGUESSABLE ||
          value.text === own ||
          value.text === path.account;
        if (guessable) notes.add('extid-guessable');
      }
    }
  }
}

function failMessage({ principalKind, principal, account, request }: FoundPath): string {
  const how = 'can assume this role without MFA or an external ID.';
  if (account === '*') return `Principals of any account ${how}`;
  if (principalKind === 'account' || principalKind === 'anyone')
    return `Any principal of account ${account} ${how}`;
  return `${quote(principalKind === 'undefined' ? request.caller.arn : principal)} of account ${account} ${how}`;
}

function passMessage(paths: readonly FoundPath[]): string {
  const guards = new Set(paths.flatMap((path) => path.guards));
  const text = guards.size === 2 ? 'MFA or an external ID' : guards.has('mfa') ? 'MFA' : 'an external ID';
  const accounts = [...new Set(paths.map((path) => path.account))].sort();
  const who = accounts.includes('*')
    ? 'Principals of any account'
    : `Principals of ${accounts.length === 1 ? 'account' : 'accounts'} ${accounts.join(', ')}`;
  return `${who} can assume this role only with ${text}.`;
}

function quote(text: string): string {
  return `\`${text}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
