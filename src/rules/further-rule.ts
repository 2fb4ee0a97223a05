import { type Diagnostic, printable } from '../gsl/diagnostics.ts';
import { ENTITY_SHAPES } from '../gsl/entities/shapes.ts';
import { absentProperty, neededProperties } from '../gsl/needs.ts';
import { type CompiledRule, compileRule } from '../gsl/rule.ts';
import type { RuleMetadata } from './types.ts';

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
    const lenient = diagnostics.map((one): Diagnostic => ({ ...one, severity: 'warning' }));
    return { diagnostics: lenient, parts: { kind, compiled: null, needs: null, unjudged: foreign(name) } };
  }
  const { compiled } = result;
  const { entityType, isList, rule } = compiled;
  const needs = neededProperties(rule);
  if (entityType === null) {
    const unjudged = `it is switched off: its logic is only \`${logic.trim().slice(0, 20)}\``;
    return { diagnostics: compiled.warnings, parts: { kind: '', compiled: null, needs, unjudged } };
  }
  const kind = isList ? `List<${entityType}>` : entityType;
  const unjudged = isList ? 'rules over a list of entities are not judged' : whyUnjudged(entityType, needs);
  return {
    diagnostics: compiled.warnings,
    parts: { kind, compiled: unjudged === null ? compiled : null, needs, unjudged },
  };
}

function whyUnjudged(entity: string, needs: ReadonlySet<string> | null): string | null {
  if (!ENTITY_SHAPES.has(entity)) return foreign(entity);
  if (!JUDGED.has(entity)) return `no export that can be read holds what it asks of \`${entity}\``;
  const absent = absentProperty(entity, needs);
  return absent === null ? null : `\`${absent.name}\` is not in any export of IAM that can be read`;
}

function foreign(entity: string): string {
  return `\`${printable(entity).slice(0, 100)}\` is not an entity of IAM evidence`;
}
