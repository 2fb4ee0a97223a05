import { ASSUME_ROLE, NEEDED_ACTIONS } from '../iam/actions.ts';
import { type Damage, findDamage } from '../iam/damage/find-damage.ts';
import type { GuardrailStatement } from '../iam/guardrail-policy.ts';
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
import type { Caller } from './callers/caller.ts';
import type { RoleOfPolicy } from './callers/caller-classes.ts';
import { CallerFinder, namesOthers } from './callers/finder.ts';
import type { Membership } from './callers/membership.ts';
import type { OpenWays } from './closing.ts';
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
  type PathOptions,
  pathsThrough,
} from './paths.ts';
import { fixedKeys } from './search/known-keys.ts';
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
  return analyseWithin(text, own, partition, NOTHING_AROUND).exposure;
}

/** What only policies with guardrails need, so that whoever judges without them need not load it. */
export interface GuardrailCheck {
  /** By other code than the search; null: that is not certain. */
  denies(guardrail: GuardrailStatement, witness: Witness): boolean | null;
  /** See `closingGuardrails`. */
  closing(all: readonly GuardrailStatement[], ways: OpenWays): readonly GuardrailStatement[] | null;
}

/** What stands around a trust policy when its role is assumed. */
export interface Surroundings {
  /** Denies that AWS joins to those of the policy: those of resource control policies. */
  readonly guardrails: readonly GuardrailStatement[];
  /** Of the role's organisation; null: not known. */
  readonly membership: Membership | null;
  /** Of the role; null: not known. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** Null without guardrails. */
  readonly check: GuardrailCheck | null;
}

const NOTHING_AROUND: Surroundings = { guardrails: [], membership: null, tags: null, check: null };

/** A verdict, and the guardrails that it rests on. */
export interface Analysis {
  readonly exposure: Exposure;
  /** Those that deny whoever would get in without them unguarded, in the order given; none where somebody gets in. */
  readonly closing: readonly GuardrailStatement[];
}

/** As `analyseTrustPolicy`, of the policy together with what stands around it. */
export function analyseWithin(
  text: string,
  own: string,
  partition: string | null,
  around: Surroundings,
): Analysis {
  const document = documentIn(text);
  if ('reason' in document) return undecided(document.reason, document.message);
  const [first, ...others] = partitionsOf(document.statements, partition).map((one) =>
    analyse(document, text, { account: own, partition: one }, around),
  );
  return others.reduce(worseOf, first as Analysis);
}

/** What a text says as a trust policy, or why nobody can tell. What it is as JSON is not held any longer. */
function documentIn(
  text: string,
): TrustPolicyDocument | { readonly reason: string; readonly message: string } {
  let json: Json;
  try {
    json = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const message = `The trust policy is not valid JSON: ${error.message}.`;
    return { reason: 'malformed-trust-policy', message };
  }
  const damage = findDamage(json);
  if (damage !== null) return { reason: 'policy-damaged', message: damageMessage(damage) };
  return readTrustPolicy(json);
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
    const role = { account: own, partition: one };
    const { exhaustive } = findPaths(document, text, role, speakingOf(document), NOTHING_AROUND, budget);
    return exhaustive && isFarFromLimits(budget);
  });
}

