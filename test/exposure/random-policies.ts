import fc from 'fast-check';
import type { ConcreteRequest } from '../../src/iam/oracle/request.ts';
import { EXT, OTHER, OWN } from './cases/index.ts';

/** Trust policies and requests drawn from a small world, so that they often meet. */

const PRINCIPALS: readonly unknown[] = [
  '*',
  { AWS: '*' },
  { AWS: `arn:aws:iam::${EXT}:root` },
  { AWS: EXT },
  { AWS: [`arn:aws:iam::${OWN}:root`, OTHER] },
  { AWS: `arn:aws:iam::${EXT}:user/ann` },
  { AWS: `arn:aws:iam::${EXT}:role/Deploy` },
  { AWS: `arn:aws:iam::${EXT}:role/ci/Deploy` },
  { AWS: `arn:aws:sts::${EXT}:assumed-role/Deploy/run` },
  { AWS: `arn:aws:iam::${OWN}:role/Own` },
  { AWS: `arn:aws:iam::${EXT}:role/D*` },
  { AWS: `arn:aws-cn:iam::${EXT}:root` },
  { AWS: [`arn:aws-cn:iam::${EXT}:role/Deploy`, `arn:aws-cn:iam::${OTHER}:root`] },
  { AWS: ['AROAEXAMPLE0000000000', EXT] },
  { Service: 'ec2.amazonaws.com' },
  { Federated: 'cognito-identity.amazonaws.com' },
  {},
];

const ACTIONS: readonly unknown[] = [
  'sts:AssumeRole',
  'sts:AssumeRole',
  'sts:AssumeRole',
  ['sts:AssumeRole', 'sts:TagSession'],
  ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
  'sts:*',
  'STS:assume*',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:AssumeRoleWithSAML',
];

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  'aws:MultiFactorAuthPresent': ['true', 'false', true, false, ['true', 'false']],
  'aws:MultiFactorAuthAge': ['3600', 60, '0'],
  'aws:TokenIssueTime': ['2026-01-01T00:00:00Z'],
  'sts:ExternalId': [
    'alpha-1',
    'alpha-*',
    'beta-2',
    ['alpha-1', 'beta-2'],
    '',
    '*',
    '${aws:PrincipalAccount}',
    [],
  ],
  'STS:externalid': ['alpha-1'],
  'aws:PrincipalArn': [
    `arn:aws:iam::${EXT}:role/Deploy`,
    `arn:aws:iam::${EXT}:role/*`,
    `arn:aws:iam::${EXT}:user/ann`,
    `arn:aws:iam::*:role/Deploy`,
    `arn:aws:iam::${OWN}:*`,
    `arn:*:iam::${OWN}:*`,
    `*${OWN}*`,
    `arn:aws-cn:iam::${EXT}:*`,
    'arn:aws:iam::${aws:PrincipalAccount}:role/Deploy',
  ],
  'aws:PrincipalAccount': [OWN, EXT, [EXT, OTHER], '4444*', '1111*', '${aws:ResourceAccount}'],
  'aws:PrincipalOrgID': ['o-one', 'o-two', 'o-*', ['o-one', 'o-two']],
  'aws:PrincipalOrgPaths': ['o-one/r/a/*', 'o-one/*'],
  'aws:username': ['ann', 'a*', 'bob'],
  'aws:PrincipalType': ['User', 'AssumedRole'],
  'aws:PrincipalTag/team': ['red', 'blue', 'r*', '${aws:username}', '${aws:PrincipalAccount}'],
  'aws:RequestTag/team': ['red', 'blue', '${aws:PrincipalTag/team}'],
  'aws:TagKeys': ['team', 'cost', ['team', 'cost']],
  'sts:RoleSessionName': ['${aws:username}', 'run-*', 'run-1'],
  'sts:SourceIdentity': ['ann', '*'],
  'aws:SourceIp': ['203.0.113.0/24', '10.0.0.0/8', ['203.0.113.0/24', '2001:db8::/32']],
  'aws:CurrentTime': ['2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  'aws:SourceAccount': [OWN],
  'aws:SecureTransport': ['true', 'false'],
  'made:up': ['x', 'y'],
};

