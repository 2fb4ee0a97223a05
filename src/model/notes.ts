/** What the notes of a verdict mean, one sentence per code, for people. */
export const NOTE_SENTENCES = {
  'aws-account':
    "An account that gets in is one of AWS's own, by the list of known accounts: it is no third party, and not of the own organisation.",
  'aws-management-role':
    'The role is one that AWS sets up for the management account of an organisation, and it is open to that account by design.',
  'conflicting-records':
    'Files of one moment disagree on this role: on its trust policy, its id, or whether it was there; the worst verdict stands.',
  'dead-statement':
    'A statement that allows another account to assume the role can never be satisfied, because its conditions contradict each other or cannot be met, or because it names a partition that the role is not in, and sts:AssumeRole never crosses partitions.',
  'expired-window': 'The way in was open only until a moment that has passed.',
  'extid-any': 'Any external ID is accepted, so it proves nothing.',
  'extid-guessable':
    'An accepted external ID can be guessed: it is an account id, a name, trivial words or digits, a variable, or shorter than eight characters.',
  'extid-placeholder':
    'An accepted external ID is a placeholder that documentation, a template or a proposed fix left where the value was to go; replace it.',
  'extid-shared':
    'The same external ID is used by several own accounts or for several third parties; each third party should generate one per customer.',
  'extid-wildcard': 'The external ID is compared with a wildcard pattern, so many values are accepted.',
  'guardrails-narrow':
    'Guardrails of the organisation, or its list of members, close or confine some of the ways in; the severity is that of what is left.',
  'guardrails-unknown':
    'The evidence does not show every resource control policy of the account with its text, so the verdict stands on the trust policy alone.',
  'iam-would-reject':
    'IAM would refuse to save this trust policy, so the evidence was not exported from live IAM as it stands, or was edited.',
  'known-vendor': 'An account that gets in belongs to a vendor on the list of known accounts.',
  'mfa-impossible-for-role':
    'MFA is asked of a role session, whose credentials carry no MFA information, so nobody may be able to come this way.',
  'mfa-untrusted-account':
    'MFA is asserted by the other account, whose administrators can create virtual MFA devices at will.',
  'more-ways':
    'The trust policy is too complex to be searched to its end, so there may be more ways in than those that are listed.',
  'network-confined': 'Only requests through a named network get in; that is no proof of who calls.',
  'org-confined': 'Only accounts of a named organisation get in; they are other accounts nevertheless.',
  'own-lookalike':
    'The pattern that is meant to confine callers to the own account also matches a crafted ARN of another account.',
  'stale-principal': 'A principal is the id of a deleted user or role; nobody matches it any more.',
  'undefined-semantics':
    "The verdict depends on something that AWS does not define; it was decided in the caller's favour.",
  'unknown-key': 'A condition asks for a key that AWS does not document; it may be misspelt.',
  'world-principal':
    'Any account may try the external ID or MFA, and AWS does not treat an external ID as a secret.',
} as const satisfies Readonly<Record<string, string>>;

export type Note = keyof typeof NOTE_SENTENCES;
