import { JsonDepthError, JsonSyntaxError, parseJson, printJson } from '../../iam/json.ts';
import { MAX_REMEMBERED_POLICY, type TrustPolicy } from '../../model/record.ts';
import { BoundedMap } from '../../text/bounded-map.ts';

const MAX_LAYERS = 4;
/** Policies of which something is remembered. */
const REMEMBERED = 1024;
const MISSING: TrustPolicy = { state: 'missing' };

/**
 * Peels a trust policy out of whatever an export wraps it in: an object, JSON in a string, URL-encoded JSON
 * (RFC 3986, as the IAM API returns it: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html), or
 * several of these layers. A plus sign is a plus sign: form decoding would change external IDs.
 *
 * @param field the field's value as compact JSON with duplicates kept; undefined when the record has none
 */
export function decodeTrustPolicy(field: string | undefined): TrustPolicy {
  if (field === undefined) return MISSING;
  return field.startsWith('"') ? peelString(field) : peel(field);
}

/** Taking a policy out of a string costs more than all else about a role. */
const peelString = byPolicy(peel);

function peel(field: string): TrustPolicy {
  let json = field;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    if (json === 'null') return MISSING;
    if (json.startsWith('{')) return { state: 'document', text: json };
    if (!json.startsWith('"')) return damaged(`it is ${nameType(json)} instead of an object`);
    const outer = JSON.parse(json) as string;
    const inner = outer.trim();
    if (inner === '' || inner === 'null') return MISSING;
    const text = decodeUrl(inner);
    if (text === null) return undecodable('its URL encoding is not UTF-8');
    if (/^<.*>$/.test(text)) return damaged('it is the placeholder of a documentation example');
    if (/^(?:@\{|System\.\w)/.test(text)) return damaged(POWERSHELL);
    if (!/^[{["]/.test(text)) return damaged('it is a text that is not JSON');
    if (/^\{\s*'/.test(text)) return damaged('it is a Python dictionary, with single quotes, and not JSON');
    try {
      json = printJson(parseJson(text));
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      return undecodable(complaint(error, text) + cutHint(outer));
    }
  }
  return undecodable(`it is wrapped in more than ${MAX_LAYERS} layers of strings`);
}

/** What is wrong with the text. */
function complaint(error: JsonSyntaxError, text: string): string {
  if (error instanceof JsonDepthError) return 'nested deeper than 64 levels';
  return error.offset >= text.length ? 'the JSON ends too early' : error.message;
}

const POWERSHELL =
  'PowerShell wrote text in its place, as it does for what lies deeper than `-Depth` of `ConvertTo-Json`: export with `-Depth 100`';

/** https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3 */
const EXCEL_CELL = 32_767;

function cutHint(text: string): string {
  return text.length === EXCEL_CELL
    ? ' (it has exactly the 32,767 characters at which Excel cuts cells)'
    : '';
}

function undecodable(reason: string): TrustPolicy {
  return { state: 'undecodable', reason };
}

function damaged(reason: string): TrustPolicy {
  return { state: 'undecodable', reason, damaged: true };
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

/** Remembers what comes of a policy's text, because most roles share their policy with others. */
export function byPolicy<Result>(make: (text: string) => Result): (text: string) => Result {
  const known = new BoundedMap<string, Result>(REMEMBERED);
  return (text) => {
    if (text.length > MAX_REMEMBERED_POLICY) return make(text);
    let result = known.get(text);
    if (result === undefined) {
      result = make(text);
      known.set(text, result);
    }
    return result;
  };
}
