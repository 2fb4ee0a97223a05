import { shellWord } from '../text/shell-word.ts';

/** The name of the proposed policy in AWS Organizations. */
export const PROPOSED_NAME = 'RequireExternalIdOrMfaFromOutsiders';
/** Stands for the id that AWS Organizations gives the policy. */
export const PROPOSED_ID = 'p-proposed';

/**
 * The resource control policy that lets nobody outside of the organisation assume a role without an external ID or MFA, as
 * laid-out JSON.
 *
 * It denies `sts:AssumeRole` alone: the other ways to assume a role are of federated identities, which belong to no
 * organisation and send no external ID, so that a Deny would lock them out. AWS services are exempt, since they call from
 * accounts of AWS
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html).
 *
 * @param organization `o-...`
 */
export function proposedGuardrail(organization: string): string {
  const statement = {
    Sid: 'OutsidersNeedExternalIdOrMfa',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Resource: '*',
    Condition: {
      Null: { 'sts:ExternalId': 'true' },
      BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false', 'aws:PrincipalIsAWSService': 'false' },
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organization },
    },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);
}

/** The commands that put it in place. `file`: where its text is. */
export function guardrailCommands(file: string, root: string): readonly string[] {
  return [
    `aws organizations create-policy --type RESOURCE_CONTROL_POLICY --name ${PROPOSED_NAME} --description ${shellWord('Outsiders assume roles with an external ID or MFA only')} --content ${shellWord(`file://${file}`)}`,
    `aws organizations attach-policy --policy-id POLICY-ID-THAT-THE-FIRST-COMMAND-PRINTS --target-id ${shellWord(root)}`,
  ];
}
