import type { CodedProblem, OrganizationBehind, UnknownGuardrails } from '../../model/completeness.ts';
import { older } from '../../model/organizations/standing.ts';
import type { AccountLook, StoreReader } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import { guardrailsAt } from '../guardrails/guardrails.ts';
import { andMore, lack, NAMED, type Reason, shortReason } from './reason.ts';

/** What organisation evidence lacks. */
export interface OrganizationGaps {
  /** Accounts in scope for which not all resource control policies are known, by id. */
  readonly guardrailsUnknown: readonly UnknownGuardrails[];
  readonly problems: readonly CodedProblem[];
  /** Organisations whose evidence is older than most, by id. */
  readonly behind: readonly OrganizationBehind[];
  /** Each with its code. */
  readonly reasons: readonly Reason[];
}

/**
 * Evidence that says nothing of resource control policies lacks none of them.
 *
 * @param ageOf days that a column time is older than the newest capture
 * @param limits days after which evidence of an organisation is carried forward, and after which it does not count as
 *     complete any more (null: never)
 */
export function organizationGaps(
  reader: StoreReader,
  looks: readonly AccountLook[],
  ageOf: (time: string) => number,
  { staleAfter, maxAge }: { readonly staleAfter: number; readonly maxAge: number | null },
): OrganizationGaps {
  const { organizations, problems } = reader.assembledOrganizations(null);
  const found = problems.map(({ code, message }) => ({ code, message: `organisation ${message}` }));
  const damages = new Set<string>();
  const guardrailsUnknown = looks.flatMap((look) => {
    const guardrails = guardrailsAt(reader, look.account, look);
    const lack = guardrails?.lack ?? null;
    if (guardrails === null || lack === null) return [];
    const { damage } = guardrails;
    if (damage !== null) damages.add(`\`${damage.policy}\`: ${damage.why.replace(/\.$/, '')}`);
    return [{ account: look.account, lack }];
  });
  const since = sinceWhen(reader, looks);
  const ages = organizations
    .filter(({ id }) => since.has(id))
    .map(({ id, capturedAt: newest }) => {
      const capturedAt = since.get(id) ?? newest;
      return { organization: id, capturedAt, age: ageOf(capturedAt.replace(/Z$/, '')) };
    });
  return {
    guardrailsUnknown,
    problems: found,
    behind: ages.filter(({ age }) => age > staleAfter),
    reasons: [
      ...found.map(({ code, message }) => shortReason(`${message} (${code})`)),
      ...damagedReasons([...damages].sort()),
      ...unknownReasons(guardrailsUnknown),
      ...ages
        .filter(({ age }) => maxAge !== null && age > maxAge)
        .map(({ organization, age }) => {
          return shortReason(
            `evidence of organisation ${organization} is ${counted(age, 'day')} older than the newest capture`,
          );
        }),
    ],
  };
}

/**
 * By organisation to which some account in scope belongs, the time of the oldest evidence that guardrails of these accounts rest
 * on; null where there are no guardrails.
 */
function sinceWhen(reader: StoreReader, looks: readonly AccountLook[]): ReadonlyMap<string, string | null> {
  const since = new Map<string, string | null>();
  for (const { account } of looks) {
    const organization = reader.organizationOf(account, null);
    if (organization === null) continue;
    const before = since.get(organization.id) ?? null;
    const own = organization.policiesOf(account).since;
    since.set(organization.id, own === null ? before : older(before, own));
  }
  return since;
}

function damagedReasons(damages: readonly string[]): readonly Reason[] {
  if (damages.length === 0) return [];
  const what = counted(damages.length, 'resource control policy is', 'resource control policies are');
  const named = andMore(damages.slice(0, NAMED), damages.length);
  return [
    {
      ...shortReason(`${what} damaged`),
      text: `${what} damaged (${named}) (organization-policy-damaged)`,
    },
  ];
}

function unknownReasons(unknown: readonly UnknownGuardrails[]): readonly Reason[] {
  if (unknown.length === 0) return [];
  const accounts = unknown.map(({ account }) => account);
  const lacks = [...new Set(unknown.map(({ lack }) => lack))];
  const whose = accounts.length === 1 ? 'account' : 'accounts';
  const named = `${whose} ${andMore(accounts.slice(0, NAMED), accounts.length)}`;
  const why = andMore(lacks.slice(0, NAMED), lacks.length);
  const what = 'organisation evidence does not show all resource control policies of';
  return [
    {
      text: `${what} ${named}: it does not show ${why} (organization-guardrails-unknown)`,
      ...lack(`${what} ${counted(accounts.length, 'account')}`, accounts),
    },
  ];
}
