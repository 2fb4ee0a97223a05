import type { RuleMetadata } from '../../model/rule.ts';
import { textHash } from '../digest.ts';

/** What a rule file says of one rule, before its logic is looked at. */
export interface RuleFields {
  /** Empty when the file gives none. */
  readonly id: string;
  readonly title: string;
  readonly riskLevel: RuleMetadata['riskLevel'];
  readonly logic: string;
  readonly description: string;
  readonly remediation: string;
  readonly frameworks: readonly string[];
  readonly category: string;
}

export type FieldsResult =
  | { readonly ok: true; readonly fields: RuleFields }
  | { readonly ok: false; readonly message: string };

const RISK_LEVELS: ReadonlyMap<string, RuleMetadata['riskLevel']> = new Map([
  ['critical', 'Critical'],
  ['high', 'High'],
  ['medium', 'Medium'],
  ['low', 'Low'],
  ['informational', 'Low'],
  ['info', 'Low'],
]);

const MAX_TEXT = 65_536;
const MAX_TITLE = 1000;
/** Visible characters and single blanks between them, so that an id can be typed and stands on one line. */
const ID = /^[^\p{C}\p{Z}]+(?: [^\p{C}\p{Z}]+)*$/u;
const MAX_ID = 200;

/** Reads one entry of a rule file, in our own words or in those of a CloudGuard export. */
export function readFields(entry: unknown): FieldsResult {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return fault('it is not an object');
  const source = entry as Readonly<Record<string, unknown>>;
  const faults: string[] = [];
  const text = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = Object.hasOwn(source, name) ? source[name] : undefined;
      if (value === undefined || value === null || value === '') continue;
      // YAML takes `id: 7` for a number.
      if (typeof value === 'number') return String(value);
      if (typeof value !== 'string') faults.push(`\`${name}\` is not a text`);
      else if (value.length > MAX_TEXT) faults.push(`\`${name}\` is longer than ${MAX_TEXT} characters`);
      else return value;
      return '';
    }
    return '';
  };
  const id = text('id', 'ruleId').trim();
  // `logic: true` is a rule in YAML and JSON alike.
  const logic = typeof source['logic'] === 'boolean' ? String(source['logic']) : text('logic', 'gsl');
  const severity = text('severity').trim();
  const riskLevel = severity === '' ? 'Medium' : RISK_LEVELS.get(severity.toLowerCase());
  const fields = {
    id,
    title: text('title', 'name').trim(),
    logic,
    description: text('description').trim(),
    remediation: text('remediation').trim(),
    category: text('category').trim(),
    frameworks: frameworksOf(source['complianceTag'], faults),
  };
  if (faults[0] !== undefined) return fault(faults[0]);
  if (logic.trim() === '') return fault('it has no `logic`');
  if (id.length > MAX_ID || (id !== '' && !ID.test(id))) {
    return fault(`its id is longer than ${MAX_ID} characters or holds characters that cannot be seen`);
  }
  if (fields.title.length > MAX_TITLE) return fault(`its title is longer than ${MAX_TITLE} characters`);
  if (riskLevel === undefined) {
    return fault(`its severity is not one of critical, high, medium, low and informational`);
  }
  return { ok: true, fields: { ...fields, riskLevel } };
}

function fault(message: string): FieldsResult {
  return { ok: false, message };
}

/** Names divided by `|`, or by commas when there is none; or a list of names. */
function frameworksOf(value: unknown, faults: string[]): readonly string[] {
  if (value === undefined || value === null) return [];
  const names: readonly unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(value.includes('|') ? '|' : ',')
      : [value];
  if (!names.every((name) => typeof name === 'string')) {
    faults.push('`complianceTag` is neither a text nor a list of texts');
    return [];
  }
  return [...new Set((names as readonly string[]).map((name) => name.trim()).filter((name) => name !== ''))];
}

/** An id for a rule without one: its title in small letters and hyphens, or a fingerprint of its logic. */
export function derivedId({ title, logic }: Pick<RuleFields, 'title' | 'logic'>, withHash: boolean): string {
  const words = title
    .toLowerCase()
    .normalize('NFKD')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const slug = words.join('-').slice(0, 80).replace(/-$/, '');
  const hash = textHash(logic.trim()).slice(0, 12);
  if (slug === '') return `rule-${hash}`;
  return withHash ? `${slug}-${hash}` : slug;
}
