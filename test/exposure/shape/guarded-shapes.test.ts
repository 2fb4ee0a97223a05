import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../../src/exposure/analyse.ts';
import {
  type AroundRole,
  type GuardedRole,
  judgeGuarded,
  statementsFor,
} from '../../../src/exposure/guarded.ts';
import { judgeGuardedByShape } from '../../../src/exposure/shape/guarded-shapes.ts';
import type { GuardrailStatement } from '../../../src/iam/guardrail-policy.ts';
import type { OrganizationMember } from '../../../src/model/organizations/organization.ts';
import { allow, deny, EXT, OTHER, OWN, policy } from '../cases/index.ts';
import {
  DEV,
  guard,
  MANAGEMENT,
  MEMBER,
  ORG_ID,
  ORGANIZATION,
  PROD,
  parsed,
  rcp,
  UNLISTED,
} from '../guarded/world.ts';
import { policyArbitrary } from '../random-policies.ts';
import { ACCOUNTS, instanceOf, valuesArbitrary } from './instances.ts';
import { patternPolicyArbitrary } from './pattern-policies.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 100);
const SEED = process.env['PROPERTY_SEED'];
const XID = 'sts:ExternalId';

const written = (...statements: readonly unknown[]): string => JSON.stringify(policy(...statements));
const externalId = (value: unknown, operator = 'StringEquals') => ({ [operator]: { [XID]: value } });
const callers = (value: unknown) => ({ ArnLike: { 'aws:PrincipalArn': value } });

