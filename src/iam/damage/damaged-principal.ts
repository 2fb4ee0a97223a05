import { isAccountId, isPartition, splitArn } from '../../model/arn.ts';
import { hasWildcard } from '../glob.ts';
import { isUniqueId } from '../principals.ts';
import { damageInName, severalIn } from './damaged-text.ts';

const NAME = '[\\w+=,.@-]{1,64}';
/**
 * Users and roles with their paths, and sessions without
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
 */
const IAM_RESOURCE = new RegExp(`^(?:root|(?:user|role)/(?:[\\u0021-\\u007e]+/)?${NAME})$`);
const STS_RESOURCE = new RegExp(`^(?:assumed-role/${NAME}|federated-user)/${NAME}$`);
const PROVIDER_RESOURCE = /^(?:saml|oidc)-provider\/[\u0021-\u007e]+$/;
const HOST = /^(?:https?:\/\/)?[\w.*-]+(?::\d+)?(?:\/[\u0021-\u007e]*)?$/;
/** A UUID, or letters and digits without a name's shape; unique ids of other things than users and roles are none. */
const EXTERNAL_ID =
  /^(?!A[A-Z]{3}[A-Z0-9]{12,}$)(?!arn\b)(?![\d.,]+[eE]\+?\d+$)(?=.*\d)(?=.*[A-Za-z])[\w+=,.:-]{8,}$/i;
const JOINED = /\s|[,;|]arn:|[,;|]\d{12}(?:$|[,;|])/;

/**
 * Why IAM could not hold this text as a principal of this type; what follows the text in a sentence. Null when it can.
 * Wildcards in an ARN of six parts are no damage: IAM refuses them too, but people write them.
 */
export function damagedPrincipal(type: string, text: string): string | null {
  const damage = damageInName(text) ?? (text.includes('...') ? 'has been cut off' : null);
  switch (type) {
    case 'AWS':
      if (text === '*' || isAccountId(text) || isUniqueId(text)) return null;
      return damage ?? joined(text) ?? damagedArn(text);
    case 'Federated':
      return damage ?? joined(text) ?? (text.startsWith('arn:') ? damagedProvider(text) : damagedHost(text));
    case 'Service':
      return damage ?? joined(text) ?? damagedHost(text);
    default:
      return damage;
  }
}

function joined(text: string): string | null {
  if (text === '') return 'is empty';
  return JOINED.test(text) ? severalIn(text, 'principals') : null;
}

function damagedArn(text: string): string | null {
  const arn = splitArn(text);
  if (arn === null) {
    return EXTERNAL_ID.test(text)
      ? 'looks like an external ID, which names nobody: it belongs in a condition on `sts:ExternalId`, beside the account that is to send it'
      : 'is neither `*`, an account id, a unique id nor an ARN of six parts';
  }
  const { partition, service, region, account, resource } = arn;
  const fault = damagedFields(partition, account);
  if (fault !== null) return fault;
  if (hasWildcard(text)) return null;
  if (region !== '') return 'names a region, which no user or role has';
  if (service === 'iam' ? IAM_RESOURCE.test(resource) : service === 'sts' && STS_RESOURCE.test(resource))
    return null;
  return 'ends in what is no account, user, role or session of IAM';
}

function damagedProvider(text: string): string | null {
  const arn = splitArn(text);
  if (arn === null) return 'is no ARN of six parts';
  const fault = damagedFields(arn.partition, arn.account);
  if (fault !== null) return fault;
  return hasWildcard(text) || (arn.service === 'iam' && PROVIDER_RESOURCE.test(arn.resource))
    ? null
    : 'ends in what is no identity provider of IAM';
}

function damagedFields(partition: string, account: string): string | null {
  if (!hasWildcard(partition) && !isPartition(partition)) return 'names no partition of AWS';
  if (account.includes('**')) return 'has been redacted';
  if (!isAccountId(account) && !/^[\d*?]*[*?][\d*?]*$/.test(account)) return 'names no account of 12 digits';
  return null;
}

function damagedHost(text: string): string | null {
  return HOST.test(text) ? null : 'is no name of a service or identity provider';
}
