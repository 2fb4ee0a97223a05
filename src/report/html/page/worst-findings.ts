import type { Outcome } from '../../../model/exposure.ts';
import { effectiveVerdict } from '../../../model/guardrail.ts';
import type { ReportSource, StoredVerdict } from '../../../model/report-source.ts';
import { OUTCOMES, type VerdictObject } from '../../../model/verdict.ts';
import { CLASSES, classOf, type VerdictClass } from '../../../model/verdict-class.ts';
import { compareByImpact } from '../../shared/words/impact-words.ts';
import { heldLength } from './held-length.ts';

/** The worst findings of a source, and how many findings it has in all. */
export interface WorstFindings {
  readonly total: number;
  readonly listed: number;
  /** In the order in which the page ranks them. */
  readonly verdicts: Iterable<StoredVerdict>;
}

/** By what a finding is found again. */
type Place = Pick<VerdictObject, 'rule' | 'arn' | 'roleId' | 'impact'>;

/** Finds the worst of the findings with these outcomes, `limit` at most; reads the source twice. */
export function worstFindings(
  source: ReportSource,
  outcomes: readonly Outcome[] = OUTCOMES,
  limit: number,
): WorstFindings {
  const wanted: readonly Outcome[] = outcomes.filter((outcome) => outcome === 'fail' || outcome === 'error');
  const places: Partial<Record<VerdictClass, Place[]>> = {};
  let total = 0;
  for (const { object } of source.verdicts({ outcomes: wanted })) {
    if (!wanted.includes(effectiveVerdict(object))) continue;
    total += 1;
    const { rule, arn, roleId, impact } = object;
    const group = classOf(object);
    const found = places[group] ?? [];
    places[group] = found;
    found.push({ rule, arn, roleId, impact });
    if (found.length > 2 * limit) places[group] = ranked(found, limit);
  }
  const all = CLASSES.flatMap((group) => ranked(places[group] ?? [], limit)).slice(0, limit);
  return { total, listed: all.length, verdicts: verdictsAt(source, wanted, all) };
}

/** Of what is alike the first stays first. */
function ranked(places: readonly Place[], limit: number): Place[] {
  return [...places].sort((a, b) => compareByImpact(a.impact, b.impact)).slice(0, limit);
}

/** See `heldLength`; what finds no room is looked up one by one, which takes far longer. */
const HELD = 32 * 1024 * 1024;

function* verdictsAt(
  source: ReportSource,
  outcomes: readonly Outcome[],
  places: readonly Place[],
): Generator<StoredVerdict> {
  const wanted = new Set(places.map(keyOf));
  const held = new Map<string, StoredVerdict>();
  let characters = 0;
  for (const verdict of source.verdicts({ outcomes })) {
    const key = keyOf(verdict.object);
    const length = heldLength(verdict);
    if (!wanted.has(key) || characters + length > HELD) continue;
    held.set(key, verdict);
    characters += length;
  }
  for (const place of places) {
    yield held.get(keyOf(place)) ?? lookedUp(source, place);
  }
}

function lookedUp(source: ReportSource, place: Place): StoredVerdict {
  const { rule, arn } = place;
  for (const verdict of source.verdicts({ rule, arn })) {
    if (keyOf(verdict.object) === keyOf(place)) return verdict;
  }
  throw new Error(`the source no longer has the finding ${keyOf(place)}`);
}

function keyOf({ rule, arn, roleId }: Place): string {
  return JSON.stringify([rule, arn, roleId]);
}