/** Policies as organisations have them. */
const COMMON: readonly string[] = [
  written(allow({ AWS: `arn:aws:iam::${EXT}:root` }, externalId('acme-prod-7'))),
  written(allow({ AWS: `arn:aws:iam::${EXT}:role/Deploy` })),
  written(allow({ AWS: [EXT, OTHER] }), deny({ AWS: EXT }, externalId('acme-prod-7', 'StringNotEquals'))),
  written(allow({ AWS: EXT }, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })),
  written(allow({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': ORG_ID } })),
  written(allow({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': [EXT, OTHER] } })),
  written(allow({ AWS: '*' }, callers(`arn:aws:iam::${EXT}:role/audit-*`))),
  written(allow({ AWS: '*' })),
  written(allow({ AWS: OTHER }), allow({ AWS: '*' }, callers(`arn:aws:iam::${EXT}:role/audit-*`))),
  written(
    allow({ AWS: EXT }, callers(`arn:aws:iam::${EXT}:role/deploy-*`)),
    deny({ AWS: '*' }, externalId('true', 'Null')),
  ),
];

const ONLY_OURS = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORG_ID } };
const NO_ID = { Null: { [XID]: 'true' } };

const GUARDRAILS: readonly (readonly GuardrailStatement[])[] = [
  [],
  parsed(rcp(guard({ ...ONLY_OURS, ...NO_ID, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }))),
  parsed(rcp(guard(ONLY_OURS))),
  parsed(rcp(guard({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }))),
  parsed(rcp(guard({ ...NO_ID, StringNotEquals: { 'aws:PrincipalAccount': [EXT, MEMBER] } }))),
  parsed(
    rcp(guard({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })),
    rcp(guard({ ...ONLY_OURS, ...NO_ID })),
  ),
  parsed(rcp(guard({ ...NO_ID, StringNotEquals: { 'aws:ResourceTag/exempt': 'yes' } }))),
  // These tell policies of one shape apart.
  parsed(rcp(guard({ ...NO_ID, ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${EXT}:role/*` } }))),
  parsed(rcp(guard({ StringNotEquals: { [XID]: ['acme-prod-7', 'abc1234'] } }))),
  parsed(rcp(guard({ 'ForAnyValue:StringNotLike': { 'aws:PrincipalOrgPaths': `${PROD}*` } }))),
  parsed(rcp(guard(NO_ID, { Resource: `arn:aws:iam::${OWN}:role/*` }))),
  parsed(rcp(guard({ StringNotEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } }))),
];

function withMembers(...accounts: readonly string[]): ReadonlyMap<string, OrganizationMember> {
  return new Map(
    accounts.map((account, at) => [
      account,
      {
        account,
        name: null,
        status: at % 4 === 3 ? 'SUSPENDED' : 'ACTIVE',
        path: [PROD, DEV, null][at % 3] as string | null,
      },
    ]),
  );
}

const MANY = ACCOUNTS.filter((_, at) => at % 2 === 0);
const ORGANIZATIONS = [
  ORGANIZATION,
  UNLISTED,
  null,
  { ...ORGANIZATION, members: withMembers(OWN, ...MANY, '100000000001', '930000000000') },
  { ...UNLISTED, members: withMembers(OWN, ...MANY), managementAccount: EXT },
  { ...ORGANIZATION, members: withMembers(OWN, EXT) },
  { ...ORGANIZATION, members: withMembers(OTHER, '100000000001') },
];
const TAGS = [null, {}, { exempt: 'yes' }];

/** One of each, so that what was learnt of one policy is what is said of others. */
const AROUND: readonly AroundRole[] = ORGANIZATIONS.flatMap((organization) =>
  GUARDRAILS.map((statements): AroundRole => ({ organization, statements })),
);

function roleOf(text: string, account: string, tags: GuardedRole['tags']): GuardedRole {
  const trust = analyseTrustPolicy(text, account, 'aws').verdict;
  return { account, partition: 'aws', tags, arn: `arn:aws:iam::${account}:role/any`, trust };
}

function covering({ organization, statements }: AroundRole, { arn = '' }: GuardedRole): AroundRole {
  return { organization, statements: statementsFor(statements, arn).statements };
}

describe('policies that share what guardrails make of their shape', { timeout: 240_000 }, () => {
  it('are judged as they are one by one, in every field', () => {
    const base = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...COMMON) },
      { weight: 1, arbitrary: policyArbitrary },
      { weight: 1, arbitrary: patternPolicyArbitrary },
    );
    const owners = fc.array(fc.constantFrom(OWN, MEMBER, MANAGEMENT, ...ACCOUNTS), {
      minLength: 1,
      maxLength: 2,
    });
    const world = fc.constantFrom(...AROUND);
    const values = fc.array(valuesArbitrary, { minLength: 3, maxLength: 5 });
    fc.assert(
      fc.property(
        base,
        values,
        owners,
        world,
        fc.constantFrom(...TAGS),
        (original, instances, accounts, around, tags) => {
          for (const text of [original, ...instances.map((one) => instanceOf(original, one))]) {
            for (const account of [...accounts, ...(text.match(/\d{12}/g) ?? []).slice(0, 1)]) {
              const role = roleOf(text, account, tags);
              const own = covering(around, role);
              expect(judgeGuardedByShape(text, role, own), `${account}: ${text}`).toEqual(
                judgeGuarded(text, role, own),
              );
            }
          }
        },
      ),
      { numRuns: RUNS, ...(SEED !== undefined && { seed: Number(SEED) }) },
    );
  });

  const ids = ['7f3a9c21-0b4d', 'd91e02b7-66ac', '0c5b7e3f-a81d', '93d5f07c-e2b8'];
  const demanding = (id: string, at: number): string =>
    written(allow({ AWS: `arn:aws:iam::4444555566${60 + at}:role/team-${at}` }, externalId(id)));

  /** What a shape says of several policies, and no value stands in, is one object. */
  function isShared(texts: readonly string[], around: AroundRole): boolean {
    const [third, fourth] = texts
      .map((text) => judgeGuardedByShape(text, roleOf(text, OWN, null), around))
      .slice(2);
    return third?.notes === fourth?.notes;
  }

  it.each([
    ['external ids of outsiders', rcp(guard({ ...ONLY_OURS, ...NO_ID }))],
    ['MFA', rcp(guard({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }))],
    ['other accounts', rcp(guard({ StringNotEquals: { 'aws:PrincipalAccount': [MEMBER] } }))],
  ])('need no decision of their own after the second, where guardrails ask for %s', (_, content) => {
    expect(isShared(ids.map(demanding), { organization: ORGANIZATION, statements: parsed(content) })).toBe(
      true,
    );
  });

  it.each([
    ['these external ids', rcp(guard({ StringNotEquals: { [XID]: ids } }))],
    ['callers by ARN', rcp(guard({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/team-1' } }))],
    ['these accounts', rcp(guard({ StringNotEquals: { 'aws:PrincipalAccount': '444455556662' } }))],
    [
      'places in the organisation',
      rcp(guard({ 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': PROD } })),
    ],
    ['a variable', rcp(guard({ StringNotEquals: { 'aws:PrincipalTag/x': '${aws:PrincipalAccount}' } }))],
    ['single roles', rcp(guard(NO_ID, { Resource: `arn:aws:iam::${OWN}:role/any` }))],
  ])('are decided one by one, where guardrails ask for %s', (_, content) => {
    const around = { organization: ORGANIZATION, statements: parsed(content) };
    const texts = [
      ...ids.slice(0, 2).map(demanding),
      demanding(ids[2] as string, 2),
      demanding(ids[3] as string, 2),
    ];
    expect(isShared(texts, around)).toBe(false);
  });

  it('are told apart by whether their accounts are members', () => {
    const around = { organization: ORGANIZATION, statements: parsed(rcp(guard(ONLY_OURS))) };
    const texts = [EXT, OTHER, '444455556665', MEMBER].map((account) => written(allow({ AWS: account })));
    const verdicts = texts.map((text) => judgeGuardedByShape(text, roleOf(text, OWN, null), around).verdict);
    expect(verdicts).toEqual(['not-applicable', 'not-applicable', 'not-applicable', 'fail']);
  });
});
