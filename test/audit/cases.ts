import type { Outcome } from '../../src/audit/verdict.ts';

export const OWN = '111122223333';
export const EXT = '444455556666';
export const OTHER = '777788889999';

export interface Case {
  readonly name: string;
  readonly trust: unknown;
  /** Of the role; by default as the policy shows it. */
  readonly partition?: string;
  readonly verdict: Outcome;
  readonly notes?: readonly string[];
  readonly reason?: string;
}

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const extRoot = { AWS: `arn:aws:iam::${EXT}:root` };
export const ownRoot = { AWS: `arn:aws:iam::${OWN}:root` };
const anyone = { AWS: '*' };

export function policy(...statements: readonly unknown[]): unknown {
  return { Version: '2012-10-17', Statement: statements };
}
export function allow(
  principal: unknown,
  condition?: Condition,
  action: unknown = 'sts:AssumeRole',
): unknown {
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    ...(condition && { Condition: condition }),
  };
}
export function deny(principal: unknown, condition?: Condition, action: unknown = 'sts:AssumeRole'): unknown {
  return { Effect: 'Deny', Principal: principal, Action: action, ...(condition && { Condition: condition }) };
}

const MFA = 'aws:MultiFactorAuthPresent';
const AGE = 'aws:MultiFactorAuthAge';
const XID = 'sts:ExternalId';

/** Operator, key, value; then the verdict as condition of an Allow and as condition of a Deny beside a bare Allow. */
const GUARD_TABLE: readonly (readonly [string, string, unknown, Outcome, Outcome])[] = [
  ['Bool', MFA, 'true', 'pass', 'fail'],
  ['Bool', MFA, 'false', 'fail', 'fail'],
  ['Bool', MFA, ['true', 'false'], 'fail', 'fail'],
  ['BoolIfExists', MFA, 'true', 'fail', 'fail'],
  ['BoolIfExists', MFA, 'false', 'fail', 'pass'],
  ['Null', MFA, 'true', 'fail', 'fail'],
  ['Null', MFA, 'false', 'fail', 'fail'],
  ['ForAnyValue:Bool', MFA, 'true', 'pass', 'fail'],
  ['ForAllValues:Bool', MFA, 'true', 'fail', 'fail'],
  ['ForAllValues:Bool', MFA, 'false', 'fail', 'pass'],
  ['NumericLessThan', AGE, '3600', 'pass', 'fail'],
  ['NumericLessThanEquals', AGE, 3600, 'pass', 'fail'],
  ['NumericGreaterThan', AGE, '3600', 'pass', 'fail'],
  ['NumericEquals', AGE, '60', 'pass', 'fail'],
  ['NumericGreaterThanEquals', AGE, 60, 'pass', 'fail'],
  ['NumericLessThanEqualsIfExists', AGE, '3600', 'fail', 'pass'],
  ['NumericGreaterThanEqualsIfExists', AGE, '3600', 'fail', 'pass'],
  ['NumericEqualsIfExists', AGE, '3600', 'fail', 'pass'],
  ['NumericNotEqualsIfExists', AGE, '3600', 'fail', 'pass'],
  ['NumericLessThanIfExists', AGE, '3600', 'fail', 'pass'],
  ['NumericGreaterThanIfExists', AGE, '3600', 'fail', 'pass'],
  ['NumericNotEquals', AGE, '60', 'fail', 'pass'],
  ['Null', AGE, 'false', 'pass', 'fail'],
  ['Null', AGE, 'true', 'fail', 'pass'],
  ['StringEquals', XID, 'a-secret-value', 'pass', 'fail'],
  ['StringEqualsIgnoreCase', XID, 'a-secret-value', 'pass', 'fail'],
  ['StringLike', XID, 'a-secret-*', 'pass', 'fail'],
  ['ArnLike', XID, 'arn:aws:iam::444455556666:role/x', 'pass', 'fail'],
  ['StringEqualsIfExists', XID, 'a-secret-value', 'fail', 'pass'],
  ['StringLikeIfExists', XID, 'a-secret-*', 'fail', 'pass'],
  ['StringEqualsIgnoreCaseIfExists', XID, 'a-secret-value', 'fail', 'pass'],
  ['ArnLikeIfExists', XID, 'arn:aws:iam::444455556666:role/x', 'fail', 'pass'],
  ['ArnEquals', XID, 'arn:aws:iam::444455556666:role/x', 'pass', 'fail'],
  ['ArnNotLike', XID, 'arn:aws:iam::444455556666:role/x', 'fail', 'pass'],
  ['StringNotLikeIfExists', XID, 'a-secret-*', 'fail', 'pass'],
  ['StringNotEqualsIgnoreCaseIfExists', XID, 'a-secret-value', 'fail', 'pass'],
  ['ForAnyValue:StringNotLike', XID, 'a-secret-*', 'pass', 'fail'],
  ['ForAllValues:StringLike', XID, 'a-secret-*', 'fail', 'pass'],
  ['ForAllValues:StringEqualsIfExists', XID, 'a-secret-value', 'fail', 'pass'],
  ['ForAnyValue:BoolIfExists', MFA, 'true', 'fail', 'fail'],
  ['ForAnyValue:Bool', MFA, 'false', 'fail', 'fail'],
  ['ForAnyValue:StringNotEqualsIfExists', XID, 'a-secret-value', 'fail', 'fail'],
  ['NullIfExists', XID, 'false', 'fail', 'fail'],
  ['Null', XID, [], 'fail', 'fail'],
  ['Null', XID, 'perhaps', 'fail', 'fail'],
  ['Null', MFA, ['true', 'false'], 'fail', 'not-applicable'],
  ['ForAllValues:Null', MFA, 'false', 'fail', 'not-applicable'],
  ['ForAnyValue:Null', MFA, 'true', 'not-applicable', 'fail'],
  ['Bool', MFA, [], 'fail', 'fail'],
  ['Bool', MFA, 'yes', 'fail', 'fail'],
  ['Boolean', MFA, 'true', 'fail', 'fail'],
  ['StringEqualsIfexists', XID, 'a-secret-value', 'fail', 'fail'],
  ['StringEquals', XID, null, 'error', 'error'],
  ['StringEquals', XID, { value: 'a-secret-value' }, 'error', 'error'],
  ['StringEquals', XID, [['a-secret-value']], 'error', 'error'],
  ['StringEquals', XID, 12345678, 'pass', 'fail'],
  ['Bool', 'aws:MultiFactorAuthPresnt', 'true', 'fail', 'fail'],
  ['BoolIfExists', 'aws:MultiFactorAuthPresnt', 'false', 'fail', 'fail'],
  ['StringNotEquals', XID, 'a-secret-value', 'fail', 'pass'],
  ['StringNotLike', XID, 'a-secret-*', 'fail', 'pass'],
  ['StringNotEqualsIgnoreCase', XID, 'a-secret-value', 'fail', 'pass'],
  ['StringNotEqualsIfExists', XID, 'a-secret-value', 'fail', 'pass'],
  ['ForAnyValue:StringEquals', XID, 'a-secret-value', 'pass', 'fail'],
  ['ForAnyValue:StringLike', XID, 'a-secret-*', 'pass', 'fail'],
  ['ForAnyValue:StringNotEquals', XID, 'a-secret-value', 'pass', 'fail'],
  ['ForAllValues:StringEquals', XID, 'a-secret-value', 'fail', 'pass'],
  ['ForAllValues:StringNotEquals', XID, 'a-secret-value', 'fail', 'pass'],
  ['Null', XID, 'false', 'pass', 'fail'],
  ['Null', XID, 'true', 'fail', 'pass'],
  ['ForAnyValue:StringEqualsIfExists', XID, 'a-secret-value', 'fail', 'fail'],
  ['StringEquals', XID, [], 'fail', 'fail'],
  ['stringEquals', XID, 'a-secret-value', 'fail', 'fail'],
  ['ForAnyValue:StringEquals', XID, [], 'not-applicable', 'fail'],
];

