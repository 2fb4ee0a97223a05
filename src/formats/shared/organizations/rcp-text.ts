import { damageIn, placeholderIn } from '../../../iam/damage/damaged-text.ts';
import { type Json, JsonObject, JsonSyntaxError, parseJson } from '../../../iam/json.ts';
import { excerpt } from '../../../model/role-arn.ts';
import { decodeTrustPolicy } from '../trust-policy.ts';

/** Longer than AWS lets such a policy be, some times. */
const MAX_TEXT = 131_072;

export type RcpText =
  /** Compact JSON, members in source order. */
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/**
 * The text of a resource control policy, out of whatever an export wraps it in, like a trust policy: an object, JSON in a
 * string, URL-encoded JSON. What cannot be such a policy
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html), or holds what a
 * template or an exporter left in it, is refused: neither a guardrail nor none may be concluded from it.
 *
 * @param field the field's value as compact JSON with duplicates kept; undefined when the record has none
 */
export function decodeRcp(field: string | undefined): RcpText {
  const decoded = decodeTrustPolicy(field);
  if (decoded.state === 'missing') return refused('it is missing');
  if (decoded.state === 'undecodable') return refused(decoded.reason);
  const { text } = decoded;
  if (text.length > MAX_TEXT) return refused('it is longer than any policy');
  try {
    const reason = faultIn(parseJson(text));
    return reason === null ? { ok: true, text } : refused(reason);
  } catch (error) {
    // An object that was no text is nested as deep as its file.
    if (error instanceof JsonSyntaxError) return refused(error.message);
    throw error;
  }
}

function refused(reason: string): RcpText {
  return { ok: false, reason };
}

function faultIn(document: Json): string | null {
  if (!(document instanceof JsonObject)) return 'it is no object';
  const [statement] = document.all('Statement');
  if (statement === undefined) return 'it has no `Statement`';
  const statements = Array.isArray(statement) ? (statement as readonly Json[]) : [statement];
  if (statements.length === 0) return 'it has no statement';
  for (const one of statements) {
    if (!(one instanceof JsonObject)) return 'a statement is no object';
    const [effect] = one.all('Effect');
    if (effect !== 'Allow' && effect !== 'Deny') return 'a statement has neither the effect Allow nor Deny';
  }
  return damageBelow(document);
}

/** The first text in it that AWS would not hold, and members that occur twice. */
function damageBelow(value: Json): string | null {
  if (typeof value === 'string') return damageOf(value);
  if (Array.isArray(value)) return firstOf(value as readonly Json[], damageBelow);
  if (!(value instanceof JsonObject)) return null;
  const [repeated] = value.repeated;
  if (repeated !== undefined) return `it holds \`${excerpt(repeated)}\` more than once in one object`;
  return firstOf(value.members, ([key, below]) => damageOf(key) ?? damageBelow(below));
}

function damageOf(text: string): string | null {
  const damage = damageIn(text);
  if (damage !== null) return `\`${excerpt(text)}\` ${damage}`;
  const placeholder = placeholderIn(text);
  return placeholder === null ? null : `the placeholder \`${excerpt(placeholder)}\` was never filled in`;
}

function firstOf<Item>(items: readonly Item[], find: (item: Item) => string | null): string | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}
