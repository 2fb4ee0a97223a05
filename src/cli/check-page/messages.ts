import type { Fix, FixOptions, Verdict } from '../../api/policy.ts';

/** From the page to the thread that judges. */
export interface Question {
  readonly id: number;
  /** As pasted. */
  readonly text: string;
  readonly options: FixOptions;
}

/** What there is to show of a policy. */
export interface Answer {
  readonly verdict: Verdict;
  /** A sentence for every note of the verdict. */
  readonly sentences: Readonly<Record<string, string>>;
  /** The policy without what it was wrapped in; null: none can be read. */
  readonly policy: string | null;
  readonly fix: Fix;
}

/** From the thread to the page. */
export type Reply =
  | { readonly id: number; readonly answer: Answer }
  /** The options cannot be used, as a sentence. */
  | { readonly id: number; readonly refusal: string };
