import {
  allow,
  anyone,
  type Case,
  deny,
  EXT,
  isError as e,
  extRoot,
  fails as f,
  MFA,
  notApplicable as n,
  OWN,
  ownRoot,
  policy,
  XID,
} from './building.ts';

export const documentCases: readonly Case[] = [
  f('single statement object', { Version: '2012-10-17', Statement: allow(extRoot) }),
  f('no Version', { Statement: [allow(extRoot)] }),
  f(
    'Condition twice',
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole","Condition":{},"Condition":{"StringEquals":{"sts:ExternalId":"a-secret-value"}}}]}`,
    'undefined-semantics',
    'iam-would-reject',
  ),
  f(
    'operator twice',
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalTag/a":"b"},"StringEquals":{"sts:ExternalId":"a-secret-value"}}}]}`,
    'undefined-semantics',
  ),
  f(
    'Principal twice',
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Principal":{"AWS":"${OWN}"},"Action":"sts:AssumeRole"}]}`,
    'undefined-semantics',
  ),
  f(
    'Statement twice',
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole"}],"Statement":[]}`,
    'undefined-semantics',
  ),
  f(
    'a repeated Effect in the Deny',
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Effect":"Deny","Principal":"*","Action":"*"}]}`,
    'undefined-semantics',
  ),
  e(
    'misspelt Condition never guards',
    policy({
      Effect: 'Allow',
      Principal: extRoot,
      Action: 'sts:AssumeRole',
      condition: { StringEquals: { [XID]: 'a-secret-value' } },
    }),
    'policy-damaged',
  ),
  n(
    'Deny without conditions beside Resource',
    policy(allow(extRoot), { ...(deny(anyone) as object), Resource: '*' }),
    'iam-would-reject',
  ),
  e(
    'an element nobody knows in a Deny',
    policy(allow(extRoot), {
      ...(deny(anyone) as object),
      Conditions: { BoolIfExists: { [MFA]: 'false' } },
    }),
    'policy-damaged',
  ),
  e(
    'an element nobody knows beside a guard',
    policy({ ...(allow(extRoot, { StringEquals: { [XID]: 'a-secret-value' } }) as object), Comment: 'x' }),
    'policy-damaged',
  ),
  f(
    'a condition key named like a property of every object',
    `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"__proto__":"x"}}}}`,
    'unknown-key',
  ),
  f(
    'an address that is compared with nonsense',
    policy(allow(extRoot, { IpAddress: { 'aws:SourceIp': 'nonsense' } })),
    'undefined-semantics',
  ),
  n('no statements', { Version: '2012-10-17', Statement: [] }),
  e(
    'Effect in lower case',
    policy({ Effect: 'allow', Principal: extRoot, Action: 'sts:AssumeRole' }),
    'policy-damaged',
  ),
  e(
    'Effect in lower case, own account',
    policy({ Effect: 'allow', Principal: ownRoot, Action: 'sts:AssumeRole' }),
    'policy-damaged',
  ),
  e('not an object', '[]', 'policy-damaged'),
  e('no Statement', '{}', 'policy-damaged'),
  e('not JSON', '{"Version":', 'malformed-trust-policy'),
  e('statement that is a string', policy('x'), 'policy-damaged'),
  e('an open statement beside a broken one', policy('x', allow(extRoot)), 'policy-damaged'),
];
