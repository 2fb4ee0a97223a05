import { ASSUME_ROLE, SET_SOURCE_IDENTITY, TAG_SESSION } from '../iam/actions.ts';
import { type Damage, findDamage } from '../iam/damage.ts';
import { type Json, JsonSyntaxError, parseJson } from '../iam/json.ts';
import { fullBudget } from '../iam/language.ts';
import { partitionOf, partitionsOf } from '../iam/partitions.ts';
import { type Decision, evaluateRequest } from '../iam/request.ts';
import { readTrustPolicy, type Statement, type TrustPolicyDocument } from '../iam/trust-policy.ts';
import type { Exposure } from '../rules/judgement.ts';
import { CallerFinder, type JudgedRole } from './caller-finder.ts';
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
import type { Outcome, Witness } from './verdict.ts';
import { toWitness } from './witness.ts';

/**
 * Can a principal of another account assume the role without MFA or an external ID?
 *
 * Every way in (Allow statement, principal, account behind it) is searched for a request without a guard; a request
 * that is found is evaluated once more, concretely and by other code, before it is reported. What AWS does not
 * define counts in the caller's favour, so it is never passed in silence.
 *
 * @param own the 12 digits of the account that owns the role
 * @param partition that of the role's ARN; null when it is not known, see partitionsOf
 */
export function analyseTrustPolicy(text: string, own: string, partition: string | null = null): Exposure {
  let json: Json;
  try {
    json = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return failure('malformed-trust-policy', `The trust policy is not valid JSON: ${error.message}.`);
  }
  const damage = findDamage(json);
  if (damage !== null) return failure('policy-damaged', damageMessage(damage));
  const document = readTrustPolicy(json);
  const [first, ...others] = partitionsOf(document.statements, partition).map((one) =>
    analyse(document, text, { account: own, partition: one }),
  );
  return others.reduce(worse, first as Exposure);
}

function damageMessage({ pointer, what }: Damage): string {
  return `The trust policy is damaged${pointer === '' ? '' : ` at \`${pointer}\``}: ${what}.`;
}

/** The verdict of two, when either may hold: the worse one, with the ways in of both. */
function worse(a: Exposure, b: Exposure): Exposure {
  const [worst, other] = BADNESS.indexOf(b.verdict) < BADNESS.indexOf(a.verdict) ? [b, a] : [a, b];
  if (worst.verdict === 'error') return worst;
  const paths = new Map([...worst.paths, ...other.paths].map((path) => [JSON.stringify(path), path]));
  // What is undefined elsewhere does not matter to this proof.
  const notes = new Set([...worst.notes, ...other.notes.filter((note) => note !== 'undefined-semantics')]);
  return { ...worst, paths: [...paths.values()], notes: [...notes].sort() };
}

const BADNESS: readonly Outcome[] = ['fail', 'error', 'pass', 'not-applicable'];

function failure(reason: string, message: string): Exposure {
  return { verdict: 'error', reason, notes: [], message, paths: [], witness: null };
}

function analyse(document: TrustPolicyDocument, text: string, role: JudgedRole): Exposure {
  const { account: own, partition } = role;
  const relevant = document.statements.filter((statement) =>
    [ASSUME_ROLE, TAG_SESSION, SET_SOURCE_IDENTITY].some((action) =>
      coversAction(statement, action as typeof ASSUME_ROLE),
    ),
  );
  const allows = relevant.filter(
    (statement) => statement.effect === 'Allow' && coversAction(statement, ASSUME_ROLE),
  );
  const budget = fullBudget();
  const plain = withoutEscapes(text);
  const finder = new CallerFinder(role, relevant, document.statements, plain, budget);
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
  const isElsewhere = (principal: string): boolean => (partitionOf(principal) ?? partition) !== partition;
  for (const { statement, principal, callers } of entrances) {
    const meant = callers.length > 0 || isElsewhere(principal);
    if (!meant || alive.has(statement.index)) continue;
    notes.add('dead-statement');
    notePlaceholder(statement, notes);
  }
  const principals = document.statements.flatMap((statement) => statement.principals);
  if (principals.some((principal) => isElsewhere(principal.text))) notes.add('iam-would-reject');
  const bare = paths.map(({ statement, sid, principal, account, guards }) => ({
    statement,
    sid,
    principal,
    account,
    guards,
  }));
  const organisationOf = organisationFinder(search);
  const proof = proofOf(widestFirst(unguarded, organisationOf), relevant, text, partition);
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
      message: principals.some(({ kind }) => kind === 'federated')
        ? 'Through sts:AssumeRole no principal of another account gets in; federated identities are not judged.'
        : 'No principal of another account can assume this role.',
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
  partition: string,
): Proof | null {
  let best: Proof | null = null;
  for (const path of unguarded.slice(0, TRIES)) {
    const witness = toWitness(path.request, statements);
    const decision = evaluateRequest(text, witness, partition);
    if (decision === 'allowed') return { path, witness, decision };
    if (best === null || (best.decision === 'refused' && decision === 'undefined'))
      best = { path, witness, decision };
  }
  return best;
}
