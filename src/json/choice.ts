import { TrustsieveError } from '../errors.ts';
import type { Landing } from '../evidence/landing.ts';
import { createFastReader } from './fast/fast-reader.ts';
import { scannerRuns } from './fast/scanner.ts';
import type { ReaderFactory } from './reader.ts';
import { createReferenceReader } from './reference/reference-reader.ts';

/** `auto`: the fast reader where the runtime has what it takes. */
export const READER_CHOICES = ['auto', 'fast', 'reference'] as const;
export type ReaderChoice = (typeof READER_CHOICES)[number];

export interface ChosenReader {
  readonly name: 'fast' | 'reference';
  readonly create: ReaderFactory;
  /** A sentence for the user; null when there is nothing to say. */
  readonly note: string | null;
}

/**
 * Both readers give the same events; they differ in speed alone.
 *
 * @param landing where bytes of evidence may lie that the fast reader then need not copy
 * @throws TrustsieveError `usage` for `fast` in a runtime without WebAssembly SIMD
 */
export function chooseReader(
  choice: ReaderChoice,
  runs: boolean = scannerRuns(),
  landing: Landing | null = null,
): ChosenReader {
  if (choice === 'reference') return { name: 'reference', create: createReferenceReader, note: null };
  if (runs) {
    const create: ReaderFactory = (plan, start) => createFastReader(plan, start, landing);
    return { name: 'fast', create, note: null };
  }
  if (choice === 'fast') {
    throw new TrustsieveError(
      'usage',
      'this runtime has no WebAssembly SIMD, which the fast reader needs: use `--reader auto`',
    );
  }
  const note = 'this runtime has no WebAssembly SIMD: JSON is read by the slower reference reader';
  return { name: 'reference', create: createReferenceReader, note };
}
