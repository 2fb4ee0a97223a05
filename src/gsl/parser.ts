import { type Expr, isConstantWord, KEYWORDS, type Rule } from './ast.ts';
import { type Diagnostic, locate } from './diagnostics.ts';
import { type Positions, parseExpr } from './parse-expression.ts';
import { MAX_DEPTH, ParseFailure, TokenStream, tooDeep } from './token-stream.ts';

/** Longest rule text, in UTF-16 code units; the longest real rules have about 1,500. */
const MAX_RULE_LENGTH = 65_536;

export type ParseResult =
  | {
      readonly ok: true;
      readonly rule: Rule;
      /** Offset of every expression node of `rule`, by identity. */
      readonly positions: ReadonlyMap<Expr, number>;
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/**
 * Parses one rule. Never throws. A text that goes on after a complete rule with a closing bracket or with
 * punctuation is accepted with the warning `ignored-after-end`; anything else that follows is an error, because
 * it may be a condition that would be lost.
 */
export function parseRule(text: string): ParseResult {
  const positions: Positions = new Map();
  try {
    if (text.length > MAX_RULE_LENGTH) {
      throw new ParseFailure(
        'too-complex',
        `the rule is longer than ${MAX_RULE_LENGTH} characters`,
        MAX_RULE_LENGTH,
      );
    }
    const tokens = new TokenStream(text);
    const rule = parseWhole(tokens, positions);
    const warnings = checkEnd(tokens);
    if (isTooDeep(rule)) throw tooDeep(0);
    return { ok: true, rule, positions, warnings };
  } catch (failure) {
    if (!(failure instanceof ParseFailure)) throw failure;
    const { code, message, offset, expected } = failure;
    return { ok: false, errors: [locate(text, { severity: 'error', code, message, offset, expected })] };
  }
}

function parseWhole(tokens: TokenStream, at: Positions): Rule {
  const { token } = tokens;
  if (token.kind !== 'word' || KEYWORDS.has(token.text))
    return tokens.fail(['an entity type', '`true`', '`false`']);
  if (isConstantWord(token.text)) {
    const word = token.text.toLowerCase();
    if (word === 'null') return tokens.fail(['an entity type', '`true`', '`false`']);
    tokens.advance();
    return { kind: 'constant', value: word === 'true' };
  }
  const { entity, list } = parseEntity(tokens);
  const where = tokens.takeWord('where') ? parseExpr(tokens, at) : null;
  const target = { entity, list, where };
  if (!tokens.takeWord('should')) {
    if (where === null) return tokens.fail(['`where`', '`should`']);
    return { kind: 'query', target };
  }
  const negated = tokens.takeWord('not');
  const verb = tokens.takeWord('have') ? 'have' : tokens.takeWord('be') ? 'be' : null;
  const expected = parseExpr(tokens, at);
  const exclude = tokens.takeWord('exclude') ? parseExpr(tokens, at) : null;
  return { kind: 'assertion', target, negated, verb, expected, exclude };
}

function parseEntity(tokens: TokenStream): { readonly entity: string; readonly list: boolean } {
  const entity = takeName(tokens);
  if (entity !== 'List' || !tokens.takeSymbol('<')) return { entity, list: false };
  const inner = takeName(tokens);
  tokens.need('>', ' to close `List<`');
  return { entity: inner, list: true };
}

function takeName(tokens: TokenStream): string {
  const { token } = tokens;
  if (token.kind !== 'word') return tokens.fail(['an entity type']);
  tokens.advance();
  return token.text;
}

const HARMLESS_TAIL: ReadonlySet<string> = new Set([')', ']', ',', '.', ';']);

function checkEnd(tokens: TokenStream): readonly Diagnostic[] {
  const { token, text } = tokens;
  if (token.kind === 'end') return [];
  if (HARMLESS_TAIL.has(text.slice(token.offset, token.end))) {
    const message = `ignored after end of rule: ${tokens.describe({ ...token, end: text.trimEnd().length })}`;
    return [locate(text, { severity: 'warning', code: 'ignored-after-end', message, offset: token.offset })];
  }
  if (token.kind === 'word' && !KEYWORDS.has(token.text)) {
    throw new ParseFailure('unknown-operator', `unknown operator ${tokens.describe(token)}`, token.offset);
  }
  return tokens.fail(['an operator', '`and`', '`or`', 'the end of the rule']);
}

/** Chains such as `a x() x() x()` nest without recursion in the parser, so the finished tree is measured too. */
function isTooDeep(rule: Rule): boolean {
  const open: { readonly part: object; readonly depth: number }[] = [{ part: rule, depth: 0 }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    // Every node, and every array of nodes, is one level of the plain data.
    if (entry.depth > 4 * MAX_DEPTH) return true;
    for (const child of Object.values(entry.part)) {
      if (typeof child === 'object' && child !== null) open.push({ part: child, depth: entry.depth + 1 });
    }
  }
  return false;
}