const guardCases: readonly Case[] = GUARD_TABLE.flatMap(([operator, key, value, asAllow, asDeny]) => {
  const condition = { [operator]: { [key]: value } };
  const label = `${operator} ${key} ${JSON.stringify(value)}`;
  return [
    { name: `Allow if ${label}`, trust: policy(allow(extRoot, condition)), verdict: asAllow },
    { name: `Deny if ${label}`, trust: policy(allow(extRoot), deny(anyone, condition)), verdict: asDeny },
  ];
});

const f = (name: string, trust: unknown, ...notes: string[]): Case => ({
  name,
  trust,
  verdict: 'fail',
  notes,
});
const p = (name: string, trust: unknown, ...notes: string[]): Case => ({
  name,
  trust,
  verdict: 'pass',
  notes,
});
const n = (name: string, trust: unknown, ...notes: string[]): Case => ({
  name,
  trust,
  verdict: 'not-applicable',
  notes,
});
const e = (name: string, trust: unknown, reason: string): Case => ({ name, trust, verdict: 'error', reason });
const legacy = (...statements: readonly unknown[]): unknown => ({
  Version: '2008-10-17',
  Statement: statements,
});
const extUser = { AWS: `arn:aws:iam::${EXT}:user/dev/ann` };
const extRole = { AWS: `arn:aws:iam::${EXT}:role/Deploy` };
const extSession = { AWS: `arn:aws:sts::${EXT}:assumed-role/Deploy/ci` };
const ARN = 'aws:PrincipalArn';
const ACCOUNT = 'aws:PrincipalAccount';
const ORG = 'aws:PrincipalOrgID';

