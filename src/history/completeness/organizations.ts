import type { AccountLook, StoreReader } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import { guardrailsAt } from '../guardrails/guardrails.ts';
import { andMore, NAMED } from './disagreement-tally.ts';

/** What organisation evidence lacks. */
export interface OrganizationGaps {
  /** Accounts in scope for which not all resource control policies are known, by id. */
  readonly guardrailsUnknown: readonly string[];
  /** Parts of one sentence, each with its code. */
  readonly reasons: readonly string[];
}

/** Evidence that says nothing of resource control policies lacks none of them. */
export function organizationGaps(reader: StoreReader, looks: readonly AccountLook[]): OrganizationGaps {
  const { problems } = reader.assembledOrganizations(null);
  const damages = new Set<string>();
  const unknown = looks.filter((look) => {
    const guardrails = guardrailsAt(reader, look.account, look);
    if (guardrails?.unknown !== true) return false;
    const { damage } = guardrails;
    if (damage !== null) damages.add(`\`${damage.policy}\`: ${damage.why.replace(/\.$/, '')}`);
    return true;
  });
  const guardrailsUnknown = unknown.map(({ account }) => account);
  return {
    guardrailsUnknown,
    reasons: [
      ...problems.map(({ code, message }) => `organisation ${message} (${code})`),
      ...damagedReasons([...damages].sort()),
      ...unknownReasons(guardrailsUnknown),
    ],
  };
}

function damagedReasons(damages: readonly string[]): readonly string[] {
  if (damages.length === 0) return [];
  const what = counted(damages.length, 'resource control policy is', 'resource control policies are');
  return [
    `${what} damaged (${andMore(damages.slice(0, NAMED), damages.length)}) (organization-policy-damaged)`,
  ];
}

function unknownReasons(accounts: readonly string[]): readonly string[] {
  if (accounts.length === 0) return [];
  const named = andMore(accounts.slice(0, NAMED), accounts.length);
  const whose = accounts.length === 1 ? 'account' : 'accounts';
  return [
    `organisation evidence does not show all resource control policies of ${whose} ${named} (organization-guardrails-unknown)`,
  ];
}
