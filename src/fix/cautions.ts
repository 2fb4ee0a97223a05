import { weakExternalIds, weaknessSentence } from '../exposure/weak-external-ids.ts';
import type { PolicyVerdict } from '../model/verdict.ts';
import type { GuardedGroup } from './close-statement.ts';
import type { Remediation } from './remediation.ts';

/** IAM's quota for a trust policy in characters, white space not counted, and the most it can be raised to. */
const QUOTA = 2048;
const RAISED_QUOTA = 4096;

const DISPUTED =
  'Files of one moment disagree on this role, and the change starts from the trust policy with the worst verdict: look first which one is in force.';

/** The proposal for a role, with what the notes of its verdict give to think of first. */
export function cautionedBy(notes: readonly string[], remediation: Remediation): Remediation {
  if (remediation.refused !== null || !notes.includes('conflicting-records')) return remediation;
  return { ...remediation, cautions: [DISPUTED, ...remediation.cautions] };
}

/** What to think of before the guards are put in place, one sentence each. */
export function guardCautions(groups: readonly GuardedGroup[]): readonly string[] {
  const cautions = new Set<string>();
  const added = groups.filter(({ plan }) => plan.kind === 'external-id-added');
  for (const { plan, subjects } of groups) {
    for (const { account, callers, relation } of subjects) {
      if (plan.placeholder !== null) {
        const whose =
          relation === 'same-organisation'
            ? 'both accounts are of the own organisation, so make one up'
            : 'AWS advises that the third party makes it up, a different one for each customer';
        cautions.add(
          `Replace \`${plan.placeholder}\` with the external ID that account ${account} is to send: ${whose}.`,
        );
      }
      if (plan.guard === 'mfa' && callers === 'both') {
        cautions.add(
          `Sessions of roles carry no MFA information: roles of account ${account} lose access, those of IAM Identity Center among them. If roles come in, ask for an external ID with --guard external-id.`,
        );
      }
      if (plan.guard === 'external-id' && callers !== 'roles' && relation === 'same-organisation') {
        cautions.add(
          `Account ${account} is of the own organisation, and people cannot switch roles in the console with an external ID: if only people come in, ask for MFA with --guard mfa.`,
        );
      }
    }
  }
  const accountsById = new Map<string, Set<string>>();
  for (const { plan, subjects } of added) {
    const accounts = accountsById.get(plan.key) ?? new Set();
    for (const { account } of subjects) accounts.add(account);
    accountsById.set(plan.key, accounts);
  }
  if ([...accountsById.values()].some((accounts) => accounts.size > 1))
    cautions.add(
      'Several accounts are asked for the same external ID; AWS advises one for each third party.',
    );
  if (added.length > 0)
    cautions.add(
      'Callers that do not send the external ID yet lose access: tell them before you apply this.',
    );
  return [...cautions];
}

/**
 * What the judgement of the amended policy and its size give to think of.
 *
 * @param told placeholders that other cautions speak of
 */
export function outcomeCautions(
  after: PolicyVerdict,
  compact: string,
  account: string,
  told: readonly string[],
): readonly string[] {
  const cautions: string[] = [];
  if (after.verdict === 'not-applicable')
    cautions.push('After the change no principal of another account gets in through sts:AssumeRole.');
  if (after.notes.includes('mfa-untrusted-account'))
    cautions.push(
      'MFA is asserted by the other account, whose administrators can create virtual MFA devices at will: rely on it only for accounts you control.',
    );
  for (const weak of weakExternalIds(compact, account, after.paths, []))
    if (!told.includes(weak.value)) cautions.push(weaknessSentence(weak));
  if (after.notes.includes('unknown-key'))
    cautions.push(
      'A condition tests a key that AWS does not document; if it is misspelt, nobody may be able to meet it.',
    );
  if (compact.length > RAISED_QUOTA)
    cautions.push(
      `The policy has ${compact.length} characters, and IAM allows ${RAISED_QUOTA} at most: shorten it first.`,
    );
  else if (compact.length > QUOTA)
    cautions.push(
      `The policy has ${compact.length} characters without white space, and IAM's quota is ${QUOTA}: have it raised (to ${RAISED_QUOTA} at most), or shorten the policy first.`,
    );
  return cautions;
}
