import fc from 'fast-check';
import type { ConcreteRequest } from '../../../src/iam/oracle/request.ts';
import type { Organization, OrganizationMember } from '../../../src/model/organizations/organization.ts';
import { conditionsOf, policyOf, requestArbitrary } from '../random-policies.ts';
import { EXT, OTHER, OWN } from './world.ts';

/** Guardrails, organisations and tags drawn from the small world of the random policies. */

/** One organisation id is among those that random policies name. */
const ID = 'o-one';
const PATHS = ['o-one/r/a/b/', 'o-one/r/a/', 'o-one/r/', 'o-one/r/c/'];

/** Beside what trust policies ask for. */
const MORE_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  'aws:PrincipalOrgID': ['o-one', 'o-two', 'o-*', ['o-one', 'o-two'], '${aws:ResourceOrgID}', 'O-ONE'],
  'aws:PrincipalOrgPaths': ['o-one/r/a/*', 'o-one/*', 'o-one/r/a/b/', '*/r/*', ['o-one/r/c/*', 'o-two/*']],
  'aws:ResourceOrgID': ['o-one', 'o-two', '${aws:PrincipalOrgID}'],
  'aws:ResourceOrgPaths': ['o-one/r/a/*', 'o-two/*'],
  'aws:ResourceTag/Exempt': ['yes', 'no', '${aws:PrincipalOrgID}', '${aws:PrincipalTag/team}'],
  'iam:ResourceTag/exempt': ['yes', 'y*'],
  'aws:PrincipalIsAWSService': ['true', 'false'],
  'aws:PrincipalAccount': [OWN, EXT, [EXT, OTHER], '4444*', '7777*', '${aws:ResourceAccount}'],
};

const RESOURCES: readonly unknown[] = [
  { Resource: '*' },
  { Resource: '*' },
  { Resource: '*' },
  { Resource: ['*'] },
  { Resource: `arn:aws:iam::${OWN}:role/*` },
  { Resource: [`arn:aws:iam::${OWN}:role/x/*`, 'arn:aws:s3:::b'] },
  { Resource: 'arn:aws:iam::*:role/${aws:PrincipalTag/team}' },
  { Resource: 'arn:aws:iam::*' },
  { NotResource: `arn:aws:iam::${OWN}:role/Other` },
  { NotResource: ['arn:aws:iam::*:role/app/*'] },
  { NotResource: 'arn:aws:iam::*:role/app/${aws:PrincipalAccount}' },
];

const ACTIONS: readonly unknown[] = [
  'sts:AssumeRole',
  'sts:AssumeRole',
  ['s3:*', 'sts:AssumeRole'],
  'sts:*',
  '*',
  'sts:TagSession',
  ['sts:SetSourceIdentity', 'sts:TagSession'],
  's3:*',
];

const statementArbitrary = fc
  .record({
    Action: fc.constantFrom(...ACTIONS),
    resource: fc.constantFrom(...RESOURCES),
    Condition: conditionsOf(MORE_VALUES),
  })
  .map(({ Action, resource, Condition }) => ({
    Effect: 'Deny',
    Principal: '*',
    Action,
    ...(resource as object),
    Condition,
  }));

/** Texts of up to three resource control policies. */
export const guardrailsArbitrary: fc.Arbitrary<readonly string[]> = fc.array(
  fc
    .array(statementArbitrary, { minLength: 1, maxLength: 3 })
    .map((Statement) => JSON.stringify({ Version: '2012-10-17', Statement })),
  { minLength: 0, maxLength: 3 },
);

/** Trust policies that ask for what guardrails ask for, too. */
export const guardedPolicyArbitrary: fc.Arbitrary<string> = policyOf(MORE_VALUES);

const ACCOUNTS = [EXT, OTHER, '999900001111', '111199990000', '444400001111', '700070007000'];

