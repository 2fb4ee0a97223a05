import fc from 'fast-check';
import { EXT, OTHER, OWN } from '../cases/index.ts';

/** Of callers' ARNs, behind the account. */
const RESOURCES: readonly string[] = [
  'role/deploy-*',
  'role/deploy-*',
  'role/*',
  '*',
  'role/d*',
  'role/D?p*',
  'role/team/*',
  'role/team/dep*',
  'role/*/Deploy*',
  'role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_a_*',
  'user/a*',
  'user/*n',
  'role/Deploy',
  'role/x*',
  'role/vkj-*',
  'role/xqzvkjw-*',
  'role/9*5*3',
  'role/some*',
  'role/Kz*',
  'role/*:iam::*',
  'root',
  'assumed-role/Deploy/*',
];
const STARTS: readonly string[] = [
  'arn:aws:iam::',
  'arn:aws:iam::',
  'arn:aws:iam::',
  'arn:aws:iam::',
  'arn:aws:sts::',
  'arn:aws-cn:iam::',
  'arn:*:iam::',
  'arn:aws:*:*:',
  '*',
];
const account = fc.constantFrom(EXT, EXT, OTHER, OWN);
/** What can stand in the place of an account id; most are that. */
const accountField = fc.oneof(
  { weight: 12, arbitrary: account },
  { weight: 1, arbitrary: fc.constantFrom('*', '4444*', '?44455556666', '44445555666?', `${EXT}*`) },
);

const callerArn = fc
  .tuple(fc.constantFrom(...STARTS), accountField, fc.constantFrom(...RESOURCES))
  .map(([start, field, resource]) => `${start}${field}:${resource}`);

const operator = fc.constantFrom(
  'ArnLike',
  'ArnLike',
  'ArnEquals',
  'StringLike',
  'StringEquals',
  'ArnNotLike',
  'StringNotLike',
  'ArnLikeIfExists',
  'ForAnyValue:ArnLike',
  'StringEqualsIgnoreCase',
);

const onCallers = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        operator,
        fc.oneof({ weight: 3, arbitrary: callerArn }, fc.array(callerArn, { minLength: 1, maxLength: 2 })),
      )
      .map(([name, value]) => ({ [name]: { 'aws:PrincipalArn': value } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .uniqueArray(account, { minLength: 1, maxLength: 2 })
      .map((value) => ({ StringEquals: { 'aws:PrincipalAccount': value } })),
  },
  { weight: 1, arbitrary: fc.constant({ Null: { 'aws:PrincipalArn': 'false' } }) },
);
const others = fc.constantFrom(
  {},
  {},
  { StringEquals: { 'sts:ExternalId': 'acme-prod-7' } },
  { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  { StringLike: { 'aws:PrincipalTag/team': 'a*' } },
);
const NAMES = ['Deploy', 'deploy-a', 'ann'];
const principal = fc.oneof(
  { weight: 4, arbitrary: fc.constant<object>({ AWS: '*' }) },
  { weight: 2, arbitrary: account.map((one) => ({ AWS: `arn:aws:iam::${one}:root` })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(account, fc.constantFrom('role/', 'role/', 'user/', 'role/team/'), fc.constantFrom(...NAMES))
      .map(([one, kind, name]) => ({ AWS: `arn:aws:iam::${one}:${kind}${name}` })),
  },
  {
    weight: 1,
    arbitrary: account.map((one) => ({ AWS: [one, `arn:aws:sts::${EXT}:assumed-role/Deploy/run`] })),
  },
  { weight: 1, arbitrary: fc.constant({ Service: 'ec2.amazonaws.com' }) },
);

const statement = fc
  .tuple(fc.constantFrom('Allow', 'Allow', 'Deny'), principal, fc.option(onCallers, { freq: 3 }), others)
  .map(([Effect, Principal, callers, more]) => {
    const Condition = { ...more, ...callers };
    return {
      Effect,
      Principal,
      Action: 'sts:AssumeRole',
      ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
    };
  });

/** Policies whose callers are told by patterns on their ARNs, as text. */
export const patternPolicyArbitrary: fc.Arbitrary<string> = fc
  .tuple(
    fc.tuple(fc.constantFrom('Allow', 'Allow', 'Deny'), principal, onCallers),
    fc.array(statement, { maxLength: 2 }),
  )
  .map(([[Effect, Principal, Condition], more]) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect, Principal, Action: 'sts:AssumeRole', Condition }, ...more],
    }),
  );

/** Names that the patterns above take in, or that differ from those that they do in little. */
export const namesBesidePatterns: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      'Deploy',
      'deploy-',
      'deploy-a',
      'deploy',
      'dep',
      'Dep',
      'd',
      'team',
      'ann',
      'ab',
      'abc',
      'x',
      'axe',
      'qqq',
    ],
    ...[
      'vkj-a',
      'vkjw',
      '753',
      '9a5b3',
      'some',
      'Kz',
      'root',
      'iam',
      'AWSReservedSSO_a_b',
      'n'.repeat(64),
      'q'.repeat(60),
    ],
  ),
  fc.string({ unit: fc.constantFrom(...'abcdeploy-xqzvkjw7953'), minLength: 1, maxLength: 20 }),
);
