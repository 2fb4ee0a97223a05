import type { Expr, Literal, Path, Rule } from '../../src/gsl/ast.ts';

/** Writes a rule so that it parses back to the same tree: one line, single blanks, only the parentheses needed. */
export function printRule(rule: Rule): string {
  if (rule.kind === 'constant') return String(rule.value);
  const { entity, list, where } = rule.target;
  const target = `${list ? `List<${entity}>` : entity}${where === null ? '' : ` where ${printExpr(where)}`}`;
  if (rule.kind === 'query') return target;
  const verb = rule.verb === null ? '' : ` ${rule.verb}`;
  const text = printExpr(rule.expected);
  // Without a verb a leading `not` would be read as the one of `should not`, which takes the whole expression.
  const expected = rule.verb === null && !rule.negated && text.startsWith('not ') ? `(${text})` : text;
  const exclude = rule.exclude === null ? '' : ` exclude ${printExpr(rule.exclude)}`;
  return `${target} should${rule.negated ? ' not' : ''}${verb} ${expected}${exclude}`;
}

/** How tightly a node binds; a node is put in parentheses where a tighter one is needed. */
const OR = 0;
const AND = 1;
const NOT = 2;
const OPERAND = 4;

function printExpr(expr: Expr): string {
  return print(expr, OR);
}

function print(expr: Expr, need: number): string {
  const text = printBare(expr);
  return strength(expr) < need ? `(${text})` : text;
}

function strength(expr: Expr): number {
  switch (expr.kind) {
    case 'or':
      return OR;
    case 'and':
      return AND;
    case 'not':
      return NOT;
    case 'compare':
    case 'like':
    case 'regex':
    case 'in-values':
    case 'in-list':
      return NOT + 1;
    default:
      return OPERAND;
  }
}

function printBare(expr: Expr): string {
  switch (expr.kind) {
    case 'or':
      return expr.items.map((item) => print(item, AND)).join(' or ');
    case 'and':
      return expr.items.map((item) => print(item, NOT)).join(' and ');
    case 'not':
      return `not ${print(expr.operand, NOT)}`;
    case 'compare':
      return `${print(expr.left, OPERAND)} ${expr.op} ${print(expr.right, OPERAND)}`;
    case 'like':
      return `${print(expr.left, OPERAND)} ${expr.negated ? 'unlike' : 'like'} ${quote(expr.pattern)}`;
    case 'regex':
      return `${print(expr.left, OPERAND)} regexMatch /${expr.source}/${expr.flags}`;
    case 'in-values':
      return `${print(expr.left, OPERAND)} in (${expr.list.map(printLiteral).join(', ')})`;
    case 'in-list':
      return `${print(expr.left, OPERAND)} in (${print(expr.list, OPERAND)})`;
    case 'array':
      return `${print(expr.target, OPERAND)} ${expr.op} [${print(expr.test, OR)}]`;
    case 'group-by':
      return `${print(expr.target, OPERAND)} groupBy [${printPath(expr.path)}]`;
    case 'call': {
      const target = expr.target === null ? '' : `${print(expr.target, OPERAND)} `;
      return `${target}${expr.name}(${expr.args.map((arg) => print(arg, OPERAND)).join(', ')})`;
    }
    case 'outward':
      return `${'~'.repeat(expr.levels)}${printBare(expr.operand)}`;
    case 'literal':
      return printLiteral(expr);
    case 'path':
      return printPath(expr);
    case 'self':
      return '$';
  }
}

function printPath(path: Path): string {
  return path.segments.join('.');
}

function printLiteral({ value }: Literal): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' ? printNumber(value) : String(value);
}

/** The language has no escapes: a text holds at most one of the two kinds of quotation mark. */
function quote(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

/** Decimal notation without an exponent, which the language does not have. */
function printNumber(value: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (match === null) return String(value);
  const [, sign = '', first = '', rest = '', power = '0'] = match;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
