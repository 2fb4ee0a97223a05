import type { Refusal } from './remediation.ts';

/** Thrown inside the remediation where no proposal can be made with certainty; never leaves it. */
export class RemediationRefused extends Error {
  /** What a person should do instead. */
  readonly advice: string;
  constructor(reason: string, advice: string) {
    super(reason);
    this.name = 'RemediationRefused';
    this.advice = advice;
  }
}

export function refuse(reason: string, advice: string): never {
  throw new RemediationRefused(reason, advice);
}

export const SPELL_OUT = 'correct the policy by hand, and judge it with `trustsieve check`';

/** Roles that services of AWS assume from the management account, with neither MFA nor an external ID. */
const SERVICE_MANAGED =
  /^(?:AWSControlTowerExecution|AWSCloudFormationStackSetExecutionRole|stacksets-exec-[0-9a-f]+)$/;
/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/** Why no trust policy is proposed for a role of this name; null when one may be. */
export function refusalForRole(roleName: string): Refusal | null {
  if (!ROLE_NAME.test(roleName)) {
    return {
      refused: 'the role has a name that IAM does not allow, so no command could change it',
      advice: 'look at where the evidence comes from',
    };
  }
  if (!SERVICE_MANAGED.test(roleName)) return null;
  return {
    refused: 'AWS Control Tower or CloudFormation StackSets assume this role and can present no guard',
    advice:
      'leave it as AWS sets it up and accept the finding, with the account it trusts closely guarded, or let its principal be the one role of the management account that deploys',
  };
}