function damageMessage({ pointer, what }: Damage): string {
  return `The trust policy is damaged${pointer === '' ? '' : ` at \`${pointer}\``}: ${what}.`;
}

function worseOf(a: Analysis, b: Analysis): Analysis {
  const exposure = worse(a.exposure, b.exposure);
  const closing = exposure.verdict === 'fail' ? [] : [...new Set([...a.closing, ...b.closing])];
  return { exposure, closing };
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

function tooComplex({ guardrails }: Surroundings): Exposure {
  const what = guardrails.length === 0 ? 'The trust policy has' : 'The trust policy and its guardrails have';
  return failure(
    'too-complex',
    `${what} more combinations of patterns than can be searched; review ${guardrails.length === 0 ? 'it' : 'them'} by hand.`,
  );
}

function undecided(reason: string, message: string): Analysis {
  return { exposure: failure(reason, message), closing: [] };
}

function analyse(
  document: TrustPolicyDocument,
  text: string,
  role: RoleOfPolicy,
  around: Surroundings,
): Analysis {
  const speaking = speakingOf(document);
  // Where nobody is let in, nothing around it matters.
  const within =
    around === NOTHING_AROUND || speaking.allows.some((statement) => namesOthers(statement, role))
      ? around
      : NOTHING_AROUND;
  const findings = findPaths(document, text, role, speaking, within);
  const exposure = judge(findings, document, text, role, within);
  const isClosed = exposure.verdict !== 'fail' && exposure.verdict !== 'error';
  const closing = isClosed ? closingOf(findings, within) : [];
  return closing === null ? { exposure: tooComplex(within), closing: [] } : { exposure, closing };
}

/** The statements of a policy that speak of assuming its role. */
interface Speaking {
  /** Those that say something of the actions of an AssumeRole request. */
  readonly relevant: readonly Statement[];
  /** Of them those that allow sts:AssumeRole itself. */
  readonly allows: readonly Statement[];
}

function speakingOf({ statements }: TrustPolicyDocument): Speaking {
  const relevant = statements.filter((statement) =>
    NEEDED_ACTIONS.some((action) => coversAction(statement, action)),
  );
  const allows = relevant.filter(
    (statement) => statement.effect === 'Allow' && coversAction(statement, ASSUME_ROLE),
  );
  return { relevant, allows };
}

function judge(
  findings: Findings,
  document: TrustPolicyDocument,
  text: string,
  role: RoleOfPolicy,
  around: Surroundings,
): Exposure {
  const { paths, search, relevant, deciding, exhaustive } = findings;
  const notes = new Set<string>();
  notePolicy(document, relevant, role.partition, notes);
  if (exhaustive) {
    const dead = new Set<string>();
    noteDeadStatements(findings, role.partition, around, dead);
    // Unless the work ran out just there.
    if (search.exhaustive) for (const note of dead) notes.add(note);
  }
  const organisationOf = organisationFinder(search, around.membership?.id ?? null);
  const unguarded = paths.filter((path) => path.guards.length === 0);
  const proof = proofOf(widestFirst(unguarded, organisationOf), deciding, text, role.partition, around);
  if (proof !== null) {
    if (proof.decision === 'refused') {
      return failure(
        'witness-refused',
        'The analysis found a way in that its own check refuses; please report this policy.',
      );
    }
    if (proof.decision === 'undefined') notes.add('undefined-semantics');
    if (!exhaustive) notes.add('more-ways');
    noteConfinement(unguarded, search, notes);
    if (proof.path.request.caller.arn.includes(role.account)) notes.add('own-lookalike');
    return {
      ...outcome('fail', 'unguarded-external-path', paths, notes),
      message: failMessage(proof.path, unguarded, organisationOf),
      witness: proof.witness,
    };
  }
  if (!exhaustive) return tooComplex(around);
  if (paths.length === 0) {
    const message = nobodyMessage(document);
    return { ...outcome('not-applicable', 'no-external-path', paths, notes), message, witness: null };
  }
  noteGuards(paths, search, role.account, notes);
  if (!search.exhaustive) return tooComplex(around);
  const message = passMessage(paths, organisationOf);
  return { ...outcome('pass', 'guarded', paths, notes), message, witness: null };
}

/** What was found of a policy in one partition. */
interface Findings {
  /** See `Speaking`. */
  readonly relevant: readonly Statement[];
  /** Those, and the Denies that stand around the policy. */
  readonly deciding: readonly Statement[];
  readonly options: PathOptions;
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
  { relevant, allows }: Speaking,
  { guardrails, membership, tags }: Surroundings,
  budget: Budget = fullBudget(),
): Findings {
  const deciding = [...relevant, ...guardrails.map(({ statement }) => statement)];
  const texts = [text, ...new Set(guardrails.map(({ policy }) => policy.content))];
  const plain = withoutEscapes(texts.join('\n'));
  const finder = new CallerFinder(role, deciding, document.statements, plain, budget, membership);
  const entrances = allows.flatMap((statement) => entrancesOf(statement, finder));
  const fixed = fixedKeys(role.account, tags, membership, deciding);
  const search = new RequestSearch(role.account, deciding, callersOf(entrances), budget, {
    fixed,
    membership,
  });
  const options = { written: accountsWritten(plain), membership };
  const paths = distinctPaths(entrances.flatMap((entrance) => pathsThrough(entrance, search, options)));
  const exhaustive = search.exhaustive && entrances.every(({ admitted }) => admitted.exhaustive);
  return { relevant, deciding, options, entrances, paths, exhaustive, search };
}

/** All who are admitted, each time anew. */
function callersOf(entrances: readonly Entrance[]): Iterable<Caller> {
  return {
    *[Symbol.iterator]() {
      for (const { admitted } of entrances) yield* admitted.callers;
    },
  };
}

/** Null: that is too much work. */
function closingOf(
  findings: Findings,
  { guardrails, check }: Surroundings,
): readonly GuardrailStatement[] | null {
  if (check === null) return [];
  const { entrances, search, deciding, options } = findings;
  const witnesses = new Map<FoundPath, Witness>();
  const conditions = deciding.reduce((sum, statement) => sum + statement.conditions.length, 0);
  const witnessOf = (path: FoundPath): Witness | null => {
    const known = witnesses.get(path);
    if (known !== undefined) return known;
    if (!search.mayGoOn(conditions)) return null;
    const witness = toWitness(path.request, deciding);
    witnesses.set(path, witness);
    return witness;
  };
  search.startCounting();
  return check.closing(guardrails, {
    under: (some) => {
      if (!search.mayGoOn(guardrails.length)) return null;
      const without = new Set(guardrails.filter((one) => !some.has(one)).map(({ statement }) => statement));
      const paths = entrances
        .flatMap((entrance) => pathsThrough(entrance, search, { ...options, without }))
        .filter(({ guards }) => guards.length === 0);
      return search.exhaustive ? paths : null;
    },
    deniesSome: (guardrail, paths) => {
      if (!search.mayGoOn(CHECK * paths.length)) return null;
      for (const path of paths) {
        const witness = witnessOf(path);
        if (witness === null) return null;
        if (check.denies(guardrail, witness) === true) return true;
      }
      return false;
    },
  });
}

/** Steps to check a request against a guardrail. */
const CHECK = 20;

/** Notes the statements that ought to let somebody in, and let in nobody. */
function noteDeadStatements(
  { entrances, paths, search, options }: Findings,
  partition: string,
  { guardrails }: Surroundings,
  notes: Set<string>,
): void {
  const alive = new Set(paths.map((path) => path.statement));
  const without = new Set(guardrails.map(({ statement }) => statement));
  /** What a guardrail closes is no fault of the policy. */
  const isClosed = (entrance: Entrance): boolean =>
    without.size > 0 && pathsThrough(entrance, search, { ...options, without }).length > 0;
  for (const entrance of entrances) {
    const { statement, principal, admitted } = entrance;
    if (alive.has(statement.index)) continue;
    if (admitted.callers.length === 0 && !isOfOtherPartition(principal, partition)) continue;
    if (isClosed(entrance)) {
      alive.add(statement.index);
      continue;
    }
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
  const paths = found.map(({ statement, sid, principal, account, anyMember, guards }) => ({
    statement,
    sid,
    principal,
    account,
    ...(anyMember && { anyMember }),
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
  { guardrails, check }: Surroundings,
): Proof | null {
  let best: Proof | null = null;
  for (const path of unguarded.slice(0, TRIES)) {
    const witness = toWitness(path.request, statements);
    let decision = evaluateRequest(text, witness, partition);
    for (const guardrail of guardrails) {
      const answer = check?.denies(guardrail, witness) ?? null;
      if (answer === true) decision = 'refused';
      else if (answer === null && decision === 'allowed') decision = 'undefined';
    }
    if (decision === 'allowed') return { path, witness, decision };
    if (best === null || (best.decision === 'refused' && decision === 'undefined'))
      best = { path, witness, decision };
  }
  return best;
}
