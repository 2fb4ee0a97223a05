import type { ObservationRow, Span } from '../../store/index.ts';
import type { KnownRole } from './nameless.ts';

/**
 * What stands for the roles that are steady over the span with one policy: the only one of its ARN. Whatever is made of it
 * is made of each of them, but for their names and ids.
 */
export function steadyGroup(policy: number, { first, last }: Span): readonly [KnownRole] {
  const row: ObservationRow = { role: 0, policy, first, last, complete: true, evidence: null, offset: null };
  return [{ arn: '', roleName: '', roleId: 'steady', partition: '', observations: [row] }];
}
