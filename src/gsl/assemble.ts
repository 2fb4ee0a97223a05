import type { Expr, Rule } from './ast.ts';
import { type Code, type Context, constant, type Env, type Run, runOf } from './compile/code.ts';
import { compileTest } from './compile/expressions.ts';
import { type Diagnostic, locate } from './diagnostics.ts';
import { type ParseResult, parseRule } from './parser.ts';
import { DEFAULT_SWITCHES, type Switches } from './switches.ts';
import { equality, ordering, truthTest } from './values.ts';

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

export type Parsed = Extract<ParseResult, { readonly ok: true }>;

/** Compiles a rule without checking it: one of this program's own, which its tests check. Throws what is wrong with it. */
export function compileOwn(text: string): CompiledRule {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(`a rule of the program cannot be read: ${parsed.errors[0]?.message}`);
  return assemble(text, parsed, DEFAULT_SWITCHES, parsed.warnings);
}

/** Compiles a rule that was parsed and found without error; `known` are the warnings so far. */
export function assemble(
  text: string,
  { rule, positions }: Parsed,
  switches: Switches,
  known: readonly Diagnostic[],
): CompiledRule {
  const warnings = [...known];
  const context: Context = {
    switches,
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
  return { entityType, isList, rule, switches, warnings, evaluate };
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
