import type { Outcome } from '../../../src/model/exposure.ts';
import { accountsOf, type Capture, lookAt, until } from './captures.ts';
import { arnOf, type Source } from './evidence.ts';
import { itself, type Life, type Sighting, stagesOf, UNSEEN } from './stages.ts';
import { lastOf, letsOf, namesOf, outcomeOf, standingAt } from './standing.ts';

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

/** What one side knows of a role. */
interface Side {
  readonly sighting: Sighting;
  readonly verdict: Outcome;
  readonly inDoubt: boolean;
}

function sideOf(captures: readonly Capture[], life: Life, at: string): Side {
  const sighting = lastOf(life, at);
  const gap = captures.some((capture) => capture.gap && capture.at > sighting.at && capture.at <= at);
  return { sighting, verdict: outcomeOf(sighting), inDoubt: gap };
}

/** What was seen to come since another moment is known to have, whatever was cut after it. */
function hasCome(was: Side | null, { sighting, verdict }: Side, since: string): boolean {
  if (verdict !== 'fail' || sighting.at <= since) return false;
  if (was?.verdict !== 'fail') return true;
  const before = letsOf(was.sighting);
  return !before.includes('*') && letsOf(sighting).some((one) => !before.includes(one));
}

/** Compares one account between the moments of two captures of it; `lenient` takes what is in doubt as last seen. */
export function compare(
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
      const was = standsFrom.includes(life) ? sideOf(captures, life, from) : null;
      const seen = standsTo.includes(life) ? sideOf(captures, life, to) : null;
      const is = seen && { ...seen, inDoubt: seen.inDoubt && !hasCome(was, seen, from) };
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
