import type { Expr, Rule } from './ast.ts';
import type { Shape } from './entities/shape.ts';
import { ENTITY_SHAPES } from './entities/shapes.ts';

/**
 * The properties of the entity that a rule looks at, so that a rule is never judged on evidence that does not hold
 * them. For `List<X>` these are the properties of X. Null: the rule looks at the entity as a whole.
 */
export function neededProperties(rule: Rule): ReadonlySet<string> | null {
  if (rule.kind === 'constant') return new Set();
  const found: Found = { names: new Set(), whole: false, deep: rule.target.list };
  if (rule.target.where !== null) visit(rule.target.where, true, found);
  if (rule.kind === 'assertion') {
    visit(rule.expected, true, found);
    if (rule.exclude !== null) visit(rule.exclude, true, found);
  }
  if (found.whole) return null;
  const shape = ENTITY_SHAPES.get(rule.target.entity);
  if (!rule.target.list || shape?.kind !== 'object') return found.names;
  // Inside the brackets of a list rule nothing tells an item from what lies in it: any property of that name counts.
  return new Set([...found.names].filter((name) => Object.hasOwn(shape.fields, name)));
}

/** Of these properties, the first that no authorization details hold, and what would hold it; null when all are. */
export function absentProperty(
  entity: string,
  needed: ReadonlySet<string> | null,
): { readonly name: string; readonly source: NonNullable<Shape['source']> } | null {
  const shape = ENTITY_SHAPES.get(entity);
  if (shape?.kind !== 'object' || needed === null) return null;
  for (const name of needed) {
    const source = Object.hasOwn(shape.fields, name) ? shape.fields[name]?.source : undefined;
    if (source !== undefined) return { name, source };
  }
  return null;
}

interface Found {
  readonly names: Set<string>;
  whole: boolean;
  /** Names inside brackets count as well. */
  readonly deep: boolean;
}

/** `atRoot`: a plain path means a property of the entity. */
function visit(expr: Expr, atRoot: boolean, found: Found): void {
  switch (expr.kind) {
    case 'or':
    case 'and':
      for (const item of expr.items) visit(item, atRoot, found);
      return;
    case 'not':
      visit(expr.operand, atRoot, found);
      return;
    case 'compare':
      visit(expr.left, atRoot, found);
      visit(expr.right, atRoot, found);
      return;
    case 'like':
    case 'regex':
    case 'in-values':
      visit(expr.left, atRoot, found);
      return;
    case 'in-list':
      visit(expr.left, atRoot, found);
      visit(expr.list, atRoot, found);
      return;
    case 'array':
      visit(expr.target, atRoot, found);
      visit(expr.test, false, found);
      return;
    case 'group-by':
      visit(expr.target, atRoot, found);
      visit(expr.path, false, found);
      return;
    case 'call': {
      if (expr.target !== null) visit(expr.target, atRoot, found);
      const [name] = expr.args;
      const isProperty =
        expr.name === 'getValue' && name?.kind === 'literal' && typeof name.value === 'string';
      if (isProperty && (found.deep || (atRoot && expr.target === null))) found.names.add(String(name.value));
      return;
    }
    case 'outward':
      visit(expr.operand, true, found);
      return;
    case 'path':
      if ((atRoot || found.deep) && expr.segments[0] !== undefined) found.names.add(expr.segments[0]);
      return;
    case 'self':
      if (atRoot) found.whole = true;
      return;
    case 'literal':
  }
}
