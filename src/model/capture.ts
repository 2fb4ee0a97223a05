import type { DataProblem } from '../errors.ts';

/** What one file says of one account at one time. */
export interface AccountCapture {
  readonly account: string;
  readonly capturedAt: string;
  /** True when a role that is missing here did not exist at that time. */
  readonly complete: boolean;
  /** Why not complete, such as `truncated`, `next-page-missing`, `changes-only`; sorted, each once, empty when complete. */
  readonly reasons: readonly DataProblem[];
}

/** Where a capture time came from, most trusted first. */
export type CaptureTimeSource = 'evidence' | 'option' | 'name' | 'modified';
