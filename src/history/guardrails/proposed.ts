import type { AttachedPolicy, Organization } from '../../model/organizations/organization.ts';
import type { Store, StoreReader } from '../../store/index.ts';

/**
 * The store as it would tell its findings if a further resource control policy were attached to the root of one
 * organisation. Reports opened on it judge all roles again; nothing is written.
 *
 * @param organization its id, `o-...`
 */
export function storeWithGuardrail(store: Store, organization: string, policy: AttachedPolicy): Store {
  const amended = new WeakMap<Organization, Organization>();
  const amend = (known: Organization): Organization => {
    let further = amended.get(known);
    if (further === undefined) {
      further = {
        ...known,
        policiesOf: (account) => {
          const applying = known.policiesOf(account);
          return applying.policies === null
            ? applying
            : { ...applying, policies: [...applying.policies, policy] };
        },
      };
      amended.set(known, further);
    }
    return further;
  };
  const { reader } = store;
  const organizationOf: StoreReader['organizationOf'] = (account, at) => {
    const known = reader.organizationOf(account, at);
    return known?.id === organization ? amend(known) : known;
  };
  return { ...store, reader: { ...reader, organizationOf } };
}
