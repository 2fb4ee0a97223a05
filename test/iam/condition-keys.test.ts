import { expect, it } from 'vitest';
import { isMultivalued, KEYS } from '../../src/iam/conditions/keys.ts';
import { evaluateRequest } from '../../src/iam/oracle/evaluate.ts';

/** What the check of witnesses says of a plain condition on a key that holds one value. */
function checked(key: string): string {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { [key]: 'some' } },
    },
  });
  return evaluateRequest(policy, {
    principalArn: 'arn:aws:iam::444455556666:user/someone',
    principalAccount: '444455556666',
    actions: ['sts:AssumeRole'],
    context: { [key]: 'some' },
  });
}

it.each([...KEYS.keys(), 'accounts.google.com:amr'])(
  'the check of witnesses knows whether %s takes several values',
  (key) => {
    expect(checked(key)).toBe(isMultivalued(key) ? 'undefined' : 'allowed');
  },
);
