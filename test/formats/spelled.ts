import { expect } from 'vitest';
import type { FormatEvent } from '../../src/formats/shared/file-reading.ts';

/** Events as they are without columns, without what columns do not keep. */
export function spelled(events: readonly FormatEvent[]): {
  readonly seen: unknown[];
  readonly inColumns: number;
} {
  let inColumns = 0;
  const seen = events.flatMap((event): unknown[] => {
    if (event.kind === 'role') {
      const { pointer: _, roleName: __, ...record } = event.record;
      return [record];
    }
    if (event.kind !== 'roles') return [event];
    const { texts, lengths, policies, offsets, policyTexts } = event.columns;
    const roles: unknown[] = [];
    let at = 0;
    for (const { group, count } of event.runs) {
      for (let left = count; left > 0; left--) {
        const row = roles.length;
        const id = at + (lengths[2 * row] as number);
        const end = id + (lengths[2 * row + 1] as number);
        roles.push({
          ...group,
          arn: texts.slice(at, id),
          roleId: texts.slice(id, end),
          trust: { state: 'document', text: policyTexts[policies[row] as number] },
          status: 'live',
          version: '',
          offset: offsets[row],
        });
        at = end;
      }
    }
    expect(at).toBe(texts.length);
    expect(roles.length).toBe(policies.length);
    inColumns += roles.length;
    return roles;
  });
  return { seen, inColumns };
}
