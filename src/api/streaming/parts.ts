import { TrustsieveError } from '../../errors.ts';
import { type EvidencePart, expandEvidence, expandGiven } from '../../evidence/archive/index.ts';
import { givenSource } from '../../evidence/given-source.ts';
import { walkEvidence } from '../../evidence/walk.ts';
import type { ReadOptions } from '../../formats/shared/file-reading.ts';
import type { GivenEvidence } from './types.ts';

/** Opens the evidence: one part for each file and each member of an archive. To be called once. */
export type PartsOf = (options: ReadOptions, stop: AbortSignal) => AsyncIterable<EvidencePart>;

/** Errors: `usage` for what is no evidence. */
export function partsIn(evidence: string | readonly string[] | GivenEvidence): PartsOf {
  if (typeof evidence === 'string') return (options) => partsAt([evidence], options);
  if (Array.isArray(evidence)) {
    const paths = evidence as readonly unknown[];
    if (paths.every((path) => typeof path === 'string')) return (options) => partsAt(paths, options);
  } else if (typeof evidence === 'object' && evidence !== null) {
    const { name, bytes } = evidence as GivenEvidence;
    if (typeof name === 'string' && typeof bytes === 'object' && bytes !== null) {
      return (options, stop) => expandGiven(name, givenSource(bytes, stop), options);
    }
  }
  throw new TrustsieveError(
    'usage',
    'evidence is a path, a list of paths, or `{ name, bytes }` with a stream',
  );
}

async function* partsAt(paths: readonly string[], options: ReadOptions): AsyncGenerator<EvidencePart, void> {
  let inputs = 0;
  for await (const input of walkEvidence(paths)) {
    inputs++;
    yield* expandEvidence(input, options);
  }
  if (inputs === 0) throw new TrustsieveError('file-not-found', 'there is no file below these paths');
}
