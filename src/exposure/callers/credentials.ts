import type { Caller } from './caller.ts';

/** Which guards a request may present. */
export interface GuardsAllowed {
  readonly mfa: boolean;
  readonly externalId: boolean;
}

/** What a caller's credentials say of MFA. */
export interface CredentialState {
  readonly mfaPresent: 'true' | 'false' | undefined;
  readonly mfaAge: string | undefined;
  readonly temporary: boolean;
}

/**
 * Without MFA there are three states: long-term keys of users, which say nothing of MFA (S1); temporary credentials of
 * users and roles that say `false` (S2); temporary credentials of roles and federated users that say nothing (S3). Those
 * of a role are documented to be S3, but some sources disagree, so both are tried
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
  return WITHOUT_MFA[caller.kind];
}

const SILENT: CredentialState = { mfaPresent: undefined, mfaAge: undefined, temporary: true };
const LONG_TERM: CredentialState = { ...SILENT, temporary: false };
const SAYS_FALSE: CredentialState = { ...SILENT, mfaPresent: 'false' };
const WITHOUT_MFA: Readonly<Record<Caller['kind'], readonly CredentialState[]>> = {
  user: [LONG_TERM, SAYS_FALSE],
  role: [SILENT, SAYS_FALSE],
  // Federated users cannot have MFA of AWS, so their credentials never speak of it.
  'federated-user': [SILENT],
};
