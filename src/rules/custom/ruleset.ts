import type { Diagnostic } from '../../gsl/diagnostics.ts';
import { RULES } from '../index.ts';
import { compileFurther, type FurtherRule } from './further-rule.ts';
import { derivedId, type RuleFields, readFields } from './ruleset-fields.ts';

/** Something to say about a rule file or one of its rules. */
export interface RulesetProblem {
  readonly severity: 'error' | 'warning';
  /** Id of the rule, or its place in the file such as `rule 3` (from 1); null: the file as a whole. */
  readonly rule: string | null;
  readonly message: string;
  /** Where in the rule's logic, with a caret; null when the problem lies elsewhere. */
  readonly diagnostic: Diagnostic | null;
}

export interface RulesetReading {
  /** Rules without errors, in the order of the file. */
  readonly rules: readonly FurtherRule[];
  readonly problems: readonly RulesetProblem[];
  /** Rules in the file, those with errors included. */
  readonly count: number;
  /** Of these, the ones left out because the same rule is built in or was read before. */
  readonly repeated: number;
}

/** The logic of rules read before, without blanks, by id in small letters. */
export type TakenRules = Map<string, string>;

/** CloudGuard's largest rulesets have about 500. */
const MAX_RULES = 20_000;

/**
 * Reads the value of a rule file: a list of rules, or an object with such a list in `rules`. A rule is
 * `{id, title, severity, logic, description?, remediation?, complianceTag?, category?}`, or an entry of a CloudGuard
 * ruleset export (`ruleId` and `name` instead of `id` and `title`). Never throws.
 *
 * @param value as a JSON or YAML parser gives it
 * @param taken the rules of this file are added
 */
export function readRuleset(value: unknown, taken: TakenRules): RulesetReading {
  const entries = entriesOf(value);
  if (entries === null) {
    return failed('it is neither a list of rules nor an object with a list `rules`');
  }
  if (entries.length === 0) return failed('it holds no rule');
  if (entries.length > MAX_RULES) return failed(`it holds more than ${MAX_RULES} rules`);
  const problems: RulesetProblem[] = [];
  const read: { readonly place: string; readonly fields: RuleFields }[] = [];
  entries.forEach((entry, index) => {
    const place = `rule ${index + 1}`;
    const result = readFields(entry);
    if (result.ok) read.push({ place, fields: result.fields });
    else problems.push({ severity: 'error', rule: place, message: result.message, diagnostic: null });
  });
  const nameless = countDerived(read.map(({ fields }) => fields));
  const rules: FurtherRule[] = [];
  let repeated = 0;
  for (const { place, fields } of read) {
    const id =
      fields.id !== '' ? fields.id : derivedId(fields, (nameless.get(derivedId(fields, false)) ?? 0) > 1);
    const clash = clashOf(id, fields.logic, taken);
    if (clash !== null) {
      if (clash.severity === 'warning') repeated++;
      problems.push({ ...clash, rule: `${place}, \`${id}\``, diagnostic: null });
      continue;
    }
    taken.set(id.toLowerCase(), bare(fields.logic));
    const { diagnostics, parts } = compileFurther(fields.logic);
    for (const diagnostic of diagnostics) {
      const { severity, message } = diagnostic;
      problems.push({ severity, rule: id, message, diagnostic });
    }
    if (parts !== null) rules.push({ ...parts, metadata: metadataOf(id, fields, parts.kind) });
  }
  return { rules, problems, count: entries.length, repeated };
}

function failed(message: string): RulesetReading {
  return {
    rules: [],
    problems: [{ severity: 'error', rule: null, message, diagnostic: null }],
    count: 0,
    repeated: 0,
  };
}

function entriesOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'rules')) return null;
  const { rules } = value as { readonly rules: unknown };
  return Array.isArray(rules) ? rules : null;
}

function countDerived(all: readonly RuleFields[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const fields of all) {
    if (fields.id !== '') continue;
    const id = derivedId(fields, false);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/**
 * Exports of rulesets hold the built-in rule too, and the same rule in several rulesets; only another logic under a
 * taken id is an error.
 */
function clashOf(
  id: string,
  logic: string,
  taken: TakenRules,
): Pick<RulesetProblem, 'severity' | 'message'> | null {
  const folded = id.toLowerCase();
  const text = bare(logic);
  const sameLogic = RULES.find((rule) => bare(rule.logic) === text);
  if (sameLogic !== undefined) {
    const message = `this is the built-in rule \`${sameLogic.id}\`, which is always judged: the entry is left out`;
    return { severity: 'warning', message };
  }
  if (RULES.some((rule) => rule.id.toLowerCase() === folded)) {
    const message = 'the built-in rule of this id has another logic: give this one its own id';
    return { severity: 'error', message };
  }
  // SARIF divides the built-in rule by severity, and names the parts so.
  const whole = RULES.find((rule) => folded.startsWith(`${rule.id.toLowerCase()}/`));
  if (whole !== undefined) {
    const message = `the id begins like a part of the built-in rule \`${whole.id}\`: give this one its own`;
    return { severity: 'error', message };
  }
  const before = taken.get(folded);
  if (before === undefined) return null;
  if (before === text) return { severity: 'warning', message: 'the same rule was given before: left out' };
  return { severity: 'error', message: 'another rule has this id already: give each its own' };
}

function bare(logic: string): string {
  return logic.replace(/\s+/g, '');
}

function metadataOf(id: string, fields: RuleFields, kind: string): FurtherRule['metadata'] {
  return {
    id,
    title: fields.title === '' ? id : fields.title,
    riskLevel: fields.riskLevel,
    cloudEntity: kind,
    category: fields.category,
    description: fields.description,
    logic: fields.logic.trim(),
    remediation: { console: fields.remediation, terraform: '', cli: '' },
    references: [],
    complianceFrameworks: fields.frameworks,
    controls: [],
  };
}
