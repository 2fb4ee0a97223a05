import { compileOwn } from '../../gsl/assemble.ts';
import type { LiteralOutcome } from '../../model/exposure.ts';
import type { Judgement, Rule, RuleMetadata, TrustSubject } from '../../model/rule.ts';
import { CONTROLS } from './controls.ts';
import { literalNotes } from './literal-notes.ts';

/** D9.AWS.IAM.99: does another account need MFA or an external ID to assume the role? */
export const D9_AWS_IAM_99: RuleMetadata = {
  id: 'D9.AWS.IAM.99',
  title: 'Ensure cross-account IAM Role uses MFA or external ID as a condition',
  riskLevel: 'Low',
  cloudEntity: 'IAM Role',
  category: 'Security, Identity, & Compliance',
  description:
    'A role that trusts another AWS account can be assumed by whoever that account lets do so. Asking for ' +
    'multi-factor authentication proves that a person with a second factor is there; asking for an external ID ' +
    'keeps a third party from being tricked into using its access on behalf of somebody else.',
  logic:
    "IamRole where assumeRolePolicy.Statement contain [ Effect = 'Allow' and Action = 'sts:AssumeRole' and Principal regexMatch /arn:aws:iam/ and not ~getValue('accountNumber') in (Principal.AWS split(':')) ] should have assumeRolePolicy.Statement contain [ Effect = 'Allow' and Action = 'sts:AssumeRole' and ( Condition.Bool.aws:MultiFactorAuthPresent= true or Condition.StringEquals.sts:ExternalId ) ]",
  remediation: {
    console:
      'In the IAM console open Roles, choose the role, open the tab Trust relationships and choose Edit trust policy. ' +
      'Give every statement that lets another account call sts:AssumeRole a condition: Bool with ' +
      'aws:MultiFactorAuthPresent "true" for people of an account you control, or StringEquals with sts:ExternalId ' +
      'and the value agreed with the third party. Then choose Update policy.',
    terraform:
      'In the resource aws_iam_role set the argument assume_role_policy to a policy in which every statement that ' +
      'trusts another account has such a condition, then plan and apply.',
    cli:
      'Write the amended trust policy to a file and run: aws iam update-assume-role-policy --role-name ROLE-NAME ' +
      '--policy-document file://POLICY-DOCUMENT',
  },
  references: [
    'https://aws.amazon.com/blogs/security/how-to-use-trust-policies-with-iam-roles',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html',
    'https://awscli.amazonaws.com/v2/documentation/api/latest/reference/iam/update-assume-role-policy.html',
    'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#assume_role_policy',
  ],
  complianceFrameworks: [
    'AWS CloudGuard Best Practices',
    'AWS CloudGuard SOC2 based on AICPA TSC 2017',
    'AWS HITRUST v11.0.0',
    'AWS ITSG-33',
    'AWS MITRE ATT&CK Framework v10',
    'AWS MITRE ATT&CK Framework v11.3',
    'AWS NIST 800-53 Rev 5',
    'AWS PCI-DSS 4.0',
    'AWS Security Risk Management',
  ],
  controls: CONTROLS,
};

const compiled = compileOwn(D9_AWS_IAM_99.logic);

const OUTCOMES = { compliant: 'pass', 'non-compliant': 'fail', 'not-relevant': 'not-applicable' } as const;
// The rule has no date function, so no moment matters.
const ENV = { asOf: 0 };

/**
 * What the rule's text says of a trust policy when taken at its word. `trustPolicy`: as JSON.parse gives it;
 * `account`: the 12 digits of the account that owns the role. Never throws.
 */
export function literalReading(trustPolicy: unknown, account: string): LiteralOutcome {
  return OUTCOMES[compiled.evaluate({ accountNumber: account, assumeRolePolicy: trustPolicy }, ENV)];
}

/** The rule's verdict is the exposure itself; what its text says stands beside it, with the reasons why the two differ. */
function judge({ policy, account, exposure }: TrustSubject): Judgement {
  if (policy === null) return { ...exposure, literal: 'error' };
  const literal = literalReading(policy, account);
  const differences = literalNotes(policy, account, literal, exposure.verdict);
  return { ...exposure, literal, notes: [...exposure.notes, ...differences].sort() };
}

export const UNGUARDED_EXTERNAL_ACCESS: Rule = { metadata: D9_AWS_IAM_99, judge };
