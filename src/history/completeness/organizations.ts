import type { AccountLook, StoreReader } from '../../store/index.ts';
import { andMore, NAMED } from './disagreement-tally.ts';

/**
 * What is wrong with organisation evidence, as parts of one sentence, each with its code: what contradicts itself, and
 * accounts for which it does not show all resource control policies. Evidence that says nothing of such policies lacks
 * none of them.
 */
export function organizationReasons(
  reader: StoreReader,
  looks: readonly Pick<AccountLook, 'account'>[],
): readonly string[] {
  const { problems, governed } = reader.assembledOrganizations(null);
  const unknown = looks
    .filter(({ account }) => {
      const organization = reader.organizationOf(account, null);
      if (organization === null || !governed.has(organization.id)) return false;
      // No such policy applies to the roles of the management account.
      return account !== organization.managementAccount && organization.policiesOf(account) === null;
    })
    .map(({ account }) => account);
  const named = andMore(unknown.slice(0, NAMED), unknown.length);
  return [
    ...problems.map(({ code, message }) => `organisation ${message} (${code})`),
    ...(unknown.length === 0
      ? []
      : [
          `organisation evidence does not show all resource control policies of ${unknown.length === 1 ? 'account' : 'accounts'} ${named} (organization-guardrails-unknown)`,
        ]),
  ];
}
