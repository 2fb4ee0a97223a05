import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRUST_JUDGE, VerdictMemo } from '../../../src/audit/memo.ts';
import { cutPolicy } from '../../../src/exposure/shape/cut.ts';
import { Shape } from '../../../src/exposure/shape/shape.ts';
import { TRUST_RULES } from '../../../src/rules/index.ts';
import { allow, CASES, deny, EXT, OTHER, OWN, policy } from '../cases/index.ts';
import { policyArbitrary } from '../random-policies.ts';
import { ACCOUNTS, instanceOf, valuesArbitrary } from './instances.ts';
import { countingShapes, judge } from './judging.ts';

const XID = 'sts:ExternalId';
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 120);
const CLUSTER = `oidc.eks.eu-central-1.amazonaws.com/id/${'ABCDEF01'.repeat(4)}`;

const externalId = (value: unknown, operator = 'StringEquals') => ({ [operator]: { [XID]: value } });
const written = (...statements: readonly unknown[]): string => JSON.stringify(policy(...statements));

/** Policies as organisations have them, whose instances differ in their values. */
const COMMON: readonly string[] = [
  written(allow({ AWS: `arn:aws:iam::${EXT}:root` }, externalId('acme-prod-7'))),
  written(allow({ AWS: `arn:aws:iam::${EXT}:role/Deploy` }, externalId(['acme-prod-7', 'beta-9']))),
  written(allow({ AWS: EXT }, externalId('acme-prod-7', 'StringLike'))),
  written(allow({ AWS: EXT }, externalId('acme-prod-7', 'StringEqualsIgnoreCase'))),
  written(allow({ AWS: EXT }, externalId('acme-prod-7', 'StringNotEquals'))),
  written(allow({ AWS: '*' }, externalId('acme-prod-7'))),
  written(
    allow({ AWS: [`arn:aws:iam::${EXT}:root`, `arn:aws:iam::${OTHER}:role/Deploy`, OWN] }),
    allow({ Service: 'ec2.amazonaws.com' }),
  ),
  written(allow({ AWS: [`arn:aws:iam::${EXT}:user/ann`, `arn:aws:iam::${OTHER}:user/bob`] })),
  written(allow({ AWS: [`arn:aws:iam::${EXT}:role/Deploy`, `arn:aws:iam::${EXT}:role/ci/Deploy`] })),
  written(allow({ AWS: `arn:aws:sts::${EXT}:assumed-role/Deploy/run` })),
  written(allow({ AWS: [EXT, OTHER] }), deny({ AWS: EXT }, externalId('acme-prod-7', 'StringNotEquals'))),
  written(allow({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': [EXT, OTHER] } })),
  written(allow({ AWS: '*' }, { StringEqualsIgnoreCase: { 'aws:PrincipalAccount': EXT } })),
  written(allow({ AWS: EXT }, { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${EXT}:role/Deploy` } })),
  written(
    allow(
      { Service: 'sns.amazonaws.com' },
      {
        StringEquals: { 'aws:SourceAccount': OWN },
        ArnLike: { 'aws:SourceArn': `arn:aws:sns:eu-central-1:${OWN}:*` },
      },
    ),
  ),
  ...['ArnEquals', 'StringLike', 'StringNotEqualsIgnoreCase', 'ArnNotLikeIfExists', 'NumericEquals'].flatMap(
    (operator) =>
      [`arn:aws:lambda:eu-central-1:${OWN}:function:orders`, 'arn:aws:s3:::orders'].map((source) =>
        written(
          allow({ AWS: EXT }, externalId('acme-prod-7')),
          allow({ Service: 'lambda.amazonaws.com' }, { [operator]: { 'aws:SourceArn': source } }),
          deny({ AWS: OTHER }, { ArnLike: { 'aws:sourcearn': source } }),
        ),
      ),
  ),
  written(
    allow({ AWS: '*' }, { 'ForAllValues:ArnLike': { 'aws:SourceArn': `arn:aws:sns:eu-central-1:${EXT}:x` } }),
    allow({ AWS: '*' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::y' } }, 'sts:AssumeRoleWithSAML'),
  ),
  written(
    allow(
      { Federated: `arn:aws:iam::${OWN}:oidc-provider/${CLUSTER}` },
      {
        StringEquals: {
          [`${CLUSTER}:sub`]: 'system:serviceaccount:shop:a',
          [`${CLUSTER}:aud`]: 'sts.amazonaws.com',
        },
      },
      'sts:AssumeRoleWithWebIdentity',
    ),
  ),
  written(
    allow(
      { Federated: `arn:aws:iam::${OWN}:saml-provider/Okta` },
      { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
    ),
  ),
];

/** How often a policy's verdicts were those of its shape, written down again. */
function sharesOf(texts: readonly string[], account: string, partition: string | null): number {
  const { shapes, judged } = countingShapes();
  let shares = 0;
  for (const text of texts) {
    const shaped = shapes.find(text);
    if (shaped === null) continue;
    const before = judged();
    shaped.shape.outcome(text, shaped.cut, account, text.includes(account), partition);
    if (judged() === before) shares++;
  }
  return shares;
}

describe('policies that share the decision on their shape', { timeout: 120_000 }, () => {
  it('are judged as they are one by one, in every field', () => {
    const base = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...COMMON) },
      { weight: 1, arbitrary: policyArbitrary },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          ...CASES.map(({ trust }) => (typeof trust === 'string' ? trust : JSON.stringify(trust))),
        ),
      },
    );
    const owners = fc.array(fc.constantFrom(...ACCOUNTS), { minLength: 2, maxLength: 3 });
    const partitions = fc.constantFrom('aws', null, 'aws-cn');
    // One memory for all runs: what it learnt of one policy is what it says of another.
    const memo = new VerdictMemo();
    const oneByOne = new VerdictMemo([...TRUST_RULES]);
    fc.assert(
      fc.property(
        base,
        fc.array(valuesArbitrary, { minLength: 4, maxLength: 6 }),
        owners,
        partitions,
        (original, values, accounts, partition) => {
          for (const text of [original, ...values.map((one) => instanceOf(original, one))]) {
            for (const account of [...accounts, ...(text.match(/\d{12}/g) ?? []).slice(0, 1)]) {
              const trust = { state: 'document', text } as const;
              expect(memo.evaluate(trust, account, partition), `${account} ${partition}: ${text}`).toEqual(
                oneByOne.evaluate(trust, account, partition),
              );
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('keep the order of accounts, and what each of them is to the owner', () => {
    const text = (accounts: readonly string[]): string =>
      written(allow({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': accounts } }));
    const texts = [
      [EXT, OTHER, OWN],
      [OTHER, EXT, OWN],
      [OWN, OTHER, EXT],
      [EXT, OWN, OTHER],
    ].flatMap((accounts) => [accounts, accounts.map((one) => `${one.slice(0, 11)}7`)].map(text));
    const memo = new VerdictMemo();
    for (const round of [texts, texts.toReversed()])
      for (const one of round)
        for (const account of [OWN, EXT, '500000000000', '999999999999'])
          expect(memo.evaluate({ state: 'document', text: one }, account, 'aws').verdicts).toEqual(
            judge(one, account, 'aws'),
          );
  });

  it('need no decision of their own after the second', () => {
    const ids = ['7f3a9c21-0b4d', 'd91e02b7-66ac', '0c5b7e3f-a81d', '93d5f07c-e2b8', 'b6c1e94f-07da'];
    const texts = ids.map((id, at) =>
      written(allow({ AWS: `arn:aws:iam::4444555566${60 + at}:role/team-${at}` }, externalId(id))),
    );
    expect(sharesOf(texts, OWN, 'aws')).toBe(3);
  });

  it.each([
    ['in an account', (at: number) => `arn:aws:lambda:eu-central-1:33334444555${at}:function:orders-${at}`],
    ['in none', (at: number) => `arn:aws:s3:::orders-${at}`],
  ])('are one shape whatever a service acts for, %s', (_, arn) => {
    const texts = [1, 2, 3, 4].map((at) =>
      written(allow({ Service: 'lambda.amazonaws.com' }, { ArnEquals: { 'aws:SourceArn': arn(at) } })),
    );
    expect(sharesOf(texts, OWN, 'aws')).toBe(2);
  });

  it('fall into classes by how easily their external ids are guessed', () => {
    const keys = ['7f3a9c21-0b4d', 'd91e02b7-66ac', 'abc123', 'changeme', 'your-external-id'].map(
      (id) => cutPolicy(written(allow({ AWS: EXT }, externalId(id))))?.key,
    );
    expect(keys).not.toContain(undefined);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).toBe(keys[3]);
    expect(new Set(keys).size).toBe(3);
  });

  it.each([
    ['an escape', written(allow({ AWS: EXT })).replace('4444', '\\u0034444')],
    ['an account that the judge makes up', written(allow({ AWS: '909090909090' }))],
    ['a name that the judge makes up', written(allow({ AWS: `arn:aws:iam::${EXT}:user/someuserx` }))],
    ['an external id that the judge makes up', written(allow({ AWS: EXT }, externalId('Someone-Else')))],
    ['an account in an external id', written(allow({ AWS: EXT }, externalId(`id-${EXT}`)))],
    ['a wildcard in an external id', written(allow({ AWS: EXT }, externalId('acme-*', 'StringLike')))],
    ['a damaged external id', written(allow({ AWS: EXT }, externalId('redacted-7f3a9c21')))],
    [
      'values that are equal but for case',
      written(allow({ AWS: EXT }, externalId(['acme-Prod', 'acme-prod']))),
    ],
    ['no end', '{"Version":"2012-10-17'],
    [
      'more slots than are looked at',
      written(allow({ AWS: Array.from({ length: 25 }, (_, at) => `${at + 1e11}`) })),
    ],
  ])('are none with %s', (_, text) => {
    expect(cutPolicy(text)).toBeNull();
  });

  it.each([
    [
      'a policy variable',
      written(allow({ AWS: EXT }, { StringEquals: { 'aws:PrincipalTag/x': '${aws:username}' } })),
    ],
    ['a longer number', written(allow({ AWS: EXT }, { StringEquals: { 'aws:PrincipalTag/x': `${EXT}1` } }))],
    ['an account in a Sid', JSON.stringify(policy({ Sid: `A${EXT}`, ...(allow({ AWS: EXT }) as object) }))],
    ['an account in a tag', written(allow({ AWS: EXT }, { StringEquals: { 'aws:PrincipalTag/x': EXT } }))],
    ['an account as a number', written(allow({ AWS: [OTHER, Number(EXT)] }))],
    [
      'a caller by ARN in any account',
      written(allow({ AWS: EXT }, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/a' } })),
    ],
    [
      'external ids in any case',
      written(allow({ AWS: EXT }, externalId('7f3a9c21-0b4d', 'StringEqualsIgnoreCase'))),
    ],
    [
      'an external id that is a number',
      written(allow({ AWS: EXT }, externalId(['7f3a9c21-0b4d', 12345678]))),
    ],
    ['wildcards in a principal', written(allow({ AWS: `arn:aws:iam::${EXT}:role/D*` }))],
    [
      'names with a path and without',
      written(allow({ AWS: [`arn:aws:iam::${EXT}:role/a`, `arn:aws:iam::${EXT}:role/p/a`] })),
    ],
    [
      'NotPrincipal',
      JSON.stringify(policy({ Effect: 'Allow', NotPrincipal: { AWS: EXT }, Action: 'sts:AssumeRole' })),
    ],
    ['an account as a moment', written(allow({ AWS: EXT }, { DateLessThan: { 'aws:CurrentTime': OTHER } }))],
    [
      'a placeholder in its text',
      written(allow({ AWS: EXT }, { StringEquals: { 'aws:PrincipalTag/x': '312746081359' } })),
    ],
    ['a text after its end', `${written(allow({ AWS: EXT }))}]`],
  ])('are none with %s, wherever that leads', (_, text) => {
    const cut = cutPolicy(text);
    expect(cut).not.toBeNull();
    expect(cut === null ? null : Shape.of(TRUST_JUDGE, cut)).toBeNull();
  });

  it('are judged one by one where a rule of somebody else judges', () => {
    const seen: unknown[] = [];
    const [rule] = TRUST_RULES;
    const memo = new VerdictMemo([
      {
        metadata: { ...rule!.metadata, id: 'T.1' },
        judge: ({ policy: document, exposure }) => {
          seen.push(JSON.stringify(document));
          return { ...exposure, literal: 'pass' };
        },
      },
    ]);
    const texts = ['7f3a9c21-0b4d', 'd91e02b7-66ac', '0c5b7e3f-a81d'].map((id) =>
      written(allow({ AWS: EXT }, externalId(id))),
    );
    for (const text of texts) memo.evaluate({ state: 'document', text }, OWN, 'aws');
    expect(seen).toEqual(texts);
  });
});