const STRING_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'ArnLike',
  'ArnNotLike',
];
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  'aws:MultiFactorAuthPresent': ['Bool', 'Bool', 'StringEquals'],
  'aws:MultiFactorAuthAge': ['NumericLessThan', 'NumericGreaterThan', 'NumericEquals', 'NumericNotEquals'],
  'aws:TokenIssueTime': ['DateGreaterThan', 'DateLessThan'],
  'aws:SourceIp': ['IpAddress', 'NotIpAddress'],
  'aws:CurrentTime': ['DateGreaterThan', 'DateLessThan', 'DateEquals', 'DateNotEquals'],
  'aws:SecureTransport': ['Bool'],
};

/** Values of condition keys, by key as it is written. */
export type KeyValues = Readonly<Record<string, readonly unknown[]>>;

/** Condition elements that ask for the keys of random policies, and for `more`. */
export function conditionsOf(more: KeyValues = {}): fc.Arbitrary<Record<string, Record<string, unknown>>> {
  const values: KeyValues = { ...VALUES, ...more };
  const keyArbitrary = fc.constantFrom(
    ...Object.keys(values),
    ...Object.keys(more),
    'aws:MultiFactorAuthPresent',
    'aws:MultiFactorAuthPresent',
    'sts:ExternalId',
    'sts:ExternalId',
    'aws:PrincipalArn',
  );
  const conditionArbitrary = keyArbitrary.chain((key) => {
    const base = fc
      .constantFrom(...(OPERATORS[key] ?? STRING_OPERATORS))
      .chain((name) =>
        fc.tuple(
          fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'),
          fc.constant(name),
          fc.constantFrom('', '', 'IfExists'),
        ),
      )
      .chain(([set, name, ifExists]) =>
        fc.tuple(
          fc.constant(`${set}${name}${ifExists}`),
          fc.constant(key),
          fc.constantFrom(...(values[key] as unknown[])),
        ),
      );
    const nullCheck = fc.tuple(
      fc.constant('Null'),
      fc.constant(key),
      fc.constantFrom('true', 'false', ['true', 'false']),
    );
    return fc.oneof({ weight: 5, arbitrary: base }, { weight: 1, arbitrary: nullCheck });
  });
  return fc.array(conditionArbitrary, { maxLength: 3 }).map((conditions) => {
    const element: Record<string, Record<string, unknown>> = {};
    for (const [operator, key, value] of conditions) {
      element[operator] = { ...element[operator], [key]: value };
    }
    return element;
  });
}

/** Texts of trust policies; see `conditionsOf`. */
export function policyOf(more: KeyValues = {}): fc.Arbitrary<string> {
  const statementArbitrary = fc
    .record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      principal: fc.constantFrom(...PRINCIPALS),
      except: fc.constantFrom(false, false, false, false, false, false, false, true),
      Action: fc.constantFrom(...ACTIONS),
      Condition: conditionsOf(more),
    })
    .map(({ Effect, principal, except, Action, Condition }) => ({
      Effect,
      [except ? 'NotPrincipal' : 'Principal']: principal,
      Action,
      Condition,
    }));
  return fc
    .record({
      Version: fc.constantFrom('2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17'),
      Statement: fc.array(statementArbitrary, { minLength: 1, maxLength: 4 }),
    })
    .map((policy) => JSON.stringify(policy));
}

export const policyArbitrary = policyOf();

type Keys = Readonly<Record<string, string | readonly string[]>>;

const USERS = ['ann', 'bob'].flatMap((name) =>
  [EXT, OTHER, '999900001111', '111199990000'].map((account) => ({
    principalArn: `arn:aws:iam::${account}:user/${name}`,
    principalAccount: account,
    arn: `arn:aws:iam::${account}:user/${name}`,
    username: name,
  })),
);
const ROLES = ['role/Deploy', 'role/ci/Deploy', `role/x:iam::${OWN}:y/n`].flatMap((resource) =>
  [EXT, OTHER, '999900001111', '444400001111'].flatMap((account) =>
    ['run', 'other'].map((session) => ({
      principalArn: `arn:aws:sts::${account}:assumed-role/${resource.slice(resource.lastIndexOf('/') + 1)}/${session}`,
      principalAccount: account,
      arn: `arn:aws:iam::${account}:${resource}`,
      username: null,
    })),
  ),
);

