import { decodeTrustPolicy } from '../formats/shared/trust-policy.ts';
import { type Json, JsonSyntaxError, parseJson, printJson } from '../iam/json.ts';
import type { TrustPolicy } from '../model/record.ts';
import { withoutByteOrderMark } from '../text/hidden-characters.ts';

/** Longest text taken in, in characters; IAM's own limit for a document is 131,072. */
export const MAX_INPUT = 8 * 1024 * 1024;

export type PolicyInput =
  | { readonly policy: TrustPolicy; readonly malformed: null }
  /** `malformed`: why it is no JSON at all, as a part of a sentence. */
  | { readonly policy: null; readonly malformed: string };

/**
 * A trust policy as somebody has it: JSON text, the URL-encoded text of the IAM API, or what a JSON reader made of
 * either. Never throws, whatever it is given.
 */
export function readPolicyInput(input: unknown): PolicyInput {
  const text = typeof input === 'string' ? input : jsonOf(input);
  if (text === null) return { policy: null, malformed: 'is not what JSON can hold' };
  if (text === undefined) return { policy: decodeTrustPolicy(undefined), malformed: null };
  if (text.length > MAX_INPUT) return { policy: null, malformed: `is longer than ${MAX_INPUT} characters` };
  try {
    return { policy: decodeTrustPolicy(printJson(parseText(text))), malformed: null };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { policy: null, malformed: `is not valid JSON: ${error.message}` };
  }
}

/** JSON text, or the URL-encoded text that the IAM API returns, without quotation marks around it. */
export function parseText(text: string): Json {
  const plain = withoutByteOrderMark(text);
  return parseJson(/^\s*%7B/i.test(plain) ? JSON.stringify(plain.trim()) : plain);
}

/** Null for circles and the like; undefined where there is nothing. */
function jsonOf(value: unknown): string | null | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
