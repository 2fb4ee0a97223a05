import { describe, expect, it } from 'vitest';
import { coversResource, parseGuardrails } from '../../src/iam/guardrail-policy.ts';
import { guardrailDenies } from '../../src/iam/oracle/guardrail.ts';
import type { AttachedPolicy } from '../../src/model/organizations/organization.ts';

const STATEMENT = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:AssumeRole',
  Resource: '*',
  Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorg1' } },
};
const GOOD = { Version: '2012-10-17', Statement: [STATEMENT] };

function attached(content: unknown, id = 'p-example01'): AttachedPolicy {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { id, name: null, content: text, targets: ['r-ab12'] };
}
const withStatement = (more: Readonly<Record<string, unknown>>, without: readonly string[] = []): unknown => {
  const statement = { ...STATEMENT, ...more };
  const kept = Object.entries(statement).filter(([key]) => !without.includes(key));
  return { ...GOOD, Statement: [Object.fromEntries(kept)] };
};
const withCondition = (Condition: unknown): unknown => withStatement({ Condition });

const DAMAGED: readonly (readonly [what: string, content: unknown, why: RegExp])[] = [
  ['no JSON', '{"Version":', /not valid JSON/],
  ['still URL-encoded', encodeURIComponent(JSON.stringify(GOOD)), /not valid JSON/],
  ['an empty text', '', /not valid JSON/],
  ['a list', [GOOD], /no policy/],
  ['without Version', { Statement: [STATEMENT] }, /2012-10-17/],
  ['an old Version', { ...GOOD, Version: '2008-10-17' }, /2012-10-17/],
  ['without Statement', { Version: '2012-10-17' }, /Statement/],
  ['no statements', { ...GOOD, Statement: [] }, /empty/],
  ['a statement that is a text', { ...GOOD, Statement: ['System.Object[]'] }, /PowerShell/],
  ['two Statements', '{"Version":"2012-10-17","Statement":[],"Statement":[]}', /twice/],
  ['a further element', { ...GOOD, Statements: [] }, /no element/],
  ['an Allow', withStatement({ Effect: 'Allow' }), /Deny/],
  ['a misspelt effect', withStatement({ Effect: 'deny' }), /neither/],
  ['without Effect', withStatement({}, ['Effect']), /missing/],
  ['without Principal', withStatement({}, ['Principal']), /missing/],
  ['a principal', withStatement({ Principal: { AWS: '444455556666' } }), /only one/],
  ['everybody in other words', withStatement({ Principal: { AWS: '*' } }), /only one/],
  ['NotPrincipal', withStatement({ NotPrincipal: '*' }, ['Principal']), /NotPrincipal|no element/],
  ['without Action', withStatement({}, ['Action']), /missing/],
  ['NotAction', withStatement({ NotAction: 's3:*' }, ['Action']), /no element/],
  ['no actions', withStatement({ Action: [] }), /empty/],
  [
    'several actions in one text',
    withStatement({ Action: 'sts:AssumeRole s3:GetObject' }),
    /several actions/,
  ],
  ['a number for an action', withStatement({ Action: 7 }), /not an action/],
  ['without Resource', withStatement({}, ['Resource']), /missing/],
  ['Resource and NotResource', withStatement({ NotResource: 'arn:aws:s3:::b' }), /beside/],
  ['a Resource that is no ARN', withStatement({ Resource: 'my-role' }), /neither/],
  ['no Resources', withStatement({ Resource: [] }), /empty/],
  [
    'a placeholder in a Resource',
    withStatement({ Resource: 'arn:aws:iam::<account>:role/x' }),
    /never filled in/,
  ],
  ['a misspelt element', withStatement({ Conditions: {} }, ['Condition']), /no element/],
  [
    'an element twice',
    JSON.stringify(GOOD).replace('"Resource":"*"', '"Resource":"*","Resource":"*"'),
    /twice/,
  ],
  [
    'a misspelt operator',
    withCondition({ StringNotEqual: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }),
    /no condition operator/,
  ],
  [
    'an operator in small letters',
    withCondition({ stringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }),
    /no condition operator/,
  ],
  [
    'IfExists of Null',
    withCondition({ NullIfExists: { 'sts:ExternalId': 'true' } }),
    /no condition operator/,
  ],
  [
    'a key twice',
    withCondition({ StringEquals: { 'sts:ExternalId': 'ab', 'sts:externalid': 'cd' } }),
    /twice/,
  ],
  [
    'a placeholder for the organisation',
    withCondition({ StringNotEquals: { 'aws:PrincipalOrgID': '<my-org-id>' } }),
    /never filled in/,
  ],
  [
    'a template variable',
    withCondition({ StringNotEquals: { 'aws:PrincipalOrgID': '${ORG_ID}' } }),
    /never filled in/,
  ],
  [
    'a word for the organisation',
    withCondition({ StringNotEquals: { 'aws:PrincipalOrgID': 'MY-ORG' } }),
    /no id of an organisation/,
  ],
  [
    'a word for a unit',
    withCondition({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'Workloads' } }),
    /no path/,
  ],
  [
    'a name for an account',
    withCondition({ StringNotEquals: { 'aws:PrincipalAccount': ['444455556666', 'vendor'] } }),
    /no account id/,
  ],
  [
    'a placeholder for an external ID',
    withCondition({ StringNotEquals: { 'sts:ExternalId': 'id-<customer>' } }),
    /never filled in/,
  ],
  [
    'a placeholder in free text',
    withCondition({ StringNotEquals: { 'aws:ResourceTag/team': 'team <name>' } }),
    /never filled in/,
  ],
  ['a placeholder for a key', withCondition({ Null: { '<provider>:sub': 'true' } }), /never filled in/],
  [
    'values that are objects',
    withCondition({ StringEquals: { 'sts:ExternalId': { Ref: 'Id' } } }),
    /value of a condition|never filled in/,
  ],
];

