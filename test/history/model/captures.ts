import type { DataProblem } from '../../../src/errors.ts';
import type { Source } from './evidence.ts';

export const HARMLESS: readonly DataProblem[] = [
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

export const distinct = <T extends string>(values: readonly T[]): readonly T[] => [...new Set(values)].sort();

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
export const speaks = ({ sources }: Capture): boolean =>
  sources.some(({ claims }) => claims !== 'no-iam-recorded');

/** The captures of an account not after a moment, in order of time; those that say nothing only where no other is. */
export function until(sources: readonly Source[], account: string, moment: string): readonly Capture[] {
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

export const accountsOf = (sources: readonly Source[]): readonly string[] =>
  distinct(sources.map(({ account }) => account));
