import type { CompiledRule } from '../../gsl/assemble.ts';
import { compileRule } from '../../gsl/compile-rule.ts';
import type { Diagnostic } from '../../gsl/diagnostics.ts';
import { ENTITY_SHAPES } from '../../gsl/entities/shapes.ts';
import { absentProperty, neededProperties } from '../../gsl/needs.ts';
import { SOURCES } from '../../gsl/path-lint.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import { oneLine } from '../../text/hidden-characters.ts';

/** A rule from a rule file, next to those that are built in. */
export interface FurtherRule {
  readonly metadata: RuleMetadata;
  /** What it judges: `IamRole`, `List<IamRole>`, ...; empty for the rules `true` and `false`. */
  readonly kind: string;
  /** Null when `unjudged` says why. */
  readonly compiled: CompiledRule | null;
  /** The entity's properties that it looks at; null: all of them. */
  readonly needs: ReadonlySet<string> | null;
  /** Why no evidence that can be read here is judged under it, one sentence; null when it can be. */
  readonly unjudged: string | null;
}

export interface Compilation {
  readonly diagnostics: readonly Diagnostic[];
  /** Null when the text has errors. */
  readonly parts: Omit<FurtherRule, 'metadata'> | null;
}

const JUDGED: ReadonlySet<string> = new Set(['IamRole', 'IamUser', 'IamGroup', 'IamPolicy']);
/** Faults that do not matter in a rule over things that are no IAM evidence. */
const FOREIGN_FAULTS: ReadonlySet<string> = new Set([
  'unsupported-function',
  'unknown-function',
  'bad-argument',
]);

/** Compiles the logic of a rule and finds out whether anything can be judged under it. */
export function compileFurther(logic: string): Compilation {
  const result = compileRule(logic);
  if (!result.ok) {
    const entity = /^\s*(List<)?\s*([A-Za-z_]\w*)/.exec(logic);
    const name = entity?.[2] ?? '';
    const diagnostics = [...result.errors, ...result.warnings];
    if (ENTITY_SHAPES.has(name) || !result.errors.every(({ code }) => FOREIGN_FAULTS.has(code))) {
      return { diagnostics, parts: null };
    }
    const kind = entity?.[1] === undefined ? name : `List<${name}>`;
    return {
      diagnostics: stillOfUse(result.warnings, name),
      parts: { kind, compiled: null, needs: null, unjudged: foreign(name) },
    };
  }
  const { compiled } = result;
  const { entityType, isList, rule } = compiled;
  const needs = neededProperties(rule);
  const unjudged = whyUnjudged(compiled, needs, logic);
  const kind = entityType === null ? '' : isList ? `List<${entityType}>` : entityType;
  return {
    diagnostics: unjudged === null ? compiled.warnings : stillOfUse(compiled.warnings, entityType),
    parts: { kind, compiled: unjudged === null ? compiled : null, needs, unjudged },
  };
}

/**
 * The reason why a rule is never judged says more than what follows from it: that its paths lead nowhere. Only what
 * may be a slip of the pen remains.
 */
function stillOfUse(warnings: readonly Diagnostic[], entity: string | null): readonly Diagnostic[] {
  const isKnown = entity !== null && ENTITY_SHAPES.has(entity);
  return warnings.filter(({ code }) => code === 'ignored-after-end' || (isKnown && code === 'unknown-path'));
}

function whyUnjudged(
  { entityType: entity, isList }: CompiledRule,
  needs: ReadonlySet<string> | null,
  logic: string,
): string | null {
  if (entity === null) return `it is switched off: its logic is only \`${logic.trim().slice(0, 20)}\``;
  if (!ENTITY_SHAPES.has(entity)) return foreign(entity);
  if (isList) return 'rules over a list of entities are not judged';
  const absent = absentProperty(entity, needs);
  if (absent !== null)
    return `\`${absent.name}\` comes from ${SOURCES[absent.source]}, which is no export that can be read`;
  return JUDGED.has(entity) ? null : `no export that can be read holds an \`${entity}\``;
}

function foreign(entity: string): string {
  return `\`${oneLine(entity.slice(0, 100))}\` is not an entity of IAM evidence`;
}
