import {
  ARRAY_OPS,
  type ArrayOp,
  type Call,
  COMPARE_OPS,
  type CompareOp,
  type Expr,
  isConstantWord,
  KEYWORDS,
  type Literal,
  type Path,
} from './ast.ts';
import type { TokenStream } from './token-stream.ts';

/** Where each node begins in the text: the offset of its first token, or of its operator or function name. */
export type Positions = Map<Expr, number>;

const VALUE = ['a value'];

/** expr = and_expr { "or" and_expr } */
export function parseExpr(tokens: TokenStream, at: Positions): Expr {
  return tokens.nested(() => parseSeries(tokens, at, 'or'));
}

function parseSeries(tokens: TokenStream, at: Positions, kind: 'or' | 'and'): Expr {
  const offset = tokens.token.offset;
  const items: Expr[] = [];
  do items.push(kind === 'or' ? parseSeries(tokens, at, 'and') : parseNot(tokens, at));
  while (tokens.takeWord(kind));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : mark(at, offset, { kind, items });
}

/** `not` takes the whole comparison that follows. */
function parseNot(tokens: TokenStream, at: Positions): Expr {
  const offset = tokens.token.offset;
  if (!tokens.takeWord('not')) return parseComparison(tokens, at);
  const operand = tokens.nested(() => parseNot(tokens, at));
  return mark(at, offset, { kind: 'not', operand });
}

function parseComparison(tokens: TokenStream, at: Positions): Expr {
  const left = parseOperand(tokens, at);
  const { token } = tokens;
  const { offset } = token;
  if (token.kind === 'symbol' && isCompareOp(token.text)) {
    const op = token.text;
    tokens.advance();
    const right = parseOperand(tokens, at);
    return mark(at, offset, { kind: 'compare', op, left, right });
  }
  if (tokens.isWord('like') || tokens.isWord('unlike')) {
    const negated = tokens.isWord('unlike');
    tokens.advance();
    const pattern = tokens.token;
    if (pattern.kind !== 'string') return tokens.fail(['a text in quotes']);
    tokens.advance();
    return mark(at, offset, { kind: 'like', negated, left, pattern: pattern.value });
  }
  if (tokens.takeWord('regexMatch')) {
    const regex = tokens.takeRegex();
    if (regex === null) return tokens.fail(['a regular expression between slashes']);
    const { source, flags } = regex;
    return mark(at, regex.offset, { kind: 'regex', left, source, flags });
  }
  return tokens.takeWord('in') ? mark(at, offset, parseIn(tokens, at, left)) : left;
}

function isCompareOp(text: string): text is CompareOp {
  return (COMPARE_OPS as readonly string[]).includes(text);
}

function parseIn(tokens: TokenStream, at: Positions, left: Expr): Expr {
  tokens.need('(', ' after `in`');
  const first = parseOperand(tokens, at);
  if (first.kind !== 'literal') {
    tokens.need(')', ' to close the list');
    return { kind: 'in-list', left, list: first };
  }
  const list: Literal[] = [first];
  while (tokens.takeSymbol(',')) list.push(parseLiteral(tokens, at));
  tokens.need(')', ' to close the list');
  return { kind: 'in-values', left, list };
}

function parseLiteral(tokens: TokenStream, at: Positions): Literal {
  const { token } = tokens;
  const literal = literalOf(token);
  if (literal === null) return tokens.fail(['a text in quotes', 'a number', '`true`', '`false`', '`null`']);
  tokens.advance();
  return mark(at, token.offset, literal);
}

function literalOf(token: TokenStream['token']): Literal | null {
  if (token.kind === 'string' || token.kind === 'number') return { kind: 'literal', value: token.value };
  if (token.kind !== 'word' || !isConstantWord(token.text)) return null;
  const word = token.text.toLowerCase();
  return { kind: 'literal', value: word === 'null' ? null : word === 'true' };
}

/** operand = primary { postfix } */
function parseOperand(tokens: TokenStream, at: Positions): Expr {
  let target = parsePrimary(tokens, at);
  for (;;) {
    const { token } = tokens;
    if (token.kind !== 'word') return target;
    const next = tokens.peek();
    if (next.kind !== 'symbol') return target;
    if (isArrayOp(token.text)) {
      tokens.advance();
      tokens.need('[', ` after \`${token.text}\``);
      const test = parseExpr(tokens, at);
      tokens.need(']', ' to close the bracket');
      target = mark(at, token.offset, { kind: 'array', op: token.text, target, test });
    } else if (token.text === 'groupBy') {
      tokens.advance();
      tokens.need('[', ' after `groupBy`');
      const path = parsePath(tokens, at);
      tokens.need(']', ' to close the bracket');
      target = mark(at, token.offset, { kind: 'group-by', target, path });
    } else if (next.text === '(' && !KEYWORDS.has(token.text) && !isConstantWord(token.text)) {
      target = parseCall(tokens, at, target);
    } else {
      return target;
    }
  }
}

function isArrayOp(word: string): word is ArrayOp {
  return (ARRAY_OPS as readonly string[]).includes(word);
}

function parsePrimary(tokens: TokenStream, at: Positions): Expr {
  const { token } = tokens;
  if (literalOf(token) !== null) return parseLiteral(tokens, at);
  if (tokens.takeSymbol('$')) return mark(at, token.offset, { kind: 'self' });
  if (tokens.takeSymbol('(')) {
    const inner = parseExpr(tokens, at);
    tokens.need(')', ' to close the parenthesis');
    return inner;
  }
  if (!tokens.isSymbol('~')) return parsePathOrCall(tokens, at);
  let levels = 0;
  while (tokens.takeSymbol('~')) levels++;
  return mark(at, token.offset, { kind: 'outward', levels, operand: parsePathOrCall(tokens, at) });
}

function parsePathOrCall(tokens: TokenStream, at: Positions): Path | Call {
  const next = tokens.peek();
  const { token } = tokens;
  const callable = token.kind === 'word' && !KEYWORDS.has(token.text) && !isConstantWord(token.text);
  if (callable && next.kind === 'symbol' && next.text === '(') return parseCall(tokens, at, null);
  return parsePath(tokens, at);
}

function parsePath(tokens: TokenStream, at: Positions): Path {
  const { token } = tokens;
  if (token.kind !== 'word' || KEYWORDS.has(token.text) || isConstantWord(token.text))
    return tokens.fail(VALUE);
  const segments = [token.text];
  tokens.advance();
  while (tokens.takeSymbol('.')) {
    const segment = tokens.token;
    if (segment.kind !== 'word') return tokens.fail(['a property name'], ' after the dot');
    segments.push(segment.text);
    tokens.advance();
  }
  if (segments.length > 1 && tokens.isSymbol('(')) {
    tokens.fail(
      ['an operator'],
      ` (a function follows its value after a blank: \`value ${segments.at(-1)}()\`)`,
    );
  }
  return mark(at, token.offset, { kind: 'path', segments });
}

function parseCall(tokens: TokenStream, at: Positions, target: Expr | null): Call {
  const { token } = tokens;
  if (token.kind !== 'word') return tokens.fail(['a function name']);
  const name = token.text;
  tokens.advance();
  tokens.need('(', ' after the function name');
  const args: Expr[] = [];
  if (!tokens.isSymbol(')')) {
    do args.push(tokens.nested(() => parseOperand(tokens, at)));
    while (tokens.takeSymbol(','));
  }
  tokens.need(')', ' to close the arguments');
  return mark(at, token.offset, { kind: 'call', name, target, args });
}

function mark<T extends Expr>(at: Positions, offset: number, node: T): T {
  at.set(node, offset);
  return node;
}
