import type { Caller } from './callers.ts';

/** Which guards a request may present. */
export interface GuardsAllowed {
  readonly mfa: boolean;
  readonly externalId: boolean;
}

export const UNGUARDED: GuardsAllowed = { mfa: false, externalId: false };

/** What a caller's credentials say of MFA. */
export interface CredentialState {
  readonly mfaPresent: 'true' | 'false' | undefined;
  readonly mfaAge: string | undefined;
  readonly temporary: boolean;
}

/**
 * Temporary credentials of a user say `false` without MFA; those of a role are documented to carry no MFA
 * information, while some sources disagree, so for them the key may be absent or false
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
 */
export function credentialStates(
  caller: Caller,
  guards: GuardsAllowed,
  ages: readonly string[],
): readonly CredentialState[] {
  if (guards.mfa) {
    const candidates = ages.length > 0 ? ages : ['60'];
    return candidates.map((mfaAge) => ({ mfaPresent: 'true', mfaAge, temporary: true }));
  }
  return [
    { mfaPresent: undefined, mfaAge: undefined, temporary: caller.kind !== 'user' },
    { mfaPresent: 'false', mfaAge: undefined, temporary: true },
  ];
}