const organizationArbitrary: fc.Arbitrary<Organization> = fc
  .record({
    members: fc.uniqueArray(fc.constantFrom(...ACCOUNTS), { maxLength: 4 }),
    paths: fc.array(fc.option(fc.constantFrom(...PATHS)), { minLength: 5, maxLength: 5 }),
    membersWhole: fc.boolean(),
    managementAccount: fc.option(fc.constantFrom(...ACCOUNTS)),
  })
  .map(({ members, paths, membersWhole, managementAccount }) => ({
    id: ID,
    managementAccount,
    membersWhole,
    members: new Map(
      [OWN, ...members].map((account, index): [string, OrganizationMember] => [
        account,
        { account, name: null, status: 'ACTIVE', path: paths[index] ?? null },
      ]),
    ),
    capturedAt: '2026-01-01T00:00:00Z',
    showsPolicies: true,
    policiesOf: () => ({ policies: [], since: null, lack: null }),
  }));

export interface RandomRole {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly organization: Organization | null;
}

export const roleArbitrary: fc.Arbitrary<RandomRole> = fc.record({
  arn: fc.constantFrom(
    ...['Other', 'x/Target', 'app/red', 'Target'].map((name) => `arn:aws:iam::${OWN}:role/${name}`),
  ),
  tags: fc.constantFrom(null, {}, { exempt: 'yes' }, { Exempt: 'no', x: 'y' }, { exempt: 'o-one' }),
  organization: fc.option(organizationArbitrary, { freq: 4 }),
});

/** What a request holds of organisations and tags, drawn anew where it is not known. */
interface Drawn {
  readonly isMember: boolean;
  readonly path: string;
  readonly elsewhere: string | null;
  readonly resourceOrg: string | null;
  readonly resourcePath: string | null;
  readonly tag: string | null;
  readonly viaMember: boolean;
}

const drawnArbitrary: fc.Arbitrary<Drawn> = fc.record({
  isMember: fc.boolean(),
  path: fc.constantFrom(...PATHS),
  elsewhere: fc.constantFrom(null, 'o-two', 'o-three'),
  resourceOrg: fc.constantFrom(null, 'o-one', 'o-two'),
  resourcePath: fc.constantFrom(null, 'o-one/r/a/b/', 'o-one/r/'),
  tag: fc.constantFrom(null, 'yes', 'no', 'o-one'),
  viaMember: fc.boolean(),
});

export type Draft = readonly [ConcreteRequest, Drawn];
export const draftArbitrary: fc.Arbitrary<Draft> = fc.tuple(requestArbitrary, drawnArbitrary);

/** The request as it can be made of that role: what is known of the role and the caller's organisation stands. */
export function requestFor([request, drawn]: Draft, { organization, tags }: RandomRole): ConcreteRequest {
  const context: Record<string, string | readonly string[]> = {
    ...request.context,
    'aws:PrincipalIsAWSService': 'false',
  };
  const put = (key: string, value: string | readonly string[] | null): void => {
    if (value === null) delete context[key];
    else context[key] = value;
  };
  const account = request.principalAccount;
  if (organization === null) {
    put('aws:ResourceOrgID', drawn.resourceOrg);
    put('aws:ResourceOrgPaths', drawn.resourcePath === null ? null : [drawn.resourcePath]);
  } else {
    const { members, managementAccount, membersWhole } = organization;
    const listed = members.has(account) || account === managementAccount;
    const isMember = listed || (!membersWhole && drawn.isMember);
    put('aws:PrincipalOrgID', isMember ? ID : drawn.elsewhere);
    const path = members.get(account)?.path ?? drawn.path;
    const other = drawn.elsewhere === null ? null : `${drawn.elsewhere}/r/a/`;
    const paths = isMember ? path : other;
    put('aws:PrincipalOrgPaths', paths === null ? null : [paths]);
    put('aws:ResourceOrgID', ID);
    put('aws:ResourceOrgPaths', [members.get(OWN)?.path ?? drawn.path]);
  }
  const tag =
    tags === null ? drawn.tag : Object.entries(tags).find(([key]) => key.toLowerCase() === 'exempt')?.[1];
  put('aws:ResourceTag/exempt', tag ?? null);
  put('iam:ResourceTag/exempt', tag ?? null);
  return { ...request, context };
}
