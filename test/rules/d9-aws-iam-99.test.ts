import { describe, expect, it } from 'vitest';
import { compileRule } from '../../src/gsl/compile-rule.ts';
import type { Switches } from '../../src/gsl/switches.ts';
import { D9_AWS_IAM_99, literalReading } from '../../src/rules/d9-aws-iam-99/rule.ts';
import { OWN, TRUST_CASES } from './trust-cases.ts';

const OUTCOME = { compliant: 'pass', 'non-compliant': 'fail', 'not-relevant': 'not-applicable' } as const;

function readWith(switches: Partial<Switches>, policy: unknown): string {
  const result = compileRule(D9_AWS_IAM_99.logic, { switches });
  if (!result.ok) throw new Error(result.errors[0]?.message);
  return OUTCOME[result.compiled.evaluate({ accountNumber: OWN, assumeRolePolicy: policy }, { asOf: 0 })];
}

describe('the literal reading of D9.AWS.IAM.99', () => {
  it.each(TRUST_CASES)('$id $what: $literal', ({ policy, literal }) => {
    expect(literalReading(policy, OWN)).toBe(literal);
  });

  it.each(TRUST_CASES)('$id $what, a split list being null', ({ policy, literal, splitNull }) => {
    expect(readWith({ splitList: 'null' }, policy)).toBe(splitNull ?? literal);
  });

  it.each(TRUST_CASES)('$id $what, ignoring case', ({ policy, literal, anyCase }) => {
    expect(readWith({ textEqualityAnyCase: true }, policy)).toBe(anyCase ?? literal);
  });

  it('is of a text that the checker has nothing against', () => {
    const result = compileRule(D9_AWS_IAM_99.logic);
    expect(result.ok && result.compiled.warnings).toEqual([]);
  });

  it('covers all 56 cases, once each', () => {
    const ids = Array.from({ length: 56 }, (_, index) => `T${String(index + 1).padStart(2, '0')}`);
    expect(TRUST_CASES.map(({ id }) => id)).toEqual(ids);
  });

  it('takes the account as text: leading zeros count', () => {
    const policy = {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::001122334455:root' }, Action: 'sts:AssumeRole' },
      ],
    };
    expect(literalReading(policy, '001122334455')).toBe('not-applicable');
    expect(literalReading(policy, '1122334455')).toBe('fail');
  });

  it.each([null, 'text', 7, [], {}, { Statement: null }, { Statement: [null, 3, 'x', []] }])(
    'is not applicable to %j',
    (policy) => {
      expect(literalReading(policy, OWN)).toBe('not-applicable');
    },
  );
});

it('names each compliance framework of the rule', () => {
  expect(D9_AWS_IAM_99.complianceFrameworks).toHaveLength(9);
});
