import type { DataProblem } from '../errors.ts';

/** Something to know of a file as a whole. */
export interface FileProblem {
  readonly code: DataProblem;
  /** One sentence; it says how often when it occurred more than once. */
  readonly message: string;
  /** Of a file that was left aside: what it is, with its article. Files of one kind are counted together. */
  readonly kind?: string;
}

/** Problems that leave all bytes of the text readable. */
export const ALL_READ: ReadonlySet<DataProblem> = new Set([
  'invalid-utf8',
  'windows-1252',
  'nul-padding',
  'gzip-trailing',
  'zstd-trailing',
  'bzip2-trailing',
]);
