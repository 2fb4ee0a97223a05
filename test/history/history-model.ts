import type { Outcome } from '../../src/audit/verdict.ts';
import type { DataProblem } from '../../src/errors.ts';
import { arnOf, POLICIES, type PolicyName, policySha256, type Source } from './history-evidence.ts';

/**
 * What stands and what is told over time, worked out the slow and obvious way from all that files say: whatever is
 * asked of it, the model goes through all evidence from the start. It shares no code with the program.
 *
 * Left out: several rules and changes of their text, ledgers of other entities, exceptions, runs, the gate, ages,
 * member lists, and the places of evidence. AWS Config is taken to tell one consistent story (its newest state of a
 * role is never an older one than what it told before), so that no state of an item overrules another.
 */

const HARMLESS: readonly DataProblem[] = [
  'changes-only',
  'partial-inventory',
  'maybe-filtered',
  'no-iam-recorded',
];
/** An incomplete capture with other reasons than these may lack roles that ought to be there. */
const WITHOUT_GAP: readonly DataProblem[] = ['changes-only', 'partial-inventory', 'no-iam-recorded'];

/** All files of one account and moment together. */
export interface Capture {
  readonly account: string;
  readonly at: string;
  readonly sources: readonly Source[];
  readonly complete: boolean;
  /** Why not complete, in the order of the alphabet; [] when complete. */
  readonly reasons: readonly DataProblem[];
  readonly gap: boolean;
}

/** What is known of an account at a moment. */
export interface Look {
  readonly at: string;
  readonly completeAt: string | null;
  readonly complete: boolean;
}

/** A role as it was shown at one moment. */
interface Sighting {
  readonly at: string;
  readonly policies: readonly PolicyName[];
  readonly disputed: boolean;
}

/** A role: the same one whether or not files had its id, so long as it stood. */
interface Life {
  /** The id it goes by in the end; '' when no file has shown one. */
  id: string;
  /** In order of time. */
  sightings: Sighting[];
  /** The role that this one turned out to be. */
  same: Life | null;
}

/** What stands of one ARN after a capture. */
interface Stage {
  readonly at: string;
  /** Those that stand, in the order of their ids then. */
  readonly standing: readonly Life[];
  /** The id by which each of them went then. */
  readonly ids: ReadonlyMap<Life, string>;
  /** Those that were ever shown by then. */
  readonly known: readonly Life[];
  readonly last: 'shown' | 'deleted' | 'not-shown' | null;
  readonly lastAt: string | null;
  /** Whether a capture after the last that was known may lack roles. */
  readonly gapSince: boolean;
}

const UNSEEN: Stage = {
  at: '',
  standing: [],
  ids: new Map(),
  known: [],
  last: null,
  lastAt: null,
  gapSince: false,
};

