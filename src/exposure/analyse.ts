import { ASSUME_ROLE, NEEDED_ACTIONS } from '../iam/actions.ts';
import { type Damage, findDamage } from '../iam/damage/find-damage.ts';
import { type Json, JsonSyntaxError, parseJson } from '../iam/json.ts';
import { type Budget, fullBudget, isFarFromLimits } from '../iam/matcher.ts';
import { type Decision, evaluateRequest } from '../iam/oracle/evaluate.ts';
import { partitionsOf } from '../iam/partitions.ts';
import {
  parseTrustPolicy,
  readTrustPolicy,
  type Statement,
  type TrustPolicyDocument,
} from '../iam/trust-policy.ts';
import type { Exposure, Outcome, Witness } from '../model/exposure.ts';
import type { RoleOfPolicy } from './callers/caller-classes.ts';
import { CallerFinder } from './callers/finder.ts';
import { failMessage, nobodyMessage, passMessage, widestFirst } from './exposure-message.ts';
import {
  isOfOtherPartition,
  noteConfinement,
  noteGuards,
  notePlaceholder,
  notePolicy,
  organisationFinder,
} from './exposure-notes.ts';
import {
  accountsWritten,
  distinctPaths,
  type Entrance,
  entrancesOf,
  type FoundPath,
  pathsThrough,
} from './paths.ts';
import { RequestSearch } from './search/search.ts';
import { coversAction } from './statement-scope.ts';
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

/**
 * Would the analysis of the policy stay below its limits whatever account ids, and whatever name of a principal, stood
 * in the place of those it has? Account ids change its work little and a name in proportion to its length, so what needs
 * less than a tenth of the limits does.
 */
export function isFarFromTooComplex(text: string, own: string, partition: string | null = null): boolean {
  const document = parseTrustPolicy(text);
  return partitionsOf(document.statements, partition).every((one) => {
    const budget = fullBudget();
    const { exhaustive } = findPaths(document, text, { account: own, partition: one }, budget);
    return exhaustive && isFarFromLimits(budget);
  });
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

function analyse(document: TrustPolicyDocument, text: string, role: RoleOfPolicy): Exposure {
  const findings = findPaths(document, text, role);
  const { paths, search, relevant, exhaustive } = findings;
  const notes = new Set<string>();
  notePolicy(document, relevant, role.partition, notes);
  noteDeadStatements(findings, role.partition, notes);
  const organisationOf = organisationFinder(search);
  const unguarded = paths.filter((path) => path.guards.length === 0);
  const proof = proofOf(widestFirst(unguarded, organisationOf), relevant, text, role.partition);
  if (proof !== null) {
    if (proof.decision === 'refused') {
      return failure(
        'witness-refused',
        'The analysis found a way in that its own check refuses; please report this policy.',
      );
    }
    if (proof.decision === 'undefined') notes.add('undefined-semantics');
    noteConfinement(unguarded, search, notes);
    if (proof.path.request.caller.arn.includes(role.account)) notes.add('own-lookalike');
    return {
      ...outcome('fail', 'unguarded-external-path', paths, notes),
      message: failMessage(proof.path, unguarded, organisationOf),
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
    const message = nobodyMessage(document);
    return { ...outcome('not-applicable', 'no-external-path', paths, notes), message, witness: null };
  }
  noteGuards(paths, search, role.account, notes);
  const message = passMessage(paths, organisationOf);
  return { ...outcome('pass', 'guarded', paths, notes), message, witness: null };
}

/** What was found of a policy in one partition. */
interface Findings {
  /** The statements that say something of the actions of an AssumeRole request. */
  readonly relevant: readonly Statement[];
  readonly entrances: readonly Entrance[];
  readonly paths: readonly FoundPath[];
  /** False when some limit was hit, so that there may be more. */
  readonly exhaustive: boolean;
  readonly search: RequestSearch;
}

function findPaths(
  document: TrustPolicyDocument,
  text: string,
  role: RoleOfPolicy,
  budget: Budget = fullBudget(),
): Findings {
  const relevant = document.statements.filter((statement) =>
    NEEDED_ACTIONS.some((action) => coversAction(statement, action)),
  );
  const allows = relevant.filter(
    (statement) => statement.effect === 'Allow' && coversAction(statement, ASSUME_ROLE),
  );
  const plain = withoutEscapes(text);
  const finder = new CallerFinder(role, relevant, document.statements, plain, budget);
  const entrances = allows.flatMap((statement) => entrancesOf(statement, finder));
  const callers = entrances.flatMap((entrance) => entrance.callers);
  const search = new RequestSearch(role.account, relevant, callers, budget);
  const written = accountsWritten(plain);
  const paths = distinctPaths(entrances.flatMap((entrance) => pathsThrough(entrance, search, written)));
  const exhaustive = search.exhaustive && entrances.every((entrance) => entrance.exhaustive);
  return { relevant, entrances, paths, exhaustive, search };
}

/** Notes the statements that ought to let somebody in, and let in nobody. */
function noteDeadStatements({ entrances, paths }: Findings, partition: string, notes: Set<string>): void {
  const alive = new Set(paths.map((path) => path.statement));
  for (const { statement, principal, callers } of entrances) {
    const meant = callers.length > 0 || isOfOtherPartition(principal, partition);
    if (!meant || alive.has(statement.index)) continue;
    notes.add('dead-statement');
    notePlaceholder(statement, notes);
  }
}

function outcome(
  verdict: Outcome,
  reason: string,
  found: readonly FoundPath[],
  notes: ReadonlySet<string>,
): Pick<Exposure, 'verdict' | 'reason' | 'notes' | 'paths'> {
  const paths = found.map(({ statement, sid, principal, account, guards }) => ({
    statement,
    sid,
    principal,
    account,
    guards,
  }));
  return { verdict, reason, notes: [...notes].sort(), paths };
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