const principalCases: readonly Case[] = [
  f('external root', policy(allow(extRoot))),
  f('bare external id', policy(allow({ AWS: EXT }))),
  f('external user', policy(allow(extUser))),
  f('external role', policy(allow(extRole))),
  f('external session', policy(allow(extSession))),
  f('external federated user', policy(allow({ AWS: `arn:aws:sts::${EXT}:federated-user/bob` }))),
  f('other partitions', policy(allow({ AWS: `arn:aws-us-gov:iam::${EXT}:root` }))),
  f('China', policy(allow({ AWS: `arn:aws-cn:iam::${EXT}:root` }))),
  f('everyone', policy(allow(anyone))),
  f('everyone, bare string', policy(allow('*')), 'iam-would-reject'),
  f('list of own and external', policy(allow({ AWS: [ownRoot.AWS, extRoot.AWS] }))),
  f(
    'own account in the path of a foreign role',
    policy(allow({ AWS: `arn:aws:iam::${EXT}:role/x:${OWN}:y/Deploy` })),
  ),
  f('account with a leading zero', policy(allow({ AWS: 'arn:aws:iam::012345678901:root' }))),
  f(
    'account as a number',
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":444455556666},"Action":"sts:AssumeRole"}}',
  ),
  n('own root', policy(allow(ownRoot))),
  n('own id', policy(allow({ AWS: OWN }))),
  n(
    'own user, role and session',
    policy(
      allow({
        AWS: [
          `arn:aws:iam::${OWN}:user/a`,
          `arn:aws:iam::${OWN}:role/b`,
          `arn:aws:sts::${OWN}:assumed-role/b/c`,
        ],
      }),
    ),
  ),
  n('service', policy(allow({ Service: 'ec2.amazonaws.com' }))),
  n('federated', policy(allow({ Federated: `arn:aws:iam::${EXT}:saml-provider/x` }))),
  n('deleted principal', policy(allow({ AWS: 'AROAEXAMPLE0000000000' })), 'stale-principal'),
  n('empty principal', policy(allow({}))),
  n('empty list of principals', policy(allow({ AWS: [] }))),
  f(
    'wildcard in a principal ARN',
    policy(allow({ AWS: `arn:aws:iam::${EXT}:role/*` })),
    'undefined-semantics',
    'iam-would-reject',
  ),
  f(
    'wildcard account in a principal ARN',
    policy(allow({ AWS: 'arn:aws:iam::*:role/Deploy' })),
    'undefined-semantics',
  ),
  ...[
    'arn:aws:iam::*:root',
    'arn:aws:iam::44445555666?:root',
    `arn:aws:iam::${EXT}:group/*`,
    `arn:aws:iam::${EXT}:*`,
    'arn:aws:sts::*:assumed-role/Deploy/*',
    `arn:aws:sts::${EXT}:assumed-role/Deploy/*`,
  ].map((text) => f(`wildcards: ${text}`, policy(allow({ AWS: text })), 'undefined-semantics')),
  n(
    'wildcards in an ARN of the own account',
    policy(allow({ AWS: [`arn:aws:iam::${OWN}:role/*`, `arn:aws:iam::${OWN}:*`] })),
    'iam-would-reject',
  ),
  f(
    'a Deny of an ARN with wildcards is not relied on',
    policy(allow({ AWS: `arn:aws:iam::${EXT}:role/Deploy` }), deny({ AWS: `arn:aws:iam::${EXT}:role/*` })),
    'undefined-semantics',
  ),
  n('short id of a deleted user', policy(allow({ AWS: 'AIDAEXAMPLE' })), 'stale-principal'),
  n('session of a deleted role', policy(allow({ AWS: 'AROAEXAMPLE0000000000:i-0abc' })), 'stale-principal'),
  ...['AKIAIOSFODNN7EXAMPLE', '4444*', 'arn:*', '**', 'not-an-arn'].map((text) =>
    e(`no principal: ${text}`, policy(allow({ AWS: text })), 'policy-damaged'),
  ),
  f(
    'the same key twice in the principal of a Deny',
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":{"AWS":"${EXT}","AWS":"${OWN}"},"Action":"sts:AssumeRole"}]}`,
    'undefined-semantics',
    'iam-would-reject',
  ),
  f(
    'the same key twice in the principal of an Allow',
    `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"${EXT}","AWS":"${OWN}"},"Action":"sts:AssumeRole"}}`,
    'undefined-semantics',
    'iam-would-reject',
  ),
  f('CanonicalUser', policy(allow({ CanonicalUser: 'abc' })), 'undefined-semantics'),
  f(
    'NotPrincipal with Allow',
    policy({ Effect: 'Allow', NotPrincipal: ownRoot, Action: 'sts:AssumeRole' }),
    'iam-would-reject',
  ),
  f(
    'NotPrincipal with Deny is not relied on',
    policy(allow(extRoot), { Effect: 'Deny', NotPrincipal: ownRoot, Action: 'sts:AssumeRole' }),
    'undefined-semantics',
  ),
  n('a Deny of everyone', policy(allow(extRoot), deny(anyone))),
  n('a Deny of the account', policy(allow(extRoot), deny({ AWS: EXT }))),
  f('a Deny of another account', policy(allow(extRoot), deny({ AWS: OTHER }))),
  f('a Deny of one role leaves the others', policy(allow(extRoot), deny(extRole))),
  n('a Deny of the role covers its sessions', policy(allow(extRole), deny(extRole))),
  f('a Deny of one session leaves the other sessions', policy(allow(extRole), deny(extSession))),
  n('a Deny of the session itself', policy(allow(extSession), deny(extSession))),
  f(
    'a session ARN has no path',
    policy(allow(extSession), deny(anyone, { ArnEquals: { [ARN]: `arn:aws:iam::${EXT}:role/Deploy` } })),
  ),
  n(
    'unless a Deny names the role, since names are unique in an account',
    policy(allow(extSession), deny({ AWS: `arn:aws:iam::${EXT}:role/Deploy` })),
  ),
  f(
    'a Deny of the role with a path leaves nobody of its name',
    policy(
      allow(extRoot),
      deny(extRole),
      deny(anyone, { ArnNotLike: { [ARN]: `arn:aws:iam::${EXT}:role/*Deploy` } }),
    ),
  ),
  n(
    'no role is invented that has the name of one that is there',
    policy(
      allow(extRoot),
      deny(extRole),
      deny(anyone, {
        ArnNotLike: { [ARN]: [`arn:aws:iam::${EXT}:role/Deploy`, `arn:aws:iam::${EXT}:role/x/Deploy`] },
      }),
    ),
  ),
  f(
    'a namesake in another account may have any path',
    policy(
      allow({ AWS: [EXT, OTHER] }),
      deny(extRole),
      deny(anyone, { ArnNotLike: { [ARN]: `arn:aws:iam::*:role/x/Deploy` } }),
    ),
  ),
  n('unless the role is named as well', policy(allow({ AWS: [extSession.AWS, extRole.AWS] }), deny(extRole))),
  f('a Deny for services', policy(allow(extRoot), deny({ Service: 'ec2.amazonaws.com' }))),
  f('two principals, one denied', policy(allow({ AWS: [EXT, OTHER] }), deny({ AWS: EXT }))),
];

