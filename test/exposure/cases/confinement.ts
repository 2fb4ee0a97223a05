import {
  ACCOUNT,
  ARN,
  allow,
  anyone,
  type Case,
  deny,
  EXT,
  extRole,
  extRoot,
  fails as f,
  notApplicable as n,
  ORG,
  OTHER,
  OWN,
  passes as p,
  policy,
  XID,
} from './building.ts';

export const confinementCases: readonly Case[] = [
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
