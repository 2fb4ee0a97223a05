import type { Expr, Rule } from './ast.ts';
import { checkRule } from './checker.ts';
import { type Code, type Context, constant, type Env, type Run, runOf } from './compile/code.ts';
import { compileTest } from './compile/expressions.ts';
import { type Diagnostic, locate } from './diagnostics.ts';
import { parseRule } from './parser.ts';
import { DEFAULT_SWITCHES, type Switches } from './switches.ts';
import { equality, ordering, truthTest } from './values.ts';

export type { Env } from './compile/code.ts';

/** What a rule says of one entity. */
export type RuleOutcome = 'not-relevant' | 'compliant' | 'non-compliant';

export interface CompiledRule {
  /** The entity type the rule speaks of; null for the rules `true` and `false`, which speak of all. */
  readonly entityType: string | null;
  /** `List<X>`: evaluate once per account on `{items: [...]}`. */
  readonly isList: boolean;
  readonly rule: Rule;
  readonly switches: Switches;
  readonly warnings: readonly Diagnostic[];
  /**
   * `entity`: a tree as `JSON.parse` gives it, however malformed. Never throws, and needs time linear in the
   * entity for each bracket of the rule.
   */
  readonly evaluate: (entity: unknown, env: Env) => RuleOutcome;
}

export type CompileResult =
  | { readonly ok: true; readonly compiled: CompiledRule }
  | { readonly ok: false; readonly errors: readonly Diagnostic[]; readonly warnings: readonly Diagnostic[] };

export interface CompileOptions {
  /** Switches that differ from their defaults. */
  readonly switches?: Partial<Switches>;
}

/** Parses, checks and compiles one rule. Never throws; everything that is wrong with the text is in the result. */
export function compileRule(text: string, options: CompileOptions = {}): CompileResult {
  const parsed = parseRule(text);
  if (!parsed.ok) return { ok: false, errors: parsed.errors, warnings: [] };
  const switches: Switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const { diagnostics, patterns } = checkRule(text, parsed, switches);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = [...diagnostics.filter(({ severity }) => severity === 'warning'), ...parsed.warnings];
  if (errors.length > 0) return { ok: false, errors, warnings };
  const { rule, positions } = parsed;
  const context: Context = {
    switches,
    patterns,
    truth: truthTest(switches),
    equal: equality(switches),
    order: ordering(switches),
    depth: 0,
    frames: switches.deepOutward === 'parent' ? [] : null,
  };
  const compile = (expr: Expr): Code<boolean> => {
    const compiled = compileTest(expr, context);
    if (compiled.constant) {
      const message = `this condition is always ${compiled.value}`;
      const offset = positions.get(expr) ?? 0;
      warnings.push(locate(text, { severity: 'warning', code: 'constant-condition', message, offset }));
    }
    return compiled;
  };
  const evaluate = evaluator(rule, compile, switches);
  warnings.sort((a, b) => a.offset - b.offset);
  const entityType = rule.kind === 'constant' ? null : rule.target.entity;
  const isList = rule.kind !== 'constant' && rule.target.list;
  return { ok: true, compiled: { entityType, isList, rule, switches, warnings, evaluate } };
}

type Compile = (expr: Expr) => Code<boolean>;

function evaluator(rule: Rule, compile: Compile, switches: Switches): CompiledRule['evaluate'] {
  if (rule.kind === 'constant') {
    const outcome = rule.value ? 'compliant' : 'non-compliant';
    return () => outcome;
  }
  const where = runOf(rule.target.where === null ? constant(true) : compile(rule.target.where));
  if (rule.kind === 'query') {
    return (entity, env) => (where(entity, entity, env) ? 'non-compliant' : 'not-relevant');
  }
  const expected = runOf(compile(rule.expected));
  const whenTrue = rule.negated ? 'non-compliant' : 'compliant';
  const whenFalse = rule.negated ? 'compliant' : 'non-compliant';
  if (rule.exclude === null) {
    return (entity, env) => {
      if (!where(entity, entity, env)) return 'not-relevant';
      return expected(entity, entity, env) ? whenTrue : whenFalse;
    };
  }
  const exclude: Run<boolean> = runOf(compile(rule.exclude));
  const { excluded } = switches;
  return (entity, env) => {
    if (!where(entity, entity, env)) return 'not-relevant';
    if (exclude(entity, entity, env)) return excluded;
    return expected(entity, entity, env) ? whenTrue : whenFalse;
  };
}
