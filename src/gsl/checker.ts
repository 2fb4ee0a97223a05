import type { Call, Expr, Rule } from './ast.ts';
import { isTimeUnit, LONG_UNITS, SHORT_UNITS } from './dates.ts';
import { type Complaint, type Diagnostic, locate } from './diagnostics.ts';
import { any, listOf, object } from './entities/shape.ts';
import { ENTITY_SHAPES } from './entities/shapes.ts';
import { type Argument, FUNCTIONS, functionNamed, UNSUPPORTED_FUNCTIONS } from './functions.ts';
import type { ParseResult } from './parser.ts';
import { type ExprScope, elementOf, lintPath, type Report, shapeOf } from './path-lint.ts';
import { compileLike, compilePattern, type PatternResult } from './regex/pattern.ts';
import { isBarePattern, type Switches } from './switches.ts';

/**
 * Checks what the grammar cannot: functions and their arguments, patterns, `~`, and paths against the known
 * entity types. A rule with an error must not be compiled. Errors and warnings come in the order of the text.
 */
export function checkRule(
  text: string,
  parsed: Extract<ParseResult, { readonly ok: true }>,
  switches: Switches,
): readonly Diagnostic[] {
  const complaints: Complaint[] = [];
  const report: Report = (node, complaint) => {
    complaints.push({ ...complaint, offset: parsed.positions.get(node) ?? 0 });
  };
  checkTop(parsed.rule, { switches, report }, complaints);
  complaints.sort((a, b) => a.offset - b.offset);
  return complaints.map((complaint) => locate(text, complaint));
}

interface Check {
  readonly switches: Switches;
  readonly report: Report;
}

function checkTop(rule: Rule, check: Check, complaints: Complaint[]): void {
  if (rule.kind === 'constant') return;
  const { entity, list, where } = rule.target;
  const shape = ENTITY_SHAPES.get(entity) ?? any;
  if (!ENTITY_SHAPES.has(entity)) {
    const known = [...ENTITY_SHAPES.keys()].join(', ');
    const message = `\`${entity}\` is not an entity of IAM evidence (${known}): the rule will find nothing to judge`;
    complaints.push({ severity: 'warning', code: 'unknown-entity', message, offset: 0 });
  }
  const self = list ? object({ items: listOf(shape) }) : shape;
  const scope: ExprScope = { entity: list ? `List<${entity}>` : entity, self, root: self, depth: 0 };
  if (where !== null) checkExpr(where, scope, check);
  if (rule.kind !== 'assertion') return;
  if (rule.verb === 'be' && check.switches.shouldBe === 'reject') {
    const message = '`should be` is switched off: write `should have`';
    complaints.push({ severity: 'error', code: 'not-allowed', message, offset: 0 });
  }
  checkExpr(rule.expected, scope, check);
  if (rule.exclude !== null) checkExpr(rule.exclude, scope, check);
}

function checkExpr(expr: Expr, scope: ExprScope, check: Check): void {
  switch (expr.kind) {
    case 'or':
    case 'and':
      for (const item of expr.items) checkExpr(item, scope, check);
      return;
    case 'not':
      checkExpr(expr.operand, scope, check);
      return;
    case 'compare':
      checkExpr(expr.left, scope, check);
      checkExpr(expr.right, scope, check);
      return;
    case 'like':
      checkExpr(expr.left, scope, check);
      checkPattern(expr, compileLike(expr.pattern), check);
      return;
    case 'regex':
      checkExpr(expr.left, scope, check);
      checkPattern(expr, compilePattern(expr.source, expr.flags), check);
      return;
    case 'in-values':
      checkExpr(expr.left, scope, check);
      return;
    case 'in-list':
      checkExpr(expr.left, scope, check);
      checkExpr(expr.list, scope, check);
      return;
    case 'array': {
      checkExpr(expr.target, scope, check);
      const self = elementOf(shapeOf(expr.target, scope));
      if (isBarePattern(expr.test, check.switches)) {
        checkPattern(expr.test, compileLike(expr.test.value), check);
      }
      checkExpr(expr.test, { ...scope, self, depth: scope.depth + 1 }, check);
      return;
    }
    case 'group-by': {
      checkExpr(expr.target, scope, check);
      const self = elementOf(shapeOf(expr.target, scope));
      checkExpr(expr.path, { ...scope, self, depth: scope.depth + 1 }, check);
      return;
    }
    case 'call':
      checkCall(expr, scope, check);
      return;
    case 'outward':
      checkOutward(expr, scope, check);
      return;
    case 'path':
      lintPath(expr, expr.segments, scope, check.report);
      return;
    case 'literal':
    case 'self':
  }
}

