import type { Expr } from '../../src/gsl/ast.ts';
import { parseRule } from '../../src/gsl/parser.ts';

/**
 * The rule language in the most direct way: walk the tree for every entity. It knows what the benchmark's rule
 * needs, with default readings. Kept to measure the compiler against and to check it.
 */
export function interpreter(
  text: string,
): (entity: unknown) => 'not-relevant' | 'compliant' | 'non-compliant' {
  const parsed = parseRule(text);
  if (!parsed.ok || parsed.rule.kind !== 'assertion') throw new Error('not an assertion');
  const { target, negated, expected } = parsed.rule;
  return (entity) => {
    if (target.where !== null && !truthy(evaluate(target.where, entity, entity))) return 'not-relevant';
    return truthy(evaluate(expected, entity, entity)) !== negated ? 'compliant' : 'non-compliant';
  };
}

function evaluate(expr: Expr, self: unknown, root: unknown): unknown {
  switch (expr.kind) {
    case 'or':
      return expr.items.some((item) => truthy(evaluate(item, self, root)));
    case 'and':
      return expr.items.every((item) => truthy(evaluate(item, self, root)));
    case 'not':
      return !truthy(evaluate(expr.operand, self, root));
    case 'compare':
      if (expr.op !== '=') throw new Error(`no operator ${expr.op}`);
      return same(evaluate(expr.left, self, root), evaluate(expr.right, self, root));
    case 'regex': {
      const value = evaluate(expr.left, self, root);
      if (value === null) return false;
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return new RegExp(expr.source, expr.flags).test(text);
    }
    case 'in-list': {
      const left = evaluate(expr.left, self, root);
      const list = evaluate(expr.list, self, root);
      return Array.isArray(list) && list.some((element) => same(left, element));
    }
    case 'array': {
      const value = evaluate(expr.target, self, root);
      const list = Array.isArray(value) ? value : typeof value === 'object' && value !== null ? [value] : [];
      return list.some((element) => truthy(evaluate(expr.test, element, root)));
    }
    case 'call': {
      const target = expr.target === null ? self : evaluate(expr.target, self, root);
      const [arg] = expr.args.map((argument) => evaluate(argument, self, root));
      if (expr.name === 'getValue') return property(target, String(arg));
      if (expr.name !== 'split') throw new Error(`no function ${expr.name}`);
      if (Array.isArray(target))
        return target.flatMap((text) => (typeof text === 'string' ? text.split(String(arg)) : [text]));
      return typeof target === 'string' ? target.split(String(arg)) : null;
    }
    case 'outward':
      return evaluate(expr.operand, root, root);
    case 'literal':
      return expr.value;
    case 'path':
      return expr.segments.reduce(property, self);
    case 'self':
      return self;
    default:
      throw new Error(`no ${expr.kind}`);
  }
}

function property(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.hasOwn(value, key) ? ((value as Record<string, unknown>)[key] ?? null) : null;
}

function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

function same(left: unknown, right: unknown): boolean {
  if (typeof left === 'object' || typeof right === 'object') return left === null && right === null;
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    return String(left).toLowerCase() === String(right).toLowerCase();
  }
  if (typeof left === 'number' || typeof right === 'number') return String(left) === String(right);
  return left === right;
}
