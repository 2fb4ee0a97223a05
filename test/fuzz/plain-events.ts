import type { FormatEvent } from '../../src/formats/shared/file-reading.ts';

/** Roles and all else that `scan` keeps, whether roles came one by one or in columns; without what columns do not keep. */
export function plainEvents(events: readonly FormatEvent[]): readonly unknown[] {
  return events.flatMap((event): unknown[] => {
    if (event.kind === 'role') {
      const { pointer: _, roleName: __, ...record } = event.record;
      return [record];
    }
    if (event.kind === 'policies-end' || (event.kind === 'policy' && event.isRecord !== true)) return [];
    if (event.kind === 'policy') return [{ kind: 'policy', arn: event.arn, offset: event.offset }];
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
    if (at !== texts.length || roles.length !== policies.length) roles.push('columns do not add up');
    return roles;
  });
}
