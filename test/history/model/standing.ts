import type { Outcome } from '../../../src/model/exposure.ts';
import { accountsOf, distinct, until } from './captures.ts';
import { arnOf, POLICIES, type PolicyName, type Source } from './evidence.ts';
import { itself, type Life, type Sighting, stagesOf } from './stages.ts';

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

export const outcomeOf = ({ policies }: Sighting): Outcome => POLICIES[worstOf(policies)].verdict;
export const letsOf = ({ policies }: Sighting): readonly string[] => POLICIES[worstOf(policies)].lets;

/** Roles of an account, each by its name. */
export const namesOf = (sources: readonly Source[], account: string): readonly string[] =>
  distinct(
    sources
      .filter((source) => source.account === account)
      .flatMap(({ shows, gone }) => [...shows, ...gone].map(({ name }) => name)),
  );

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

export function lastOf(life: Life, moment: string): Sighting {
  const sighting = life.sightings.findLast(({ at }) => at <= moment);
  if (sighting === undefined) throw new Error('what stands was seen');
  return sighting;
}