function checkPattern(node: Expr, result: PatternResult, check: Check): void {
  if (result.ok) return;
  const message = `${result.message} (character ${result.offset + 1} of the pattern)`;
  check.report(node, { severity: 'error', code: 'bad-regex', message });
}

function checkOutward(expr: Extract<Expr, { kind: 'outward' }>, scope: ExprScope, check: Check): void {
  const { deepOutward } = check.switches;
  const fail = (message: string): void => check.report(expr, { severity: 'error', code: 'outward', message });
  if (scope.depth === 0) fail('`~` leads out of an array bracket, and there is none here');
  else if (deepOutward === 'reject' && (scope.depth > 1 || expr.levels > 1)) {
    fail('`~` is only understood one bracket deep: its meaning further in is not documented');
  } else if (expr.levels > scope.depth) fail('there are more `~` than brackets to leave');
  // What stands between the root and the element is not tracked: paths there are not linted.
  const toRoot = deepOutward !== 'parent' || expr.levels === scope.depth;
  checkExpr(expr.operand, { ...scope, self: toRoot ? scope.root : any, depth: 0 }, check);
}

function checkCall(call: Call, scope: ExprScope, check: Check): void {
  if (call.target !== null) checkExpr(call.target, scope, check);
  const fail = (code: Complaint['code'], message: string): void =>
    check.report(call, { severity: 'error', code, message });
  const info = functionNamed(call.name);
  if (info === null) {
    if (UNSUPPORTED_FUNCTIONS.has(call.name)) {
      fail(
        'unsupported-function',
        `function \`${call.name}\` is not supported: IAM evidence has nothing to apply it to`,
      );
    } else {
      const known = FUNCTIONS.map(({ name }) => name).join(', ');
      fail('unknown-function', `unknown function \`${call.name}\` (known: ${known})`);
    }
    return;
  }
  if (call.args.length !== info.args.length) {
    fail('bad-argument', `\`${call.name}\` takes ${info.args.length} arguments, found ${call.args.length}`);
    return;
  }
  for (const [index, argument] of info.args.entries()) {
    const problem = argumentProblem(call.args[index], argument, check.switches);
    if (problem !== null)
      fail('bad-argument', `argument ${index + 1} of \`${call.name}\` must be ${problem}`);
  }
  const [name] = call.args;
  if (call.name === 'getValue' && name?.kind === 'literal' && typeof name.value === 'string') {
    const self = call.target === null ? scope.self : shapeOf(call.target, scope);
    lintPath(call, [name.value], { ...scope, self }, check.report);
  }
}

/** Far beyond any date, and small enough that no sum loses its precision. */
const MOST_UNITS = 1_000_000;

/** What the argument must be, when it is not. */
function argumentProblem(arg: Expr | undefined, wanted: Argument, switches: Switches): string | null {
  const value = arg?.kind === 'literal' ? arg.value : undefined;
  switch (wanted) {
    case 'whole-number':
      if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MOST_UNITS) return null;
      return `a whole number of at most ${MOST_UNITS}`;
    case 'time-unit': {
      const units = switches.longUnits === 'accept' ? [...SHORT_UNITS, ...LONG_UNITS] : SHORT_UNITS;
      if (isTimeUnit(value) && (units as readonly string[]).includes(value)) return null;
      return `one of ${units.map((unit) => `'${unit}'`).join(', ')}`;
    }
    case 'text':
      return typeof value === 'string' ? null : 'a text in quotes';
    case 'separator':
      return typeof value === 'string' && value !== '' ? null : 'a text in quotes that is not empty';
  }
}
