import type { Outcome } from '../../../src/model/exposure.ts';

export const OWN = '111122223333';
export const EXT = '444455556666';
export const OTHER = '777788889999';

export interface Case {
  readonly name: string;
  readonly trust: unknown;
  /** Of the role; by default as the policy shows it. */
  readonly partition?: string;
  readonly verdict: Outcome;
  readonly notes?: readonly string[];
  readonly reason?: string;
}

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const extRoot = { AWS: `arn:aws:iam::${EXT}:root` };
export const ownRoot = { AWS: `arn:aws:iam::${OWN}:root` };
export const anyone = { AWS: '*' };

export function policy(...statements: readonly unknown[]): unknown {
  return { Version: '2012-10-17', Statement: statements };
}
export function allow(
  principal: unknown,
  condition?: Condition,
  action: unknown = 'sts:AssumeRole',
): unknown {
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    ...(condition && { Condition: condition }),
  };
}
export function deny(principal: unknown, condition?: Condition, action: unknown = 'sts:AssumeRole'): unknown {
  return { Effect: 'Deny', Principal: principal, Action: action, ...(condition && { Condition: condition }) };
}

export const MFA = 'aws:MultiFactorAuthPresent';
export const AGE = 'aws:MultiFactorAuthAge';
export const XID = 'sts:ExternalId';

export const fails = (name: string, trust: unknown, ...notes: string[]): Case => ({
  name,
  trust,
  verdict: 'fail',
  notes,
});
export const passes = (name: string, trust: unknown, ...notes: string[]): Case => ({
  name,
  trust,
  verdict: 'pass',
  notes,
});
export const notApplicable = (name: string, trust: unknown, ...notes: string[]): Case => ({
  name,
  trust,
  verdict: 'not-applicable',
  notes,
});
export const isError = (name: string, trust: unknown, reason: string): Case => ({
  name,
  trust,
  verdict: 'error',
  reason,
});
export const extUser = { AWS: `arn:aws:iam::${EXT}:user/dev/ann` };
export const extRole = { AWS: `arn:aws:iam::${EXT}:role/Deploy` };
export const extSession = { AWS: `arn:aws:sts::${EXT}:assumed-role/Deploy/ci` };
export const ARN = 'aws:PrincipalArn';
export const ACCOUNT = 'aws:PrincipalAccount';
export const ORG = 'aws:PrincipalOrgID';
