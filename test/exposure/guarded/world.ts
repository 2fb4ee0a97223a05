import type { GuardrailStatement } from '../../../src/exposure/guarded.ts';
import { parseGuardrails } from '../../../src/exposure/guarded.ts';
import type {
  AttachedPolicy,
  Organization,
  OrganizationMember,
} from '../../../src/model/organizations/organization.ts';
import { EXT, OTHER, OWN } from '../cases/index.ts';

export { EXT, OTHER, OWN };

export const ORG_ID = 'o-exampleorg1';
export const MANAGEMENT = '966655554444';
/** Of the same unit as `OWN`. */
export const MEMBER = '222211110000';
/** Of another unit. */
export const MEMBER_DEV = '333322221111';
export const PROD = `${ORG_ID}/r-ab12/ou-ab12-prod0001/`;
export const DEV = `${ORG_ID}/r-ab12/ou-ab12-dev00001/`;
export const ROLE_ARN = `arn:aws:iam::${OWN}:role/app/Target`;

const member = (account: string, path: string | null, status = 'ACTIVE'): [string, OrganizationMember] => [
  account,
  { account, name: null, status, path },
];

export const ORGANIZATION: Organization = {
  id: ORG_ID,
  managementAccount: MANAGEMENT,
  members: new Map([
    member(OWN, PROD),
    member(MANAGEMENT, `${ORG_ID}/r-ab12/`),
    member(MEMBER, PROD),
    member(MEMBER_DEV, DEV),
  ]),
  membersWhole: true,
  capturedAt: '2026-01-01T00:00:00Z',
  showsPolicies: true,
  policiesOf: () => ({ policies: [], since: null, lack: null }),
};

/** The same, of which the evidence shows less. */
export const UNLISTED: Organization = { ...ORGANIZATION, membersWhole: false };
export const WITHOUT_PATHS: Organization = {
  ...ORGANIZATION,
  members: new Map([
    member(OWN, null),
    member(MANAGEMENT, null),
    member(MEMBER, null),
    member(MEMBER_DEV, null),
  ]),
};

export function attached(
  id: string,
  content: unknown,
  targets: readonly string[] = ['r-ab12'],
): AttachedPolicy {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { id, name: `name of ${id}`, content: text, targets };
}

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A statement of a resource control policy. */
export function guard(condition?: Condition, more: Readonly<Record<string, unknown>> = {}): unknown {
  const resource = 'NotResource' in more ? {} : { Resource: '*' };
  return {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    ...resource,
    ...(condition && { Condition: condition }),
    ...more,
  };
}

export function rcp(...statements: readonly unknown[]): unknown {
  return { Version: '2012-10-17', Statement: statements };
}

export function parsed(...policies: readonly unknown[]): readonly GuardrailStatement[] {
  const guardrails = parseGuardrails(policies.map((one, index) => attached(`p-${index + 1}`, one)));
  if (guardrails.state === 'damaged') throw new Error(guardrails.why);
  return guardrails.statements;
}
