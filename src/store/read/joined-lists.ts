import { CLOSED_STATUSES, type Member, type MemberList } from '../../model/account-lists.ts';
import type { AccountRelations, KnownAccount } from '../../model/relations.ts';
import type { PlacedMember } from './organizations.ts';

/**
 * The accounts that should be there: those of the list that was given (`--accounts`), and those of every organisation of
 * which evidence lists all accounts. Neither takes away what the other names: an account that is only on one is a
 * member, and one that is on both is closed only where both say so. Evidence names it, or else the list.
 *
 * @returns null where there is neither
 */
export function joinMembers(given: MemberList | null, placed: readonly PlacedMember[]): MemberList | null {
  const shown = placed.filter(({ organization }) => organization.membersWhole);
  if (shown.length === 0) return given;
  const members = new Map<string, Member>((given?.members ?? []).map((member) => [member.account, member]));
  for (const { account, name, status } of shown) {
    const before = members.get(account);
    const isOpen = before !== undefined && !CLOSED_STATUSES.has(before.status);
    members.set(account, {
      account,
      name: name ?? before?.name ?? null,
      status: isOpen ? before.status : status,
    });
  }
  return {
    members: [...members.values()].sort((a, b) => (a.account < b.account ? -1 : 1)),
    // Evidence of all accounts makes up for a list that was cut.
    whole: true,
  };
}

/** Members of an organisation belong together, whatever lists say of them; what lists say of others stays. */
export function joinOrganizations(
  given: AccountRelations,
  placed: readonly PlacedMember[],
): AccountRelations {
  if (placed.length === 0) return given;
  const accounts = new Map<string, KnownAccount>(given.accounts);
  for (const { account, name } of placed) {
    accounts.set(account, {
      name: name ?? accounts.get(account)?.name ?? null,
      relation: 'same-organisation',
    });
  }
  return {
    accounts,
    organisationKnown:
      given.organisationKnown || placed.some(({ organization }) => organization.membersWhole),
    evidence: {
      organizationOf: new Map(
        placed.map(({ account, organization: { id, membersWhole } }) => [
          account,
          { id, whole: membersWhole },
        ]),
      ),
      listKnown: given.organisationKnown,
    },
  };
}
