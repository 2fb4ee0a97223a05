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
