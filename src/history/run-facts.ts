import { TrustsieveError } from '../errors.ts';
import type { RunFacts, StoreReader } from '../store/index.ts';

/**
 * What a run was told and judged by; for null what the last run was, and null in a store without any.
 * Errors: `not-found` for an unknown run.
 */
export function runFactsIn(reader: StoreReader, path: string, run: number | null): RunFacts | null {
  const facts = reader.runFacts(run);
  if (facts !== null || run === null) return facts;
  throw new TrustsieveError(
    'not-found',
    `no run \`${run}\` in \`${path}\`: list them with \`trustsieve runs\``,
  );
}
