import type { Witness } from '../../audit/verdict.ts';

/** A witness read aloud: who calls, with what, and that AWS lets the call through. */
export function witnessSentence(witness: Witness): string {
  const context = new Map(Object.entries(witness.context).map(([key, value]) => [key.toLowerCase(), value]));
  const mfa = context.get('aws:multifactorauthpresent');
  // Requests with a user's access key carry no MFA key at all; those of role sessions are another matter.
  const user = /^arn:[^:]*:iam::[^:]*:user\//.test(witness.principalArn);
  const proof = [
    mfa === undefined
      ? `no MFA information${user ? ' (a long-term access key)' : ''}`
      : `MFA reported as ${JSON.stringify(mfa)}`,
    context.has('sts:externalid')
      ? `the external ID ${JSON.stringify(context.get('sts:externalid'))}`
      : 'no external ID',
  ];
  const others = Object.entries(witness.context)
    .filter(([key]) => !SAID_ELSEWHERE.has(key.toLowerCase()))
    .map(([key, value]) => `${key} = ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const extra = others.length === 0 ? '' : `, and ${others.join(', ')}`;
  const who = `${witness.principalArn} of account ${witness.principalAccount}`;
  return `${who} calls ${witness.actions.join(' and ')} with ${proof.join(' and ')}${extra}: this policy lets the call through.`;
}

const SAID_ELSEWHERE: ReadonlySet<string> = new Set([
  'aws:multifactorauthpresent',
  'sts:externalid',
  'aws:principalaccount',
  'aws:principalarn',
]);
