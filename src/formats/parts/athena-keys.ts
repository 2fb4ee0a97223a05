import { renameKeys } from '../../json/compact.ts';

/**
 * CloudQuery's S3 destination with `athena: true` writes `_` for every character of a JSON key that is not a
 * letter, digit or underscore. In a trust policy that mangles condition operators (`ForAnyValue:StringEquals`)
 * and condition keys (`sts:ExternalId`), so every guard would go unseen.
 */
export interface RestoredPolicy {
  readonly text: string;
  readonly restored: boolean;
}

const SET_OPERATOR = /^(ForAnyValue|ForAllValues)_/i;
// Service prefixes of condition keys that may stand in a role's trust policy:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
const SERVICE_KEY = /^(aws|sts|iam|saml|ec2|lambda|s3|kms|ssm|eks|identitystore)_(.+)$/i;
const TAG_KEY = /^(PrincipalTag|RequestTag|ResourceTag)_(.+)$/i;
// Identity providers whose keys are known, as mangled; the last part is the claim.
const PROVIDERS: readonly string[] = [
  'token.actions.githubusercontent.com',
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
  'app.terraform.io',
  'gitlab.com',
];

/** Restores the keys of a trust policy; one that was not mangled comes back as it is. */
export function restoreAthenaKeys(policy: string): RestoredPolicy {
  if (!policy.includes('_')) return { text: policy, restored: false };
  let restored = false;
  const text = renameKeys(policy, (key, path) => {
    const better = restoreKey(key, path);
    restored ||= better !== key;
    return better;
  });
  return restored ? { text, restored } : { text: policy, restored };
}

function restoreKey(key: string, path: readonly string[]): string {
  const depth = path.length;
  if (path[0]?.toLowerCase() !== 'statement' || path[1]?.toLowerCase() !== 'condition') return key;
  if (depth === 2) return key.replace(SET_OPERATOR, '$1:');
  return depth === 3 && !key.includes(':') ? restoreConditionKey(key) : key;
}

function restoreConditionKey(key: string): string {
  for (const provider of PROVIDERS) {
    const mangled = `${provider.replaceAll(/\W/g, '_')}_`;
    if (key.startsWith(mangled)) return `${provider}:${key.slice(mangled.length)}`;
  }
  const service = SERVICE_KEY.exec(key);
  if (service === null) return key;
  const [, prefix, name] = service as unknown as [string, string, string];
  return `${prefix}:${name.replace(TAG_KEY, '$1/$2')}`;
}