const actionCases: readonly Case[] = [
  f('list of actions', policy(allow(extRoot, undefined, ['sts:AssumeRole', 'sts:TagSession']))),
  f('sts:*', policy(allow(extRoot, undefined, 'sts:*'))),
  f('*', policy(allow(extRoot, undefined, '*'))),
  f('sts:Assume*', policy(allow(extRoot, undefined, 'sts:Assume*'))),
  f('sts:AssumeRol?', policy(allow(extRoot, undefined, 'sts:AssumeRol?'))),
  f('case', policy(allow(extRoot, undefined, 'STS:assumerole'))),
  n('sts:AssumeRole?', policy(allow(extRoot, undefined, 'sts:AssumeRole?'))),
  n('sts:AssumeRoleWith*', policy(allow(extRoot, undefined, 'sts:AssumeRoleWith*'))),
  n('sts:TagSession alone', policy(allow(extRoot, undefined, 'sts:TagSession'))),
  f('NotAction', policy({ Effect: 'Allow', Principal: extRoot, NotAction: 'sts:TagSession' })),
  n(
    'NotAction that lists AssumeRole',
    policy({ Effect: 'Allow', Principal: extRoot, NotAction: 'sts:Assume*' }),
  ),
  f(
    'a Deny on sts:TagSession guards nothing',
    policy(allow(extRoot), deny(anyone, undefined, 'sts:TagSession')),
  ),
  n('a tag that may not be passed', policy(allow(extRoot, { StringEquals: { 'aws:RequestTag/team': 'x' } }))),
  f(
    'a tag that may be passed',
    policy(
      allow(extRoot, { StringEquals: { 'aws:RequestTag/team': 'x' } }, ['sts:AssumeRole', 'sts:TagSession']),
    ),
  ),
  f(
    'tagging allowed by another statement',
    policy(
      allow(extRoot, { StringEquals: { 'aws:RequestTag/team': 'x' } }),
      allow(extRoot, undefined, 'sts:TagSession'),
    ),
  ),
  n(
    'tagging denied',
    policy(
      allow(extRoot, { StringEquals: { 'aws:RequestTag/team': 'x' } }, ['sts:AssumeRole', 'sts:TagSession']),
      deny(anyone, undefined, 'sts:TagSession'),
    ),
  ),
  n(
    'a source identity that may not be set',
    policy(allow(extRoot, { StringLike: { 'sts:SourceIdentity': '*' } })),
  ),
  f(
    'a source identity that may be set',
    policy(
      allow(extRoot, { StringLike: { 'sts:SourceIdentity': '*' } }, [
        'sts:AssumeRole',
        'sts:SetSourceIdentity',
      ]),
    ),
  ),
];

