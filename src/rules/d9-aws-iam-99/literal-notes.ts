import { ASSUME_ROLE, actionCovers } from '../../iam/actions.ts';
import type { Outcome } from '../../model/exposure.ts';
import { deepJson } from '../../text/json-text.ts';

/** Why the literal reading of D9.AWS.IAM.99 and the sound verdict differ: one sentence per code, for people. */
export const LITERAL_NOTE_SENTENCES = {
  'literal-any-statement':
    "The rule's text is satisfied by a condition on any one statement, and here it sits on another statement than the open one.",
  'literal-blind-action':
    "The rule's text only knows an Action that is the single text sts:AssumeRole, not a list, a wildcard, another case or NotAction.",
  'literal-blind-guard':
    "The rule's text looks for Bool on MFA and StringEquals on the external ID of an Allow statement; what decides here is another condition or a Deny.",
  'literal-blind-principal':
    "The rule's text finds foreign principals by looking for arn:aws:iam without the own account among them, and misreads the principal written here.",
  'literal-differs': "The rule's text and the sound reading of this policy come to different results.",
  'literal-key-case':
    "The rule's text knows its condition keys in one spelling only, while AWS ignores the case of condition keys.",
  'literal-list-value': "The rule's text does not look into a condition value that is written as a list.",
} as const satisfies Readonly<Record<string, string>>;

export type LiteralNote = keyof typeof LITERAL_NOTE_SENTENCES;

type Dict = Readonly<Record<string, unknown>>;

/**
 * Where the literal reading is blind, when it differs from the sound verdict: stable codes, sorted. Empty when
 * the two agree or when one of them is `error`. The codes are found from the policy's form alone, so several may
 * apply; `literal-differs` stands when none does.
 */
export function literalNotes(
  trustPolicy: unknown,
  account: string,
  literal: Outcome,
  verdict: Outcome,
): readonly LiteralNote[] {
  if (literal === verdict || literal === 'error' || verdict === 'error') return [];
  const statements = statementsOf(trustPolicy);
  const notes = new Set<LiteralNote>();
  if (literal === 'fail') explainFail(statements, account, notes);
  else explainNoFail(statements, account, literal, notes);
  if (notes.size === 0) notes.add('literal-differs');
  return [...notes].sort();
}

/** The text says fail, and no unguarded way in exists: it overlooked a guard, or took something for an account. */
function explainFail(statements: readonly Dict[], account: string, notes: Set<LiteralNote>): void {
  for (const statement of statements) {
    if (!coversAssumeRole(statement)) continue;
    if (statement.Effect === 'Deny') notes.add('literal-blind-guard');
    if (statement.Effect !== 'Allow') continue;
    if (hasForeignArn(statement, account) && !namesAwsPrincipal(statement))
      notes.add('literal-blind-principal');
    if (seesGuard(statement)) continue;
    for (const [operator, key, value] of conditionsOf(statement)) {
      const wanted = guardKey(operator);
      if (wanted === null || key.toLowerCase() !== wanted.toLowerCase()) notes.add('literal-blind-guard');
      else if (key !== wanted) notes.add('literal-key-case');
      else if (Array.isArray(value)) notes.add('literal-list-value');
    }
    if (!seesAction(statement) && [...conditionsOf(statement)].length > 0) notes.add('literal-blind-action');
  }
}

/** The text says pass or not applicable: it overlooked a statement, or took one guard for another's. */
function explainNoFail(
  statements: readonly Dict[],
  account: string,
  literal: 'pass' | 'not-applicable',
  notes: Set<LiteralNote>,
): void {
  const guardElsewhere = literal === 'pass' && statements.some((s) => isPlainAllow(s) && seesGuard(s));
  for (const statement of statements) {
    if (statement.Effect !== 'Allow' || !coversAssumeRole(statement)) continue;
    const foreign = mayBeForeign(statement, account);
    if (!foreign) continue;
    if (guardElsewhere && !(isPlainAllow(statement) && seesGuard(statement)))
      notes.add('literal-any-statement');
    if (!seesAction(statement)) notes.add('literal-blind-action');
    if (!hasForeignArn(statement, account)) notes.add('literal-blind-principal');
  }
}

function statementsOf(policy: unknown): readonly Dict[] {
  const statements = isDict(policy) ? policy.Statement : null;
  return (Array.isArray(statements) ? statements : [statements]).filter(isDict);
}

function isPlainAllow(statement: Dict): boolean {
  return statement.Effect === 'Allow' && seesAction(statement);
}

function seesAction(statement: Dict): boolean {
  return statement.Action === ASSUME_ROLE;
}

function coversAssumeRole(statement: Dict): boolean {
  const covers = (entry: unknown): boolean => typeof entry === 'string' && actionCovers(entry, ASSUME_ROLE);
  if (statement.NotAction !== undefined) return !listOf(statement.NotAction).some(covers);
  return listOf(statement.Action).some(covers);
}

/** The two conditions the rule's text knows. */
function seesGuard(statement: Dict): boolean {
  for (const [operator, key, value] of conditionsOf(statement)) {
    const isTrue = value === true || (typeof value === 'string' && /^true$/i.test(value));
    if (operator === 'Bool' && key === MFA && isTrue) return true;
    if (operator === 'StringEquals' && key === EXTERNAL_ID && listOf(value).some((v) => v !== ''))
      return true;
  }
  return false;
}

const MFA = 'aws:MultiFactorAuthPresent';
const EXTERNAL_ID = 'sts:ExternalId';

function guardKey(operator: string): string | null {
  if (operator === 'Bool') return MFA;
  return operator === 'StringEquals' ? EXTERNAL_ID : null;
}

function* conditionsOf(statement: Dict): Generator<readonly [operator: string, key: string, value: unknown]> {
  const condition = statement.Condition;
  if (!isDict(condition)) return;
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isDict(keys)) continue;
    for (const [key, value] of Object.entries(keys)) yield [operator, key, value];
  }
}

/** What the rule's text takes for a foreign principal. */
function hasForeignArn(statement: Dict, account: string): boolean {
  const principal = statement.Principal;
  const aws = isDict(principal) ? listOf(principal.AWS) : [];
  const namesOwn = aws.some((text) => typeof text === 'string' && text.split(':').includes(account));
  return !namesOwn && deepJson(principal).includes('arn:aws:iam');
}

function namesAwsPrincipal(statement: Dict): boolean {
  const principal = statement.Principal;
  return !isDict(principal) || principal.AWS !== undefined;
}

/** Could a principal of another account be meant? Services and federated users never are. */
function mayBeForeign(statement: Dict, account: string): boolean {
  const principal = statement.Principal;
  if (statement.NotPrincipal !== undefined || principal === undefined) return true;
  const texts = isDict(principal)
    ? [...listOf(principal.AWS), ...listOf(principal.CanonicalUser)]
    : listOf(principal);
  return texts.some(
    (text) => typeof text !== 'string' || (text !== account && text.split(':', 5)[4] !== account),
  );
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