export interface Standing {
  readonly account: string;
  readonly arn: string;
  readonly roleId: string;
  readonly verdict: Outcome;
  /** Who gets in unguarded. */
  readonly lets: readonly string[];
  readonly disputed: boolean;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export type Change = 'new' | 'resolved' | 'changed' | 'reopened' | 'unchanged' | 'not-comparable';

export interface Difference {
  readonly change: Change;
  /** One of these. */
  readonly causes: readonly (string | null)[];
  readonly account: string;
  readonly arn: string;
  readonly roleId: string;
  /** Null where there was no role, or nothing is known of it. */
  readonly fromVerdict: Outcome | null;
  readonly toVerdict: Outcome | null;
}

export interface Coverage {
  readonly both: number;
  readonly onlyFrom: number;
  readonly onlyTo: number;
  readonly carriedForward: number;
  readonly incomplete: number;
}

export interface Point {
  readonly at: string;
  readonly accounts: number;
  readonly carriedForward: number;
  readonly roles: number;
  readonly fail: number;
  readonly new: number;
  readonly resolved: number;
}

export type State = Exclude<Change, 'resolved'> | 'baseline' | null;

const distinct = <T extends string>(values: readonly T[]): readonly T[] => [...new Set(values)].sort();

// Captures

export function capturesOf(sources: readonly Source[]): readonly Capture[] {
  const keys = distinct(sources.map(({ account, at }) => `${account} ${at}`));
  return keys.map((key) => {
    const own = sources.filter(({ account, at }) => `${account} ${at}` === key);
    const [first] = own;
    if (first === undefined) throw new Error('a capture has a source');
    const complete =
      own.some(({ claims }) => claims === 'all') && own.every((source) => weakensNothing(source, own));
    const reasons = distinct(own.flatMap(({ claims }) => (claims === 'all' ? [] : [claims])));
    return {
      account: first.account,
      at: first.at,
      sources: own,
      complete,
      reasons: complete ? [] : reasons,
      gap: !complete && reasons.some((reason) => !WITHOUT_GAP.includes(reason)),
    };
  });
}

function weakensNothing(source: Source, all: readonly Source[]): boolean {
  if (source.claims === 'all' || HARMLESS.includes(source.claims)) return true;
  return all.some(
    (whole) =>
      whole.claims === 'all' &&
      source.shows.every(({ name, id }) =>
        whole.shows.some((shown) => shown.name === name && (id === '' || shown.id === id)),
      ),
  );
}

/** Whether the capture says anything of the roles of its account. */
const speaks = ({ sources }: Capture): boolean => sources.some(({ claims }) => claims !== 'no-iam-recorded');

/** The captures of an account not after a moment, in order of time; those that say nothing only where no other is. */
function until(sources: readonly Source[], account: string, moment: string): readonly Capture[] {
  const own = sources.filter((source) => source.account === account && source.at <= moment);
  const captures = capturesOf(own);
  return captures.some(speaks) ? captures.filter(speaks) : captures;
}

export function lookAt(sources: readonly Source[], account: string, moment: string): Look | null {
  const captures = until(sources, account, moment);
  const last = captures.at(-1);
  if (last === undefined) return null;
  const completeAt = captures.findLast(({ complete }) => complete)?.at ?? null;
  const gapSince = captures.some(({ gap, at }) => gap && at > (completeAt ?? ''));
  return { at: last.at, completeAt, complete: completeAt !== null && !gapSince };
}

// What stands of an ARN

const isWhole = ({ claims }: Source): boolean => claims === 'all';
const isCut = ({ claims }: Source): boolean => claims !== 'all' && !HARMLESS.includes(claims);

/** What one moment shows of an ARN: the policies by role id, ids as they are reported. */
interface Shown {
  readonly policies: Map<string, PolicyName[]>;
  readonly disputed: Set<string>;
}

function shownAt(capture: Capture, name: string, before: readonly Life[]): Shown {
  const shows = capture.sources.flatMap((source) => source.shows).filter((shown) => shown.name === name);
  const gone = capture.sources.flatMap((source) => source.gone).filter((one) => one.name === name);
  const policies = new Map<string, PolicyName[]>();
  const show = (id: string, policy: PolicyName): void => {
    policies.set(id, [...(policies.get(id) ?? []), policy]);
  };
  // Of equally bad policies the first counts: those of files with ids, the greatest hash first.
  const ranked = [...shows].sort((a, b) => (policySha256(a.policy) < policySha256(b.policy) ? 1 : -1));
  for (const { id, policy } of ranked) if (id !== '') show(id, policy);
  const named = distinct([...policies.keys()]);
  const told = new Map([...policies].map(([id, list]) => [id, [...list]]));
  const left = before.find((life) => !gone.some(({ id }) => id !== '' && id === life.id));
  for (const { policy } of ranked.filter(({ id }) => id === '')) {
    const alike = named.find((id) => told.get(id)?.includes(policy));
    show(alike ?? named[0] ?? left?.id ?? '', policy);
  }

  const disputed = new Set<string>();
  const showing = capture.sources.filter((source) => source.shows.some((shown) => shown.name === name));
  // A file that was cut off may be the page before one that looks whole, and files may be parts of one export.
  const lacking = capture.sources.some(
    (source) =>
      isWhole(source) &&
      !showing.includes(source) &&
      showing.some((one) => !isCut(one) && (one.partOf === null || one.partOf !== source.partOf)),
  );
  for (const [id, list] of policies) {
    const saidGone = gone.some((one) => one.id === '' || one.id === id);
    if (distinct(list).length > 1 || saidGone || lacking) disputed.add(id);
  }
  return { policies, disputed };
}

/** The course of one ARN: what stands after each capture of the account. */
function stagesOf(captures: readonly Capture[], name: string): readonly Stage[] {
  const stages: Stage[] = [];
  const known: Life[] = [];
  let standing: readonly Life[] = [];
  let last: Stage['last'] = null;
  let lastAt: string | null = null;
  let gapSince = false;

  const lifeWith = (id: string): Life => {
    const found = known.find((life) => life.same === null && life.id === id);
    if (found !== undefined) return found;
    const life: Life = { id, sightings: [], same: null };
    known.push(life);
    return life;
  };

  for (const capture of captures) {
    const { at } = capture;
    const { policies, disputed } = shownAt(capture, name, standing);
    const named = distinct([...policies.keys()].filter((id) => id !== ''));
    const isNamed = capture.sources.some(({ shows }) =>
      shows.some((shown) => shown.name === name && shown.id !== ''),
    );
    if (isNamed) {
      const [only] = standing;
      const [first = ''] = named;
      if (standing.length === 1 && only?.id === '') takeOver(only, first, known);
      standing = named.map(lifeWith);
    } else if (policies.size > 0) {
      // One of those that stood; or a stretch of its own: only that can turn out to be a role with an id.
      const [id = ''] = policies.keys();
      let one = standing.find((life) => life.id === id);
      if (one === undefined) {
        one = { id: '', sightings: [], same: null };
        known.push(one);
      }
      standing = [one];
    }
    for (const [id, list] of policies) {
      const life = standing.find((one) => one.id === id) ?? lifeWith(id);
      life.sightings.push({ at, policies: [...new Set(list)], disputed: disputed.has(id) });
    }

    const gone = capture.sources.flatMap((source) => source.gone).filter((one) => one.name === name);
    // That an id which nobody ever saw is gone says nothing of the ARN.
    const wasThere = gone.some(
      ({ id }) =>
        id === '' || known.some((life) => life.id === id && life.sightings.some((one) => one.at < at)),
    );
    for (const { id } of gone) {
      if (id === '' && policies.size === 0) standing = [];
      if (id !== '' && !policies.has(id)) standing = standing.filter((life) => life.id !== id);
    }
    if (capture.complete && policies.size === 0) standing = [];

    const proof = policies.size > 0 ? 'shown' : wasThere ? 'deleted' : capture.complete ? 'not-shown' : null;
    if (proof !== null) {
      last = proof;
      lastAt = at;
      gapSince = false;
    } else if (capture.gap) {
      gapSince = true;
    }
    const ids = new Map(standing.map((life) => [life, life.id]));
    stages.push({ at, standing, ids, known: [...known], last, lastAt, gapSince });
  }
  // What was gone and came back, never with an id, is one role.
  const [first, ...later] = known.filter((life) => life.same === null && life.id === '');
  if (first !== undefined) for (const life of later) merge(life, first);
  return stages;
}

/** A role with an id turns out to be the one that was seen without. */
function takeOver(nameless: Life, id: string, known: readonly Life[]): void {
  const earlier = known.find((life) => life.same === null && life.id === id);
  if (earlier === undefined) {
    nameless.id = id;
    return;
  }
  merge(nameless, earlier);
}

function merge(life: Life, into: Life): void {
  const sightings = [...into.sightings, ...life.sightings];
  into.sightings = sightings.sort((a, b) => (a.at < b.at ? -1 : 1));
  life.same = into;
}

const itself = (life: Life): Life => (life.same === null ? life : itself(life.same));

// Verdicts

const RANK: readonly Outcome[] = ['fail', 'error', 'pass', 'not-applicable'];

/** The policy with the worst verdict. */
function worstOf(policies: readonly PolicyName[]): PolicyName {
  const [worst] = [...policies].sort((one, other) => {
    const [a, b] = [POLICIES[one], POLICIES[other]];
    const [anyA, anyB] = [a, b].map(({ lets }) => Number((lets as readonly string[]).includes('*')));
    return (
      RANK.indexOf(a.verdict) - RANK.indexOf(b.verdict) ||
      (anyB ?? 0) - (anyA ?? 0) ||
      b.lets.length - a.lets.length
    );
  });
  if (worst === undefined) throw new Error('a sighting shows a policy');
  return worst;
}

const outcomeOf = ({ policies }: Sighting): Outcome => POLICIES[worstOf(policies)].verdict;
const letsOf = ({ policies }: Sighting): readonly string[] => POLICIES[worstOf(policies)].lets;

/** Roles of an account, each by its name. */
const namesOf = (sources: readonly Source[], account: string): readonly string[] =>
  distinct(
    sources
      .filter((source) => source.account === account)
      .flatMap(({ shows, gone }) => [...shows, ...gone].map(({ name }) => name)),
  );

export const accountsOf = (sources: readonly Source[]): readonly string[] =>
  distinct(sources.map(({ account }) => account));

/** The roles that stand at a moment, sorted by account, ARN and id. */
export function standingAt(sources: readonly Source[], moment: string): readonly Standing[] {
  return accountsOf(sources).flatMap((account) =>
    namesOf(sources, account).flatMap((name) => {
      const stage = stagesOf(until(sources, account, moment), name).at(-1);
      const standing = (stage?.standing ?? []).map(itself);
      return standing.map((life): Standing => {
        const sighting = lastOf(life, moment);
        // Several ids of one moment, as long as several of them stand.
        const beside = standing.filter((other) => lastOf(other, moment).at === sighting.at).length > 1;
        const verdict = outcomeOf(sighting);
        const alike = life.sightings.filter((one) => outcomeOf(one) === verdict);
        return {
          account,
          arn: arnOf(account, name),
          roleId: life.id,
          verdict,
          lets: letsOf(sighting),
          disputed: sighting.disputed || beside,
          firstSeen: alike[0]?.at ?? '',
          lastSeen: sighting.at,
        };
      });
    }),
  );
}

function lastOf(life: Life, moment: string): Sighting {
  const sighting = life.sightings.findLast(({ at }) => at <= moment);
  if (sighting === undefined) throw new Error('what stands was seen');
  return sighting;
}

// Differences

/** What one side knows of a role. */
interface Side {
  readonly sighting: Sighting;
  readonly verdict: Outcome;
  readonly inDoubt: boolean;
}

/** What was seen since another moment is known then, whatever came after it. */
function sideOf(captures: readonly Capture[], life: Life, at: string, since: string): Side {
  const sighting = lastOf(life, at);
  const gap = captures.some((capture) => capture.gap && capture.at > sighting.at && capture.at <= at);
  return { sighting, verdict: outcomeOf(sighting), inDoubt: gap && sighting.at <= since };
}

/** Compares one account between the moments of two captures of it; `lenient` takes what is in doubt as last seen. */
function compare(
  sources: readonly Source[],
  account: string,
  from: string,
  to: string,
  lenient = false,
): readonly Difference[] {
  const captures = until(sources, account, to);
  const lookFrom = lookAt(sources, account, from);
  const differences = namesOf(sources, account).flatMap((name) => {
    const stages = stagesOf(captures, name);
    const stageFrom = stages.findLast(({ at }) => at <= from) ?? UNSEEN;
    const stageTo = stages.at(-1) ?? UNSEEN;
    // A role that only later turned out to be another is that other one on both sides.
    const standsFrom = [...new Set(stageFrom.standing.map(itself))];
    const standsTo = stageTo.standing.map(itself);
    const idFrom = new Map([...stageFrom.ids].map(([life, id]) => [itself(life), id]));
    const lives = [...new Set([...standsFrom, ...standsTo])];
    return lives.flatMap((life): readonly Difference[] => {
      const was = standsFrom.includes(life) ? sideOf(captures, life, from, from) : null;
      const is = standsTo.includes(life) ? sideOf(captures, life, to, from) : null;
      const isFinding = was?.verdict === 'fail' || is?.verdict === 'fail';
      if (!isFinding) return [];

      const toldOf = (side: Side | null): Outcome | null => side?.verdict ?? null;
      const tell = (change: Change, ...causes: readonly (string | null)[]): readonly Difference[] => [
        {
          change,
          causes,
          account,
          arn: arnOf(account, name),
          roleId: is === null ? (idFrom.get(life) ?? life.id) : life.id,
          fromVerdict: toldOf(was),
          toVerdict: toldOf(is),
        },
      ];
      const notComparable = (): readonly Difference[] =>
        tell('not-comparable', 'incomplete-evidence').map((one) => ({
          ...one,
          fromVerdict: was?.inDoubt === true ? null : one.fromVerdict,
          toVerdict: is?.inDoubt === true ? null : one.toVerdict,
        }));
      const failedBefore = life.sightings.some((one) => one.at <= from && outcomeOf(one) === 'fail');
      const appear = (...causes: readonly string[]): readonly Difference[] =>
        tell(failedBefore ? 'reopened' : 'new', ...causes);
      const doubt = (side: Side): boolean => !lenient && side.inDoubt;

      if (from === to) return tell('unchanged', null);
      if (was?.verdict === 'error' || is?.verdict === 'error') return notComparable();
      if (was?.verdict === 'fail' && is === null) {
        // One that stood beside it all along has not taken its ARN.
        const isTaken = standsTo.some((one) => !standsFrom.includes(one));
        return tell('resolved', isTaken ? 'role-recreated' : 'role-deleted');
      }
      if (was?.verdict === 'fail' && is?.verdict === 'fail') {
        if (doubt(was) || doubt(is)) return notComparable();
        const same = String(letsOf(was.sighting)) === String(letsOf(is.sighting));
        return same ? tell('unchanged', null) : tell('changed', 'policy-changed');
      }
      if (was?.verdict === 'fail' && is !== null) {
        return doubt(is) ? notComparable() : tell('resolved', ...causesOfGuard(was, is));
      }
      if (is === null) return [];
      if (was !== null) {
        return doubt(was) || doubt(is) ? notComparable() : appear('policy-changed');
      }

      const others = stageFrom.standing.some((one) => itself(one) !== life);
      const wasSeen = life.sightings.some(({ at }) => at <= from);
      const deleted = stageFrom.last === 'deleted' && !stageFrom.gapSince;
      const known = lenient || lookFrom?.complete === true || wasSeen || others || deleted;
      if (!known) return notComparable();
      const appeared = life.sightings.find(({ at }) => at > from)?.at ?? '';
      const hadOther = (until: (at: string) => boolean): boolean =>
        stageTo.known.some((one) => itself(one) !== life && one.sightings.some(({ at }) => until(at)));
      const cameBack = life.id === '' && wasSeen;
      if (others || cameBack || hadOther((at) => at < appeared)) return appear('role-recreated');
      // Nobody says what two that appear at one moment are to each other.
      return hadOther((at) => at >= appeared)
        ? appear('role-created', 'role-recreated')
        : appear('role-created');
    });
  });
  return differences;
}

function causesOfGuard(was: Side, is: Side): readonly string[] {
  if (is.verdict === 'not-applicable') return ['path-removed'];
  // Whether a guard on one account is one on the way that anyone had is left open here.
  return letsOf(was.sighting).includes('444455556666')
    ? ['guard-added']
    : letsOf(was.sighting).includes('*')
      ? ['guard-added', 'path-removed']
      : ['path-removed'];
}

export interface Diff {
  readonly coverage: Coverage;
  readonly changes: readonly Difference[];
}

/** What `diff` says between two moments, with all that is unchanged; sorted by account, ARN and role id. */
export function diffOf(sources: readonly Source[], from: string, to: string): Diff {
  const coverage = { both: 0, onlyFrom: 0, onlyTo: 0, carriedForward: 0, incomplete: 0 };
  const changes = accountsOf(sources).flatMap((account): readonly Difference[] => {
    const [lookFrom, lookTo] = [lookAt(sources, account, from), lookAt(sources, account, to)];
    if (lookTo === null) return [];
    if (lookFrom?.complete === false || !lookTo.complete) coverage.incomplete++;
    if (lookFrom === null) {
      coverage.onlyTo++;
      return findingsAt(sources, account, to, 'account-not-covered');
    }
    coverage.both++;
    if (lookFrom.at === lookTo.at) coverage.carriedForward++;
    return compare(sources, account, lookFrom.at, lookTo.at);
  });
  return { coverage, changes: sorted(changes) };
}

function findingsAt(
  sources: readonly Source[],
  account: string,
  moment: string,
  cause: string,
): readonly Difference[] {
  return standingAt(sources, moment)
    .filter((role) => role.account === account && role.verdict === 'fail')
    .map(({ arn, roleId }) => ({
      change: 'not-comparable',
      causes: [cause],
      account,
      arn,
      roleId,
      fromVerdict: null,
      toVerdict: 'fail',
    }));
}

function sorted(changes: readonly Difference[]): readonly Difference[] {
  const key = ({ account, arn, roleId }: Difference): string => `${account} ${arn} ${roleId}`;
  return [...changes].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

// Reports

/** The moment of the look before the present one; null where there is none. */
export function lookBefore(sources: readonly Source[], account: string, moment: string): string | null {
  const moments = until(sources, account, moment).map(({ at }) => at);
  const present = moments.pop();
  if (present === undefined) return null;
  const day = present.slice(0, 10);
  const whole = moments.filter((at) => lookAt(sources, account, at)?.complete);
  return whole.findLast((at) => at.slice(0, 10) < day) ?? whole.at(-1) ?? moments.at(-1) ?? null;
}

export interface Row extends Standing {
  readonly state: State;
}

/** What a report says at a moment: one row for each role. */
export function reportAt(sources: readonly Source[], moment: string): readonly Row[] {
  return standingAt(sources, moment).map((role) => {
    const before = lookBefore(sources, role.account, moment);
    if (before === null) return { ...role, state: role.verdict === 'fail' ? 'baseline' : null };
    const present = lookAt(sources, role.account, moment)?.at ?? '';
    const change = compare(sources, role.account, before, present).find(
      ({ arn, roleId }) => arn === role.arn && roleId === role.roleId,
    )?.change;
    return { ...role, state: change === undefined || change === 'resolved' ? null : change };
  });
}

// Trend

/** Accounts of whose roles something was said by then. */
function coveredBy(sources: readonly Source[], moment: string): readonly string[] {
  return accountsOf(sources).filter((account) => until(sources, account, moment).some(speaks));
}

const endOf = (day: string): string => `${day}T23:59:59Z`;

/** One point for each day with a capture. */
export function trendOf(sources: readonly Source[]): readonly Point[] {
  const captures = capturesOf(sources).filter(speaks);
  const days = distinct(captures.map(({ at }) => at.slice(0, 10)));
  return days.map((day, index) => {
    const end = endOf(day);
    const previous = days[index - 1];
    const covered = coveredBy(sources, end);
    const before = previous === undefined ? [] : coveredBy(sources, endOf(previous));
    const roles = standingAt(sources, end);
    const changes = before.flatMap((account) => {
      const from = lookAt(sources, account, endOf(previous ?? ''));
      const to = lookAt(sources, account, end);
      return from === null || to === null ? [] : compare(sources, account, from.at, to.at, true);
    });
    const count = (...kinds: readonly Change[]): number =>
      changes.filter(({ change }) => kinds.includes(change)).length;
    const captured = (account: string): boolean =>
      until(sources, account, end).at(-1)?.at.startsWith(day) === true;
    return {
      at: day,
      accounts: covered.length,
      carriedForward: covered.filter((account) => !captured(account)).length,
      roles: roles.length,
      fail: roles.filter(({ verdict }) => verdict === 'fail').length,
      new: count('new', 'reopened'),
      resolved: count('resolved'),
    };
  });
}