const guardCombinations: readonly Case[] = [
  p('key case', policy(allow(extRoot, { StringEquals: { 'sts:externalid': 'a-secret-value' } }))),
  p('MFA as JSON boolean', policy(allow(extRoot, { Bool: { [MFA]: true } }))),
  p('MFA "True"', policy(allow(extRoot, { Bool: { [MFA]: 'True' } }))),
  p('MFA in a list', policy(allow(extRoot, { Bool: { [MFA]: ['true'] } }))),
  p(
    'Null false with BoolIfExists true',
    policy(allow(extRoot, { Null: { [MFA]: 'false' }, BoolIfExists: { [MFA]: 'true' } })),
  ),
  f(
    'Deny that can never match',
    policy(allow(extRoot), deny(anyone, { Bool: { [MFA]: 'false' }, Null: { [MFA]: 'true' } })),
  ),
  p(
    'two Denies together',
    policy(
      allow(extRoot),
      deny(anyone, { Bool: { [MFA]: 'false' } }),
      deny(anyone, { Null: { [MFA]: 'true' } }),
    ),
  ),
  p(
    'either guard suffices',
    policy(
      allow(extRoot),
      deny(anyone, { StringNotEquals: { [XID]: 'a-secret-value' }, BoolIfExists: { [MFA]: 'false' } }),
    ),
  ),
  f(
    'an exempt role in the Deny',
    policy(
      allow(extRoot),
      deny(anyone, {
        BoolIfExists: { [MFA]: 'false' },
        ArnNotLike: { [ARN]: `arn:aws:iam::${EXT}:role/Break*` },
      }),
    ),
  ),
  f(
    'an exempt network in the Deny',
    policy(
      allow(extRoot),
      deny(anyone, { BoolIfExists: { [MFA]: 'false' }, NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    ),
    'network-confined',
  ),
  f(
    'one open and one guarded statement',
    policy(allow(extRoot), allow({ AWS: OTHER }, { StringEquals: { [XID]: 'a-secret-value' } })),
  ),
  p(
    'guarded external, open own',
    policy(allow(extRoot, { StringEquals: { [XID]: 'a-secret-value' } }), allow(ownRoot)),
  ),
  p(
    'world with an external ID',
    policy(allow(anyone, { StringEquals: { [XID]: 'a-secret-value' } })),
    'world-principal',
  ),
  p(
    'external ID with wildcard',
    policy(allow(extRoot, { StringLike: { [XID]: 'vendor-*' } })),
    'extid-wildcard',
  ),
  p('any external ID', policy(allow(extRoot, { Null: { [XID]: 'false' } })), 'extid-any'),
  p('short external ID', policy(allow(extRoot, { StringEquals: { [XID]: 'abc' } })), 'extid-guessable'),
  p(
    'external ID that fix leaves to be replaced',
    policy(allow(extRoot, { StringEquals: { [XID]: `REPLACE-WITH-THE-EXTERNAL-ID-OF-${EXT}` } })),
    'extid-placeholder',
  ),
  p(
    'placeholder that a Deny demands',
    policy(allow(extRoot), deny(anyone, { StringNotEqualsIfExists: { [XID]: 'your_external_id' } })),
    'extid-placeholder',
  ),
  p(
    'trivial external ID among others',
    policy(allow(extRoot, { StringEquals: { [XID]: ['8f14e45fceea167a', 'ChangeMe'] } })),
    'extid-guessable',
  ),
  p(
    'account id with an affix as external ID',
    policy(allow(extRoot, { StringEqualsIgnoreCase: { [XID]: `acme-${OWN}` } })),
    'extid-guessable',
  ),
  n(
    'placeholder that nobody can send',
    policy(allow(extRoot, { StringEquals: { [XID]: '<external-id>' } })),
    'extid-placeholder',
    'dead-statement',
  ),
  p(
    'placeholder of a template',
    policy(allow(extRoot, { StringEquals: { [XID]: '${ExternalId}' } })),
    'extid-placeholder',
  ),
  p('account id as external ID', policy(allow(extRoot, { StringEquals: { [XID]: EXT } })), 'extid-guessable'),
  p('MFA of another account', policy(allow(extRoot, { Bool: { [MFA]: 'true' } })), 'mfa-untrusted-account'),
  p('MFA of a role', policy(allow(extRole, { Bool: { [MFA]: 'true' } })), 'mfa-impossible-for-role'),
  n('external ID that is empty', policy(allow(extRoot, { StringEquals: { [XID]: '' } })), 'dead-statement'),
  n('external ID of one character', policy(allow(extRoot, { StringEquals: { [XID]: 'x' } }))),
  n('external ID with a blank', policy(allow(extRoot, { StringEquals: { [XID]: 'a b' } }))),
  n('literal star as external ID', policy(allow(extRoot, { StringEquals: { [XID]: '*' } }))),
  n(
    'placeholder as external ID before variables existed',
    legacy(allow(extRoot, { StringEquals: { [XID]: '${aws:username}' } })),
  ),
  n(
    'present and absent at once',
    policy(allow(extRoot, { StringEquals: { [XID]: 'a-secret-value' }, Null: { [XID]: 'true' } })),
  ),
  p('string operator on MFA', policy(allow(extRoot, { StringEquals: { [MFA]: 'true' } }))),
  f(
    'key twice in other case',
    policy(allow(extRoot, { StringEquals: { [XID]: 'a-secret-value', 'sts:externalid': 'b-secret-value' } })),
    'undefined-semantics',
  ),
  f('empty Condition', policy(allow(extRoot, {}))),
  f('empty operator', policy(allow(extRoot, { StringEquals: {} }))),
  f('both values of Null', policy(allow(extRoot, { Null: { [XID]: ['true', 'false'] } }))),
  n('ForAnyValue:Null', policy(allow(extRoot, { 'ForAnyValue:Null': { [XID]: 'true' } }))),
  f(
    'temporary credentials of a role that say nothing of MFA',
    policy(allow(extRole, { Null: { [MFA]: 'true', 'aws:TokenIssueTime': 'false' } })),
  ),
  f(
    'temporary credentials of a role without MFA',
    policy(allow(extRole, { Bool: { [MFA]: 'false' }, Null: { 'aws:TokenIssueTime': 'false' } })),
  ),
  n('long-term keys of a role', policy(allow(extRole, { Null: { 'aws:TokenIssueTime': 'true' } }))),
  n(
    'temporary credentials of a user that say nothing of MFA',
    policy(allow(extUser, { Null: { [MFA]: 'true', 'aws:TokenIssueTime': 'false' } })),
  ),
  n(
    'a federated user with MFA information',
    policy(allow({ AWS: `arn:aws:sts::${EXT}:federated-user/bob` }, { Bool: { [MFA]: 'false' } })),
  ),
  f(
    'a federated user without MFA information',
    policy(
      allow(
        { AWS: `arn:aws:sts::${EXT}:federated-user/bob` },
        { Null: { [MFA]: 'true', 'aws:TokenIssueTime': 'false' } },
      ),
    ),
  ),
  f('ForAllValues:Null', policy(allow(extRoot, { 'ForAllValues:Null': { [XID]: 'false' } }))),
  f(
    'token issue time tells temporary credentials',
    policy(allow(extRoot, { Null: { 'aws:TokenIssueTime': 'false' } })),
  ),
];

const confinementCases: readonly Case[] = [
  n('own account', policy(allow(anyone, { StringEquals: { [ACCOUNT]: OWN } }))),
  n('own account, IfExists', policy(allow(anyone, { StringEqualsIfExists: { [ACCOUNT]: OWN } }))),
  n(
    'own account by variable',
    policy(allow(anyone, { StringEquals: { [ACCOUNT]: '${aws:ResourceAccount}' } })),
  ),
  n('own ARN', policy(allow(anyone, { ArnLike: { [ARN]: `arn:aws:iam::${OWN}:role/*` } }))),
  n('own ARN by StringLike', policy(allow(anyone, { StringLike: { [ARN]: `arn:aws:iam::${OWN}:*` } }))),
  n(
    'own ARN by StringLike without colon',
    policy(allow(anyone, { StringLike: { [ARN]: `arn:aws:iam::${OWN}*` } })),
  ),
  n('Deny everybody else', policy(allow(anyone), deny(anyone, { StringNotEquals: { [ACCOUNT]: OWN } }))),
  n(
    'Deny every other ARN',
    policy(allow(anyone), deny(anyone, { ArnNotLike: { [ARN]: `arn:aws:iam::${OWN}:*` } })),
  ),
  f('not the own account', policy(allow(anyone, { StringNotEquals: { [ACCOUNT]: OWN } }))),
  f('part of the own account id', policy(allow(anyone, { StringLike: { [ACCOUNT]: '1111*' } }))),
  f('role of any account', policy(allow(anyone, { ArnLike: { [ARN]: 'arn:aws:iam::*:role/Deploy' } }))),
  f(
    'caller compared with itself',
    policy(allow(anyone, { ArnLike: { [ARN]: 'arn:aws:iam::${aws:PrincipalAccount}:role/Deploy' } })),
  ),
  f(
    'resource account is about the role',
    policy(allow(anyone, { StringEquals: { 'aws:ResourceAccount': OWN } })),
  ),
  f(
    'look-alike after the service',
    policy(allow(anyone, { StringLike: { [ARN]: `arn:*:iam::${OWN}:*` } })),
    'own-lookalike',
  ),
  f(
    'a role whose path looks like another ARN',
    policy(allow({ AWS: `arn:aws:iam::${EXT}:role/x:iam::${OWN}:role/guest` })),
  ),
  f('look-alike by colons', policy(allow(anyone, { StringLike: { [ARN]: `*:${OWN}:*` } })), 'own-lookalike'),
  f('look-alike anywhere', policy(allow(anyone, { StringLike: { [ARN]: `*${OWN}*` } })), 'own-lookalike'),
  n('wildcard partition by ArnLike', policy(allow(anyone, { ArnLike: { [ARN]: `arn:*:iam::${OWN}:*` } }))),
  f('organisation', policy(allow(anyone, { StringEquals: { [ORG]: 'o-example1234' } })), 'org-confined'),
  f(
    'organisation by Deny',
    policy(allow(anyone), deny(anyone, { StringNotEquals: { [ORG]: 'o-example1234' } })),
    'org-confined',
  ),
  f(
    'organisation path',
    policy(allow(anyone, { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-example1234/*' } })),
    'org-confined',
  ),
  f('organisation, IfExists', policy(allow(anyone, { StringEqualsIfExists: { [ORG]: 'o-example1234' } }))),
  f(
    'several values without a set operator',
    policy(allow(anyone, { StringLike: { 'aws:PrincipalOrgPaths': 'o-example1234/*' } })),
    'undefined-semantics',
  ),
  f(
    'several values without a set operator in a Deny',
    policy(allow(extRoot), deny(anyone, { StringNotLike: { 'aws:PrincipalOrgPaths': 'o-example1234/*' } })),
    'undefined-semantics',
  ),
  n(
    'several values that may not be there, without a set operator',
    policy(
      allow(anyone, {
        StringLike: { 'aws:PrincipalOrgPaths': 'o-example1234/*' },
        Null: { 'aws:PrincipalOrgPaths': 'true' },
      }),
    ),
  ),
  n('source account', policy(allow(extRoot, { StringEquals: { 'aws:SourceAccount': OWN } }))),
  f(
    'source account, IfExists',
    policy(allow(extRoot, { StringEqualsIfExists: { 'aws:SourceAccount': OWN } })),
  ),
  n('source owner', policy(allow(extRoot, { StringEquals: { 'aws:SourceOwner': OWN } }))),
  f('source owner, IfExists', policy(allow(extRoot, { StringEqualsIfExists: { 'aws:SourceOwner': OWN } }))),
  f('through an MCP server', policy(allow(extRoot, { Bool: { 'aws:ViaAWSMCPService': 'true' } }))),
  f(
    'not through an MCP server',
    policy(allow(extRoot, { BoolIfExists: { 'aws:ViaAWSMCPService': 'false' } })),
  ),
  f('no key of STS', policy(allow(extRoot, { StringEquals: { 'sts:AssumeRoot': 'x' } })), 'unknown-key'),
  n('source ARN', policy(allow(anyone, { ArnLike: { 'aws:SourceArn': `arn:aws:s3:::bucket` } }))),
  n(
    'SAML audience',
    policy(allow(extRoot, { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } })),
  ),
  f(
    'network',
    policy(allow(extRoot, { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })),
    'network-confined',
  ),
  f(
    'misspelt key',
    policy(allow(extRoot, { StringEquals: { 'sts:ExternlId': 'x-secret-value' } })),
    'unknown-key',
  ),
  f('closed window', policy(allow(extRoot, { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }))),
  n(
    'window that never opens',
    policy(
      allow(extRoot, {
        DateLessThan: { 'aws:CurrentTime': '2020-01-01' },
        DateGreaterThan: { 'aws:CurrentTime': '2021-01-01' },
      }),
    ),
  ),
  n(
    'window that never opens, by two clocks',
    policy(
      allow(extRoot, {
        DateLessThan: { 'aws:CurrentTime': '2020-01-01' },
        NumericGreaterThan: { 'aws:EpochTime': '1700000000' },
      }),
    ),
  ),
  n('account contradicts the principal', policy(allow(extRoot, { StringEquals: { [ACCOUNT]: OTHER } }))),
  f('external account by condition', policy(allow(anyone, { StringEquals: { [ACCOUNT]: EXT } }))),
  n('root user cannot call', policy(allow(anyone, { ArnEquals: { [ARN]: `arn:aws:iam::${EXT}:root` } }))),
  f(
    'the role behind a session',
    policy(allow(anyone, { ArnEquals: { [ARN]: `arn:aws:iam::${EXT}:role/Deploy` } })),
  ),
  n(
    'a session ARN is no principal ARN',
    policy(allow(anyone, { ArnEquals: { [ARN]: `arn:aws:sts::${EXT}:assumed-role/Deploy/ci` } })),
  ),
  n('a user that is a role', policy(allow(extRole, { StringEquals: { 'aws:PrincipalType': 'User' } }))),
  f('user name', policy(allow(extRoot, { StringLike: { 'aws:username': 'ann-*' } }))),
  n('user name of a role', policy(allow(extRole, { StringLike: { 'aws:username': '*' } }))),
  f(
    'session named like the user',
    policy(allow(extRoot, { StringLike: { 'sts:RoleSessionName': '${aws:username}' } })),
  ),
  f(
    'tag by variable',
    policy(allow(anyone, { StringEquals: { 'aws:PrincipalTag/account': '${aws:PrincipalAccount}' } })),
  ),
  p(
    'external ID by variable',
    policy(allow(extRoot, { StringEquals: { [XID]: '${aws:PrincipalAccount}' } })),
    'extid-guessable',
  ),
  p(
    'external ID as the variable',
    policy(allow(extRoot, { StringEquals: { 'aws:PrincipalTag/id': '${sts:ExternalId}' } })),
  ),
  f(
    'external ID as the variable with default',
    policy(allow(extRoot, { StringEquals: { 'aws:PrincipalTag/id': "${sts:ExternalId, 'none'}" } })),
  ),
  f(
    'a Deny that needs a variable without value',
    policy(
      allow(extRoot),
      deny(anyone, { StringNotEquals: { 'aws:PrincipalTag/id': '${aws:PrincipalTag/missing}' } }),
    ),
  ),
];

const TAG = (name: string): string => `aws:PrincipalTag/${name}`;
const SESSION = 'sts:RoleSessionName';

/** Policy variables that tie keys together, in every way one key can force a value on another. */
const variableCases: readonly Case[] = [
  f('a key nobody knows', policy(allow(anyone, { StringEquals: { [TAG('a')]: '${foo:bar}' } }))),
  e(
    'a placeholder in an ARN',
    policy(allow(anyone, { ArnLike: { [ARN]: 'arn:${A}:iam::${B}:role/x' } })),
    'policy-damaged',
  ),
  f(
    'two variables in a session name',
    policy(allow(anyone, { StringEquals: { [SESSION]: '${aws:PrincipalTag/a}-${aws:PrincipalTag/b}' } })),
  ),
  f(
    'two variables whose values are given',
    policy(
      allow(anyone, {
        StringEquals: { [TAG('c')]: '${aws:PrincipalTag/a}-${aws:PrincipalTag/b}', [TAG('a')]: 'x' },
        StringLike: { [TAG('b')]: 'y*' },
      }),
    ),
  ),
  f(
    'a value that is taken apart',
    policy(
      allow(anyone, {
        StringEquals: { [TAG('c')]: 'p-q-r' },
        StringLike: { [TAG('c')]: '${aws:PrincipalTag/a}-q-${aws:PrincipalTag/b}' },
      }),
    ),
  ),
  f(
    'user name made of two tags',
    policy(
      allow(extRoot, { StringEquals: { 'aws:username': '${aws:PrincipalTag/a}${aws:PrincipalTag/b}' } }),
    ),
  ),
  f(
    'a tag in the path of the caller',
    policy(allow(extRoot, { StringLike: { [ARN]: `arn:aws:iam::${EXT}:user/\${aws:PrincipalTag/x}/*` } })),
  ),
  f(
    'a tag in the ARN of any caller',
    policy(
      allow(anyone, {
        ArnLike: { [ARN]: 'arn:aws:iam::${aws:PrincipalAccount}:role/${aws:PrincipalTag/r}' },
      }),
    ),
  ),
  f(
    'a chain of variables',
    policy(
      allow(anyone, {
        StringEquals: {
          [TAG('a')]: '${aws:PrincipalTag/b}',
          [TAG('b')]: '${aws:PrincipalTag/c}',
          [TAG('c')]: '${aws:PrincipalTag/d}',
          [TAG('d')]: 'z',
        },
      }),
    ),
  ),
  f(
    'patterns on both sides of a variable',
    policy(
      allow(anyone, {
        StringEquals: { [TAG('a')]: '${aws:PrincipalTag/b}' },
        StringLike: { [TAG('a')]: 'y-*', [TAG('b')]: '*-x' },
      }),
    ),
  ),
  n(
    'patterns on both sides of a variable that have nothing in common',
    policy(
      allow(anyone, {
        StringEquals: { [TAG('a')]: '${aws:PrincipalTag/b}' },
        StringLike: { [TAG('a')]: 'y-*', [TAG('b')]: 'x-*' },
      }),
    ),
  ),
  f(
    'a variable whatever its case',
    policy(
      allow(anyone, {
        StringEqualsIgnoreCase: { [TAG('a')]: '${aws:PrincipalTag/b}' },
        StringEquals: { [TAG('b')]: 'AbC' },
        StringLike: { [TAG('a')]: 'aB*' },
      }),
    ),
  ),
  f(
    'a session name that is the user name, and has a pattern',
    policy(
      allow(extRoot, {
        StringEquals: { [SESSION]: 'ci-${aws:username}' },
        StringLike: { [SESSION]: 'ci-q7*' },
      }),
    ),
  ),
  f(
    'an account in a tag, and a pattern for it',
    policy(
      allow(anyone, {
        StringEquals: { [TAG('account')]: '${aws:PrincipalAccount}' },
        StringLike: { [TAG('account')]: '5555*' },
      }),
    ),
  ),
  n(
    'an account in a tag, and the pattern of the own one',
    policy(
      allow(anyone, {
        StringEquals: { [TAG('account')]: '${aws:PrincipalAccount}' },
        StringLike: { [TAG('account')]: `${OWN}*` },
      }),
    ),
  ),
  f(
    'a user whose ARN has a path',
    policy(
      allow(extRoot, {
        StringNotEquals: { [ARN]: `arn:aws:iam::${EXT}:user/\${aws:username}` },
        Null: { 'aws:TokenIssueTime': 'true' },
      }),
    ),
  ),
  n(
    'an ARN is no session name',
    policy(allow(extRoot, { StringEquals: { [SESSION]: '${aws:PrincipalArn}' } })),
  ),
  p(
    'an external ID made of a variable and a pattern',
    policy(
      allow(extRoot, {
        StringEquals: { [XID]: '${aws:PrincipalTag/a}-${aws:PrincipalTag/b}' },
        StringLike: { [XID]: 'key-*' },
      }),
    ),
    'extid-guessable',
  ),
];

const documentCases: readonly Case[] = [
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

const GOV = `arn:aws-us-gov:iam::${EXT}:root`;
const inPartition = (partition: string, one: Case): Case => ({
  ...one,
  name: `${one.name} (${partition})`,
  partition,
});

const partitionCases: readonly Case[] = [
  inPartition(
    'aws',
    n('an Allow of another partition', policy(allow({ AWS: GOV })), 'iam-would-reject', 'dead-statement'),
  ),
  inPartition('aws-us-gov', f('an Allow of the own partition', policy(allow({ AWS: GOV })))),
  inPartition('aws-cn', f('a bare id is of the role’s partition', policy(allow({ AWS: EXT })))),
  inPartition('aws-cn', f('anybody of the partition', policy(allow(anyone)))),
  inPartition(
    'aws',
    f(
      'a Deny of another partition denies nobody',
      policy(allow(extRoot), deny({ AWS: GOV })),
      'iam-would-reject',
    ),
  ),
  inPartition('aws', n('a Deny of a bare id', policy(allow(extRoot), deny({ AWS: EXT })))),
  inPartition(
    'aws',
    n(
      'a pattern of another partition',
      policy(allow(anyone, { ArnLike: { [ARN]: `arn:aws-cn:iam::${EXT}:*` } })),
    ),
  ),
  inPartition(
    'aws-cn',
    f(
      'a pattern of the own partition',
      policy(allow(anyone, { ArnLike: { [ARN]: `arn:aws-cn:iam::${EXT}:*` } })),
    ),
  ),
  inPartition(
    'aws',
    f(
      'a Deny of every ARN of another partition',
      policy(allow(anyone), deny(anyone, { ArnLike: { [ARN]: 'arn:aws-cn:*:*:*:*' } })),
    ),
  ),
  inPartition(
    'aws',
    n(
      'a wildcard ARN of another partition',
      policy(allow({ AWS: 'arn:aws-cn:iam::*:root' })),
      'dead-statement',
    ),
  ),
  inPartition(
    'aws',
    n('the own account in another partition', policy(allow({ AWS: `arn:aws-cn:iam::${OWN}:root` }))),
  ),
  inPartition(
    'aws',
    n(
      'a session of another partition',
      policy(allow({ AWS: `arn:aws-cn:sts::${EXT}:assumed-role/Deploy/ci` })),
    ),
  ),
  f(
    'two partitions: each may be the role’s',
    policy(allow({ AWS: GOV }), deny({ AWS: `arn:aws:iam::${EXT}:root` })),
    'iam-would-reject',
  ),
  f(
    'two partitions, one guarded',
    policy(allow({ AWS: GOV }), allow(extRoot, { StringEquals: { [XID]: 'a-secret-value' } })),
    'iam-would-reject',
    'dead-statement',
  ),
  f(
    'a pattern shows the partition',
    policy(allow(anyone, { ArnLike: { [ARN]: `arn:aws-cn:iam::${EXT}:*` } })),
  ),
];

export const CASES: readonly Case[] = [
  ...partitionCases,
  ...guardCases,
  ...principalCases,
  ...actionCases,
  ...guardCombinations,
  ...confinementCases,
  ...variableCases,
  ...documentCases,
];
