import type { FoundPath } from './paths.ts';

/** The sentence of a fail, about the path that proves it. */
export function failMessage({ principalKind, principal, account, request }: FoundPath): string {
  const how = 'can assume this role without MFA or an external ID.';
  if (account === '*') return `Principals of any account ${how}`;
  if (principalKind === 'account' || principalKind === 'anyone')
    return `Any principal of account ${account} ${how}`;
  return `${quote(principalKind === 'undefined' ? request.caller.arn : principal)} of account ${account} ${how}`;
}

/** The sentence of a pass. */
export function passMessage(paths: readonly FoundPath[]): string {
  const guards = new Set(paths.flatMap((path) => path.guards));
  const text = guards.size === 2 ? 'MFA or an external ID' : guards.has('mfa') ? 'MFA' : 'an external ID';
  const accounts = [...new Set(paths.map((path) => path.account))].sort();
  const who = accounts.includes('*')
    ? 'Principals of any account'
    : `Principals of ${accounts.length === 1 ? 'account' : 'accounts'} ${accounts.join(', ')}`;
  return `${who} can assume this role only with ${text}.`;
}

function quote(text: string): string {
  return `\`${text}\``;
}
