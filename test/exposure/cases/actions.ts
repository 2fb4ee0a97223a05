import {
  allow,
  anyone,
  type Case,
  deny,
  extRoot,
  fails as f,
  notApplicable as n,
  policy,
} from './building.ts';

export const actionCases: readonly Case[] = [
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
