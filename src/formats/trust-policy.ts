import { compactJson } from '../json/compact.ts';
import type { TrustPolicy } from './record.ts';

const MAX_LAYERS = 4;
/** Deeper than any policy: the grammar needs six levels. */
const MAX_POLICY_DEPTH = 64;
const MISSING: TrustPolicy = { state: 'missing' };

/**
 * Peels a trust policy out of whatever an export wraps it in: an object, JSON in a string, URL-encoded JSON
 * (RFC 3986, as the IAM API returns it: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html), or
 * several of these layers. A plus sign is a plus sign: form decoding would change external IDs.
 *
 * @param field the field's value as compact JSON with duplicates kept; undefined when the record has none
 */
export function readTrustPolicy(field: string | undefined): TrustPolicy {
  if (field === undefined) return MISSING;
  let json = field;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    if (json === 'null') return MISSING;
    if (json.startsWith('{')) return { state: 'document', text: json };
    if (!json.startsWith('"')) return undecodable(`it is ${nameType(json)} instead of an object`);
    const inner = (JSON.parse(json) as string).trim();
    if (inner === '' || inner === 'null') return MISSING;
    const text = decodeUrl(inner);
    if (text === null) return undecodable('its URL encoding is not UTF-8');
    if (!/^[{["]/.test(text)) return undecodable('it is a text that is not JSON');
    const compact = compactJson(text, MAX_POLICY_DEPTH);
    if (!compact.ok) return undecodable(compact.reason);
    json = compact.text;
  }
  return undecodable(`it is wrapped in more than ${MAX_LAYERS} layers of strings`);
}

function undecodable(reason: string): TrustPolicy {
  return { state: 'undecodable', reason };
}

/** Text that does not begin as JSON, but would once decoded, is decoded. Null when it cannot be. */
function decodeUrl(text: string): string | null {
  if (/^[{["]/.test(text) || !/%(7B|22|5B)/i.test(text)) return text;
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return null;
  }
}

function nameType(json: string): string {
  if (json.startsWith('[')) return 'an array';
  return json === 'true' || json === 'false' ? 'a boolean' : 'a number';
}
