import type { FileProblem } from '../../model/file-problem.ts';

/** What a file is that holds no evidence. */
export interface Aside extends FileProblem {
  readonly kind: string;
  /**
   * Traces of trust policies that files of this kind have by their nature: `actions`, as policies name them; `policies`,
   * as logs and findings quote whole trust policies. Without it, a file with any trace is not left aside.
   */
  readonly tolerates?: 'actions' | 'policies';
}

/** What to do instead, where nothing better is known: the end of a sentence, or one of its halves. */
export const EXPORT = 'export `aws iam get-account-authorization-details --output json`';

/** The same for what should be evidence of an organisation. */
export const COLLECT = 'collect the organisation again, as docs/collect.md says';
