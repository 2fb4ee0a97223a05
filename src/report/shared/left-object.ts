import type { StoredVerdict } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';

/** A verdict object whose ways in and message are those that guardrails leave. */
export function leftObject({
  object,
  ways,
  leftMessage = object.message,
}: Pick<StoredVerdict, 'object' | 'ways' | 'leftMessage'>): VerdictObject {
  return { ...object, paths: ways, message: leftMessage };
}
