import type { Impact, InlinePolicy, PolicyList, RoleDetail } from '../model/role-detail.ts';
import { parseIdentityPolicy } from './identity-policy.ts';
import { knownPolicy } from './known-policies.ts';
import type { Policy } from './permissions.ts';
import { type Evidence, type Outcome, privilegesOf } from './privileges.ts';
import { TooMuchWork } from './work.ts';

/** The role that a detail is of. */
export interface ImpactRole {
  readonly account: string;
  readonly partition: string;
  readonly arn: string;
}

/**
 * What a role's permissions amount to, as far as its own policies say: those attached to it, those that stand in it, and its
 * permissions boundary. Pure, and each word of `privileges` is only said where the texts show it; what each means stands in
 * docs/impact.md.
 *
 * @param managedPolicy the text of the managed policy with that ARN, as the evidence shows it; null where it does not
 */
export function impactOf(
  detail: RoleDetail,
  role: ImpactRole,
  managedPolicy: (arn: string) => string | null,
): Impact {
  return impactFrom(detail, privilegesIn(detail, role, managedPolicy));
}

/** The same in two steps: what takes long, */
export function privilegesIn(
  detail: RoleDetail,
  role: ImpactRole,
  managedPolicy: (arn: string) => string | null,
): Outcome {
  const managed = (arn: string): Policy => {
    const text = managedPolicy(arn);
    if (text !== null) return policyOf(arn, text);
    const known = knownPolicy(arn, role.partition);
    if (known === null) return { name: arn, statements: null, source: 'missing', url: null };
    return { name: arn, statements: known.statements, source: 'documented', url: known.url };
  };
  const attached = attachedTo(detail);
  return decide({
    role: {
      account: role.account,
      partition: role.partition,
      arn: role.arn,
      ownPolicies: attached.filter((arn) =>
        arn.startsWith(`arn:${role.partition}:iam::${role.account}:policy/`),
      ),
    },
    policies: [
      ...attached.map(managed),
      ...inlineOf(detail).map(({ name, document }) => policyOf(`inline:${name}`, document)),
      ...(isOpen(detail, 'attached')
        ? [unlisted(`which ${further(detail, 'attached')}managed policies are attached to it`)]
        : []),
      ...(isOpen(detail, 'inline')
        ? [unlisted(`which ${further(detail, 'inline')}inline policies it has`)]
        : []),
    ],
    boundary:
      detail.boundary === null
        ? unlisted('whether it has a permissions boundary')
        : detail.boundary === ''
          ? null
          : managed(detail.boundary),
  });
}

/** and what the export shows besides. */
export function impactFrom(detail: RoleDetail, { privileges, why }: Outcome): Impact {
  return {
    privileges,
    why,
    policies: [...attachedTo(detail), ...inlineOf(detail).map(({ name }) => `inline:${name}`)].sort(),
    boundary: detail.boundary === '' ? null : detail.boundary,
    lastUsed: detail.lastUsed,
    created: detail.createdAt,
    maxSession: detail.maxSession,
    tags: detail.tags ?? {},
  };
}

/** True where the role may have more policies than are shown. */
function isOpen(detail: RoleDetail, list: PolicyList): boolean {
  return detail[list] === null || detail.partial?.includes(list) === true;
}

function further(detail: RoleDetail, list: PolicyList): string {
  return detail[list] === null || detail[list].length === 0 ? '' : 'further ';
}

function attachedTo({ attached }: RoleDetail): readonly string[] {
  return [...new Set(attached ?? [])].sort();
}

function inlineOf({ inline }: RoleDetail): readonly InlinePolicy[] {
  return (inline ?? []).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function decide(evidence: Evidence): Outcome {
  try {
    return privilegesOf(evidence);
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
    return {
      privileges: 'unknown',
      why: 'Its policies ask for more comparisons than are made for one role.',
    };
  }
}

function policyOf(name: string, text: string | null): Policy {
  const statements = text === null ? null : parseIdentityPolicy(text);
  const source = statements !== null ? 'text' : text === null ? 'missing' : 'unreadable';
  return { name, statements, source, url: null };
}

/** Stands for what an export does not list. */
function unlisted(what: string): Policy {
  return { name: what, statements: null, source: 'unlisted', url: null };
}
