import { ASSUME_ROLE, SET_SOURCE_IDENTITY, TAG_SESSION } from '../iam/actions.ts';
import { JsonSyntaxError } from '../iam/json.ts';
import { fullBudget } from '../iam/language.ts';
import { type Decision, evaluateRequest } from '../iam/request.ts';
import { parseTrustPolicy, type Statement, type TrustPolicyDocument } from '../iam/trust-policy.ts';
import { CallerFinder } from './caller-finder.ts';
import { failMessage, passMessage, widestFirst } from './guard-messages.ts';
import {
  isOfUnknownKey,
  noteConfinement,
  noteGuards,
  notePlaceholder,
  organisationFinder,
} from './guard-notes.ts';
import { accountsWritten, distinctPaths, entrancesOf, type FoundPath, pathsThrough } from './paths.ts';
import { RequestSearch } from './search.ts';
import { coversAction } from './statement-scope.ts';
import type { Outcome, PathIn, Witness } from './verdict.ts';
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
  const plain = withoutEscapes(text);
  const finder = new CallerFinder(own, relevant, plain, budget);
  const entrances = allows.flatMap((statement) => entrancesOf(statement, finder));
  const callers = entrances.flatMap((entrance) => entrance.callers);
  const search = new RequestSearch(own, relevant, callers, budget);
  const written = accountsWritten(plain);
  const paths = distinctPaths(entrances.flatMap((entrance) => pathsThrough(entrance, search, written)));
  const exhaustive = search.exhaustive && entrances.every((entrance) => entrance.exhaustive);
  const unguarded = paths.filter((path) => path.guards.length === 0);
  const notes = new Set<string>();
  if (document.rejected) notes.add('iam-would-reject');
  if (relevant.some((statement) => statement.principals.some((principal) => principal.kind === 'stale'))) {
    notes.add('stale-principal');
  }
  if (relevant.some((statement) => statement.conditions.some(isOfUnknownKey))) notes.add('unknown-key');
  const alive = new Set(paths.map((path) => path.statement));
  for (const { statement, callers } of entrances) {
    if (callers.length === 0 || alive.has(statement.index)) continue;
    notes.add('dead-statement');
    notePlaceholder(statement, notes);
  }
  const bare = paths.map(({ statement, sid, principal, account, guards }) => ({
    statement,
    sid,
    principal,
    account,
    guards,
  }));
  const organisationOf = organisationFinder(search);
  const proof = proofOf(widestFirst(unguarded, organisationOf), relevant, text);
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
      message: failMessage(proof.path, unguarded, organisationOf),
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
  noteGuards(paths, search, own, notes);
  return {
    verdict: 'pass',
    reason: 'guarded',
    notes: [...notes].sort(),
    message: passMessage(paths, organisationOf),
    paths: bare,
    witness: null,
  };
}

/** JSON may write any character by its number. */
function withoutEscapes(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

interface Proof {
  readonly path: FoundPath;
  readonly witness: Witness;
  readonly decision: Decision;
}

/** Witnesses that are checked: those of the first paths get in for certain, unless something undefined is in all. */
const TRIES = 16;

/** The first path whose witness gets in for certain, else the first that gets in at all; null without paths. */
function proofOf(
  unguarded: readonly FoundPath[],
  statements: readonly Statement[],
  text: string,
): Proof | null {
  let best: Proof | null = null;
  for (const path of unguarded.slice(0, TRIES)) {
    const witness = toWitness(path.request, statements);
    const decision = evaluateRequest(text, witness);
    if (decision === 'allowed') return { path, witness, decision };
    if (best === null || (best.decision === 'refused' && decision === 'undefined'))
      best = { path, witness, decision };
  }
  return best;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
