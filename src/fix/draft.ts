import { analyseTrustPolicy } from '../exposure/analyse.ts';
import type { JsonObject } from '../iam/json.ts';
import type { Statement } from '../iam/trust-policy.ts';
import type { PathIn } from '../model/exposure.ts';
import { compactPolicy } from './policy-json.ts';
import type { DerivedStatement, RemediationOptions } from './remediation.ts';

/** A policy that is being amended, as it stands before the first statement is guarded. */
export interface Draft {
  readonly own: string;
  readonly options: RemediationOptions;
  readonly statements: readonly DerivedStatement[];
  /** The same, read; index by index. */
  readonly parsed: readonly Statement[];
  readonly text: string;
  readonly paths: readonly PathIn[];
  /** Puts statements into the document they belong to. */
  readonly put: (statements: readonly DerivedStatement[]) => JsonObject;
}

/** The ways in through a statement that stands in the place of another, for a role that `own` owns. */
export function pathsWith(
  draft: Draft,
  index: number,
  object: JsonObject,
  own: string = draft.own,
): readonly PathIn[] {
  const statements = draft.statements.map((derived, at) => (at === index ? { ...derived, object } : derived));
  const text = compactPolicy(draft.put(statements));
  const analysis = analyseTrustPolicy(text, own, draft.options.partition);
  return analysis.paths.filter((path) => path.statement === index);
}
