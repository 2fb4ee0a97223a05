import type { Statement } from './identity-policy.ts';
import { parseResource } from './resource-pattern.ts';

/** The day up to which the facts below are known to hold. */
export const DOCUMENTED_ON = '2026-11-28';

const REFERENCE = 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/';

/** What AWS documents of one of its own policies. */
export interface KnownPolicy {
  readonly statements: readonly Statement[];
  readonly url: string;
}

/**
 * Facts about the managed policies of AWS that matter most, for exports that name them without their text. But for
 * AWSDenyAll, none has a Deny or a condition on what is said here. AWS adds to what they allow, and has never changed their sort.
 */
const FACTS: Readonly<Record<string, Statement>> = {
  AdministratorAccess: allow(['*']),
  AWSDenyAll: { ...allow(['*']), effect: 'Deny' },
  // Of IAM it allows three actions more, which give nobody any permission.
  PowerUserAccess: allowBut(['iam:*', 'organizations:*', 'account:*']),
  // And reading in AWS Organizations.
  IAMFullAccess: allow(['iam:*']),
  // AWS describes the next four as reading only; they allow none of the actions in `escalations.ts`.
  IAMReadOnlyAccess: allow(['iam:get*', 'iam:list*']),
  ReadOnlyAccess: allow(['iam:get*', 'iam:list*']),
  SecurityAudit: allow(['iam:get*', 'iam:list*']),
  'job-function/ViewOnlyAccess': allow(['iam:list*']),
};

function allow(actions: readonly string[]): Statement {
  return {
    effect: 'Allow',
    certain: true,
    actions,
    exceptActions: false,
    resources: [parseResource('*')],
    exceptResources: false,
    conditions: [],
  };
}

function allowBut(actions: readonly string[]): Statement {
  return { ...allow(actions), exceptActions: true };
}

/** What is known of the policy of AWS that an ARN of this partition names; null for every other. */
export function knownPolicy(arn: string, partition: string): KnownPolicy | null {
  const start = `arn:${partition}:iam::aws:policy/`;
  if (!arn.startsWith(start)) return null;
  const name = arn.slice(start.length);
  if (!Object.hasOwn(FACTS, name)) return null;
  const statement = FACTS[name] as Statement;
  return { statements: [statement], url: `${REFERENCE}${name.slice(name.lastIndexOf('/') + 1)}.html` };
}
