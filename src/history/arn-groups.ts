import type { ObservedRole } from '../store/role-reader.ts';

/** The roles of each ARN together, in the order they come; equal ARNs must stand next to each other. */
export function* arnGroups(roles: Iterable<ObservedRole>): Iterable<readonly ObservedRole[]> {
  let group: ObservedRole[] = [];
  for (const role of roles) {
    if (group[0] !== undefined && group[0].arn !== role.arn) {
      yield group;
      group = [];
    }
    group.push(role);
  }
  if (group.length > 0) yield group;
}
