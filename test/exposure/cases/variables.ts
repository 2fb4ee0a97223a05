import {
  ARN,
  allow,
  anyone,
  type Case,
  EXT,
  isError as e,
  extRoot,
  fails as f,
  notApplicable as n,
  OWN,
  passes as p,
  policy,
  XID,
} from './building.ts';

const TAG = (name: string): string => `aws:PrincipalTag/${name}`;
const SESSION = 'sts:RoleSessionName';

/** Policy variables that tie keys together, in every way one key can force a value on another. */
export const variableCases: readonly Case[] = [
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
