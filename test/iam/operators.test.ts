import { expect, it } from 'vitest';
import { OPERATOR_SPELLINGS, OPERATORS, splitOperator } from '../../src/iam/conditions/operators.ts';
import { parseConditions } from '../../src/iam/conditions/parse.ts';
import { type Context, conditionTruth } from '../../src/iam/conditions/truth.ts';
import { parseJson } from '../../src/iam/json.ts';
import { type Decision, evaluateRequest } from '../../src/iam/oracle/evaluate.ts';
import { OPERATORS as CHECKED_OPERATORS } from '../../src/iam/oracle/operators.ts';

const KEY = 'aws:principaltag/team';

/** A value of the request, and two of conditions: one that equals it, one that does not. */
const SAMPLES: readonly (readonly [given: string, same: string, other: string])[] = [
  ['red', 'red', 'blue'],
  ['RED', 'red', 'r*'],
  ['red', 'r*', 'b?d'],
  ['arn:aws:iam::111122223333:role/a', 'arn:aws:iam::*:role/a', 'arn:aws:iam::111122223333:user/a'],
  ['5', '5', '7'],
  ['7', '7', '5'],
  ['2026-01-01T00:00:00Z', '2026-01-01', '2027-01-01'],
  ['true', 'true', 'false'],
  ['10.1.2.3', '10.1.0.0/16', '10.2.0.0/16'],
  ['${aws:principalaccount}', '${aws:principalaccount}', '${aws:principaltag/none}'],
];

function conditionOf(operator: string, values: readonly string[], key = KEY): string {
  return JSON.stringify({ [operator]: { [key]: values } });
}

function searched(
  condition: string,
  effect: 'Allow' | 'Deny',
  given: string | readonly string[] | undefined,
) {
  const context: Context = (key) =>
    key === KEY ? given : key === 'aws:principalaccount' ? '444455556666' : undefined;
  const [only] = parseConditions(parseJson(condition), 'variables');
  return only === undefined ? 'none' : conditionTruth(only, context, effect);
}

function checked(condition: string, given: string | readonly string[] | undefined): Decision {
  const policy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":${condition}}}`;
  return evaluateRequest(policy, {
    principalArn: 'arn:aws:iam::444455556666:user/someone',
    principalAccount: '444455556666',
    actions: ['sts:AssumeRole'],
    context: { 'aws:principalaccount': '444455556666', ...(given === undefined ? {} : { [KEY]: given }) },
  });
}

const SAID = { yes: 'allowed', no: 'refused', unknown: 'undefined', none: 'none' } as const;

it('the check of witnesses knows exactly the operators of the table', () => {
  expect([...CHECKED_OPERATORS.keys(), 'Null'].sort()).toEqual([...OPERATORS.keys()].sort());
});

it.each(OPERATOR_SPELLINGS)('%s means the same to the search and to the check', (operator) => {
  for (const [given, same, other] of SAMPLES) {
    for (const values of [[same], [other], [other, same], []]) {
      const condition = conditionOf(operator, values);
      for (const request of [undefined, given, [given], [given, 'none'], []]) {
        const says = { search: SAID[searched(condition, 'Allow', request)], operator, values, request };
        expect(says).toEqual({ ...says, search: checked(condition, request) });
      }
    }
  }
});

it('an operator of the table is defined, and holds for some request and fails for another', () => {
  for (const operator of OPERATOR_SPELLINGS) {
    const truths = new Set(
      SAMPLES.flatMap(([given, same, other]) =>
        [same, other].flatMap((value) =>
          [undefined, given, [given], ['true', 'false']].map((request) =>
            searched(conditionOf(operator, [value]), 'Allow', request),
          ),
        ),
      ),
    );
    const { quantifier, name } = splitOperator(operator);
    const constant = name === 'Null' && quantifier !== 'none';
    expect([operator, truths.has('yes') || truths.has('no')]).toEqual([operator, true]);
    if (!constant) expect([operator, truths.has('yes') && truths.has('no')]).toEqual([operator, true]);
  }
});

it.each([
  'NullIfExists',
  'ForAnyValue:NullIfExists',
  'StringEqual',
  'stringEquals',
  'ForSomeValue:StringEquals',
  'forAllValues:StringEquals',
  'StringEqualsIfexists',
  'StringLikeIfExistsIfExists',
  'ForAllValues:ForAnyValue:StringEquals',
  'toString',
  '',
])('`%s` is defined neither to the search nor to the check', (operator) => {
  for (const request of [undefined, 'red']) {
    expect(searched(conditionOf(operator, ['red']), 'Allow', request)).toBe('unknown');
    expect(checked(conditionOf(operator, ['red']), request)).toBe('undefined');
  }
});

it('a negation names an operator of the table with the same comparison', () => {
  for (const [name, { comparison, negates }] of OPERATORS) {
    expect([name, negates === null]).toEqual([name, !name.includes('Not')]);
    if (negates !== null) {
      expect(OPERATORS.get(negates)).toMatchObject({ comparison, negates: null });
    }
  }
});

it('a comparison may take wildcards and ignore case at once', () => {
  const [like] = parseConditions(
    parseJson(conditionOf('StringLike', ['r?D*', 'B${aws:username}*'])),
    'variables',
  );
  if (like?.kind !== 'compare') throw new Error('StringLike compares');
  const comparison = { family: 'string', ignoreCase: true, wildcards: true } as const;
  const truthOf = (given: string) =>
    conditionTruth({ ...like, comparison }, (key) => (key === KEY ? given : 'Ann'), 'Allow');
  expect(['RED', 'redder', 'bANNA', 'rd', 'ann'].map(truthOf)).toEqual(['yes', 'yes', 'yes', 'no', 'no']);
});
