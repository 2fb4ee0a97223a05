/** The literal reading in jq: the ARNs of the roles that fail, a line each (`jq -c`). */
export const JQ_ROLES = { documents: '.RoleDetailList[]', lines: '.' };

export function jqFilter(roles: string): string {
  return `${roles} | (.Arn // .arn) as $arn | ($arn | split(":")[4]) as $account
    | (.AssumeRolePolicyDocument // .assume_role_policy_document)
    | if type == "string" then fromjson else . end
    | [.Statement | if type == "array" then .[] else . end | select(.Effect == "Allow" and .Action == "sts:AssumeRole")]
    | select(any(.[]; .Principal | tojson | contains("arn:aws:iam") and (contains($account) | not)))
    | select(all(.[]; .Condition.Bool["aws:MultiFactorAuthPresent"] != "true"
        and .Condition.StringEquals["sts:ExternalId"] == null))
    | {arn: $arn}`;
}
