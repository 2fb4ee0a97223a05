import type { Expr } from './ast.ts';
import type { Complaint } from './diagnostics.ts';
import { any, listOf, object, type Shape, type Source, scalar } from './entities/shape.ts';

/** Complains of a place in the tree. */
export type Report = (node: Expr, complaint: Omit<Complaint, 'offset'>) => void;

/** What is known of the values around an expression. */
export interface ExprScope {
  readonly entity: string;
  readonly self: Shape;
  readonly root: Shape;
  /** Number of array brackets around. */
  readonly depth: number;
}

/** The shape of an expression's value. */
export function shapeOf(expr: Expr, scope: ExprScope): Shape {
  switch (expr.kind) {
    case 'path':
      return follow(scope.self, expr.segments) ?? any;
    case 'self':
      return scope.self;
    case 'outward':
      return shapeOf(expr.operand, { ...scope, self: scope.root });
    case 'array':
      return expr.op === 'with' ? shapeOf(expr.target, scope) : scalar;
    case 'group-by':
      return listOf(object({ values: listOf(elementOf(shapeOf(expr.target, scope))) }));
    case 'call':
      if (expr.name === 'split') return listOf(scalar);
      return expr.name === 'getValue' ? any : scalar;
    default:
      return scalar;
  }
}

/** The shape of what an array bracket looks at: a list's elements, or an object itself. */
export function elementOf(shape: Shape): Shape {
  if (shape.kind === 'list') return shape.of;
  return shape.kind === 'scalar' ? any : shape;
}

/** Warns of a path that no entity of the type has, and of one that the export does not carry. */
export function lintPath(node: Expr, segments: readonly string[], scope: ExprScope, report: Report): void {
  let shape = scope.self;
  for (const [index, segment] of segments.entries()) {
    const found = follow(shape, [segment]);
    const path = segments.slice(0, index + 1).join('.');
    if (found === null) {
      const message = `no ${scope.entity} has a property \`${path}\`${scope.depth > 0 ? ' here' : ''}: it is always null`;
      report(node, { severity: 'warning', code: 'unknown-path', message });
      return;
    }
    if (found.source !== undefined) {
      const message = `\`${path}\` is null in authorization details: it comes from ${SOURCES[found.source]}`;
      report(node, { severity: 'warning', code: 'path-not-in-export', message });
      return;
    }
    shape = found;
  }
}

/** Where a property comes from that authorization details do not hold, in words. */
export const SOURCES: Readonly<Record<Source, string>> = {
  'credential-report': "the account's credential report",
  'account-summary': "the account's summary",
  'password-policy': "the account's password policy",
  inventory: 'an inventory service',
};

/** Null when nothing can stand there. */
function follow(start: Shape, segments: readonly string[]): Shape | null {
  let shape = start;
  for (const segment of segments) {
    if (shape.kind === 'any') return any;
    if (shape.kind !== 'object' || !Object.hasOwn(shape.fields, segment)) return null;
    shape = shape.fields[segment] ?? any;
  }
  return shape;
}
