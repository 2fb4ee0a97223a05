import type { AccountLook, RoleChoice, StoreReader } from '../../store/index.ts';
import { rolesByArn } from './arn-roles.ts';
import { type CurrentRole, currentRoles } from './current-roles.ts';
import type { KnownRole } from './nameless.ts';

/** The roles that stand at a moment, each with all roles of its ARN; by ARN, then role id. */
export function* standingRoles(
  reader: StoreReader,
  look: AccountLook,
  choice: RoleChoice = {},
): Iterable<CurrentRole & { readonly group: readonly KnownRole[] }> {
  for (const group of rolesByArn(reader, look.account, choice)) {
    for (const current of currentRoles(group, look)) yield { ...current, group };
  }
}