/** Values a key may take in the requests that are tried; undefined: absent. */
const FREE: Readonly<Record<string, readonly (string | readonly string[] | undefined)[]>> = {
  'aws:PrincipalOrgID': [undefined, 'o-one', 'o-two', 'o-three'],
  'aws:PrincipalOrgPaths': [undefined, ['o-one/r/a/b'], ['o-nine/r']],
  'aws:PrincipalTag/team': [undefined, 'red', 'blue', 'ann', EXT],
  'aws:RequestTag/team': [undefined, 'red', 'blue', 'ann'],
  'sts:RoleSessionName': ['run-1', 'ann', 'zz'],
  'sts:SourceIdentity': [undefined, 'ann', 'zoe'],
  'aws:SourceIp': [undefined, '203.0.113.5', '10.1.1.1', '8.8.8.8'],
  'aws:CurrentTime': [
    '2024-06-01T00:00:00Z',
    '2025-01-01T00:00:00Z',
    '2025-06-01T00:00:00Z',
    '2026-06-01T00:00:00Z',
  ],
  'aws:SecureTransport': ['true', 'false'],
  'made:up': [undefined, 'x', 'y', 'z'],
};

const ORGANISATION = ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths'];

/** One unguarded request of another account's principal. */
export const requestArbitrary: fc.Arbitrary<ConcreteRequest> = fc
  .tuple(
    fc.constantFrom(...USERS, ...ROLES),
    fc.boolean(),
    fc.record(
      Object.fromEntries(Object.entries(FREE).map(([key, values]) => [key, fc.constantFrom(...values)])),
    ),
    fc.boolean(),
  )
  .map(([caller, mfaKnown, free, extraTag]) => {
    const context: Record<string, string | readonly string[]> = {
      'aws:PrincipalArn': caller.arn,
      'aws:PrincipalAccount': caller.principalAccount,
      'aws:PrincipalType': caller.username === null ? 'AssumedRole' : 'User',
      'aws:ResourceAccount': OWN,
      ...(caller.username !== null && { 'aws:username': caller.username }),
      ...(mfaKnown && { 'aws:MultiFactorAuthPresent': 'false' }),
      ...((mfaKnown || caller.username === null) && { 'aws:TokenIssueTime': '2026-02-01T00:00:00Z' }),
    };
    for (const [key, value] of Object.entries(free as Keys)) if (value !== undefined) context[key] = value;
    // Requests of whoever belongs to an organisation have both, those of others neither.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
    for (const key of ORGANISATION)
      if (ORGANISATION.some((one) => context[one] === undefined)) delete context[key];
    const tags = [
      ...(context['aws:RequestTag/team'] === undefined ? [] : ['team']),
      ...(extraTag ? ['cost'] : []),
    ];
    if (tags.length > 0) context['aws:TagKeys'] = tags;
    const actions = [
      'sts:AssumeRole',
      ...(tags.length > 0 ? ['sts:TagSession'] : []),
      ...(context['sts:SourceIdentity'] === undefined ? [] : ['sts:SetSourceIdentity']),
    ];
    return { principalArn: caller.principalArn, principalAccount: caller.principalAccount, actions, context };
  });

/** False when the caller's role has the name of a role that the policy shows under another ARN of the same account. */
export function mayExist(policy: string, { context }: ConcreteRequest): boolean {
  const arn = context['aws:PrincipalArn'] as string;
  const nameOf = (text: string): string =>
    `${text.split(':').slice(1, 5)} ${text.slice(text.lastIndexOf('/') + 1)}`;
  const named = (
    JSON.parse(policy) as { Statement: readonly { Principal?: { AWS?: string | string[] } | string }[] }
  ).Statement.flatMap(({ Principal }) =>
    typeof Principal === 'object' ? [Principal.AWS ?? []].flat() : [],
  ).filter((text) => /^arn:[a-z-]+:iam::\d{12}:role\/[^*?]+$/.test(text) && nameOf(text) === nameOf(arn));
  return !arn.includes(':role/') || named.length === 0 || named.includes(arn);
}