describe('parseGuardrails', () => {
  it.each(DAMAGED)('refuses %s', (_, content, why) => {
    const found = parseGuardrails([
      attached(GOOD, 'p-good'),
      attached(content, 'p-bad'),
      attached('', 'p-worse'),
    ]);
    expect(found).toMatchObject({
      state: 'damaged',
      policy: 'p-bad',
      why: expect.stringMatching(why) as string,
    });
  });

  it('reads what AWS Organizations can hold', () => {
    const contents: readonly unknown[] = [
      GOOD,
      { ...GOOD, Statement: STATEMENT },
      withStatement({ Sid: 'EnforceOrg', Action: ['sts:*', 's3:*'], Resource: ['*'] }),
      withStatement({ NotResource: 'arn:aws:iam::*:role/a*' }, ['Resource', 'Condition']),
      withStatement({ Action: '*' }),
      withCondition({ StringNotEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } }),
      withCondition({
        StringNotLike: { 'aws:PrincipalAccount': ['4444*', '444455556666'] },
        Bool: { 'aws:SecureTransport': false },
      }),
      withCondition({ 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-exampleorg1/r-ab12/*' } }),
    ];
    for (const content of contents) {
      const found = parseGuardrails([attached(content)]);
      expect(found, JSON.stringify(content)).toMatchObject({ state: 'parsed' });
      expect(found.state === 'parsed' && found.statements).toHaveLength(1);
    }
  });

  it('takes the policy that AWS manages for what it is, and no other like it', () => {
    const allow = withStatement({ Effect: 'Allow', Action: '*' }, ['Condition']);
    expect(parseGuardrails([attached(allow, 'p-RCPFullAWSAccess')])).toEqual({
      state: 'parsed',
      statements: [],
    });
    expect(parseGuardrails([attached(allow, 'p-rcpfullawsaccess')])).toEqual({
      state: 'parsed',
      statements: [],
    });
    expect(parseGuardrails([attached(allow, 'p-RCPFullAWSAccess2')]).state).toBe('damaged');
    expect(parseGuardrails([attached(GOOD, 'p-RCPFullAWSAccess')]).state).toBe('damaged');
    expect(parseGuardrails([attached('{', 'p-RCPFullAWSAccess')]).state).toBe('damaged');
  });

  it('has nothing to say of no policies', () => {
    expect(parseGuardrails([])).toEqual({ state: 'parsed', statements: [] });
  });
});

const ROLE = 'arn:aws:iam::111122223333:role/app/*/Target';

describe('what a statement covers', () => {
  it.each([
    [{ Resource: '*' }, 'yes'],
    [{ Resource: ROLE.replace('*', '${*}') }, 'yes'],
    [{ Resource: ROLE }, 'yes'],
    [{ Resource: 'arn:aws:iam::*:role/*' }, 'yes'],
    [{ Resource: 'arn:*:iam::111122223333:role/a??/*' }, 'yes'],
    [{ Resource: ['arn:aws:s3:::b', 'arn:aws:iam::111122223333:*'] }, 'yes'],
    [{ Resource: 'arn:aws:iam::111122223333:role/app/${*}' }, 'no'],
    [{ Resource: 'arn:aws:iam::111122223333:role/Target' }, 'no'],
    [{ Resource: 'arn:aws:iam::111122223333:ROLE/*' }, 'no'],
    [{ Resource: 'arn:aws:iam::*' }, 'unknown'],
    [{ Resource: 'arn:*' }, 'unknown'],
    [{ Resource: 'arn:aws:*:role/app/*' }, 'unknown'],
    [{ Resource: 'arn:aws:iam::*:role/app/${aws:PrincipalTag/x}' }, 'unknown'],
    [{ Resource: ['arn:aws:iam::*:role/${aws:PrincipalTag/x}', '*'] }, 'yes'],
    [{ Resource: 'arn:aws:iam::*:role/b/${aws:PrincipalTag/x}' }, 'no'],
    [{ NotResource: 'arn:aws:iam::*:role/app/*' }, 'no'],
    [{ NotResource: 'arn:aws:iam::*:role/b/*' }, 'yes'],
    [{ NotResource: ['arn:aws:iam::*', 'arn:aws:s3:::b'] }, 'unknown'],
    [{ NotResource: 'arn:aws:iam::*:role/app/${aws:PrincipalTag/x}' }, 'unknown'],
    [{ NotResource: 'arn:aws:s3:::${aws:PrincipalTag/x}' }, 'yes'],
  ] as const)('%o: %s, and the check says the same', (element, covered) => {
    const statement = { Effect: 'Deny', Principal: '*', Action: 'sts:*', ...element };
    const policy = attached({ Version: '2012-10-17', Statement: [statement] });
    const found = parseGuardrails([policy]);
    if (found.state === 'damaged') throw new Error(found.why);
    expect(coversResource(found.statements[0]!, ROLE)).toBe(covered);
    const request = {
      principalArn: 'arn:aws:iam::444455556666:user/ann',
      principalAccount: '444455556666',
      actions: ['sts:AssumeRole'],
      context: { 'aws:PrincipalTag/x': '*/Target' },
    };
    const answer = { yes: true, no: false, unknown: null }[covered];
    expect(guardrailDenies(policy.content, 0, request, ROLE)).toBe(answer);
    expect(guardrailDenies(policy.content, 1, request, ROLE)).toBe(false);
    expect(guardrailDenies(policy.content, 0, { ...request, actions: ['s3:GetObject'] }, ROLE)).toBe(false);
  });
});
