import type { DataProblem } from '../errors.ts';

/** Why a file is not read, in one sentence that says what to do. */
export interface Explanation {
  readonly code: DataProblem;
  readonly message: string;
}
