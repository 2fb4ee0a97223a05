import { valuesOf } from '../conditions/keys.ts';
import { OPERATORS, splitOperator } from '../conditions/operators.ts';
import { type Json, JsonNumber, JsonObject, repeatedKeys } from '../json.ts';
import { damageInName, placeholderIn, shortened, unfilled } from './damaged-text.ts';
import { type Damage, findDamage } from './find-damage.ts';

/**
 * The first element that no resource control policy in AWS Organizations can hold
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html), nor any policy of
 * IAM. It is stricter than `findDamage`: there people's own mistakes are judged in the caller's favour, while here
 * nothing is lost by leaving a text alone that nobody can have attached. Null when there is none.
 *
 * @param effect the one that its statements can have
 */
export function findGuardrailDamage(document: Json, effect: 'Allow' | 'Deny'): Damage | null {
  if (!(document instanceof JsonObject)) return { pointer: '', what: 'it is no policy' };
  const [repeated] = document.repeated;
  if (repeated !== undefined) return isRepeated('', repeated);
  if (document.all('Version')[0] !== '2012-10-17')
    return { pointer: '/Version', what: 'it is not `2012-10-17`, which every resource control policy has' };
  const damage = findDamage(document);
  if (damage !== null) return damage;
  const [element] = document.all('Statement');
  const statements = Array.isArray(element) ? (element as readonly Json[]) : [element as Json];
  if (statements.length === 0) return { pointer: '/Statement', what: 'it is empty' };
  for (const [index, statement] of statements.entries()) {
    const at = Array.isArray(element) ? `/Statement/${index}` : '/Statement';
    const found = damageInStatement(at, statement as JsonObject, effect);
    if (found !== null) return found;
  }
  return null;
}

function isRepeated(at: string, name: string): Damage {
  return { pointer: at, what: `\`${shortened(name)}\` stands there twice` };
}

/** Neither `NotPrincipal` nor `NotAction` is among them. */
const ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'NotResource', 'Condition'];

function damageInStatement(at: string, statement: JsonObject, effect: string): Damage | null {
  const [repeated] = statement.repeated;
  if (repeated !== undefined) return isRepeated(at, repeated);
  for (const [key] of statement.members) {
    if (!ELEMENTS.includes(key))
      return { pointer: at, what: `\`${shortened(key)}\` is no element of a resource control policy` };
  }
  if (statement.all('Effect')[0] !== effect)
    return {
      pointer: `${at}/Effect`,
      what: `it is not \`${effect}\`, the only one that this policy can have`,
    };
  if (statement.all('Principal')[0] !== '*')
    return { pointer: `${at}/Principal`, what: 'it is not `*`, the only one of a resource control policy' };
  return (
    damageInActions(`${at}/Action`, statement.all('Action')[0] as Json) ??
    damageInResources(at, statement) ??
    damageInConditions(`${at}/Condition`, statement.all('Condition')[0])
  );
}

function damageInActions(at: string, element: Json): Damage | null {
  return listOf(element).length === 0 ? { pointer: at, what: 'it is empty' } : null;
}

function damageInResources(at: string, statement: JsonObject): Damage | null {
  const both = [...statement.all('Resource'), ...statement.all('NotResource')];
  const [element] = both;
  if (element === undefined) return { pointer: `${at}/Resource`, what: 'it is missing' };
  if (both.length > 1) return { pointer: `${at}/NotResource`, what: 'it stands beside a Resource' };
  const pointer = `${at}/${statement.all('Resource').length > 0 ? 'Resource' : 'NotResource'}`;
  const entries = listOf(element);
  if (entries.length === 0) return { pointer, what: 'it is empty' };
  for (const entry of entries) {
    if (typeof entry !== 'string') return { pointer, what: 'an entry is no text' };
    const fault = damageInName(entry) ?? (isResource(entry) ? null : 'is neither `*` nor an ARN');
    if (fault !== null) return { pointer, what: `\`${shortened(entry)}\` ${fault}` };
  }
  return null;
}

function isResource(text: string): boolean {
  return /^(?:\*+|arn:\S+)$/.test(text);
}

function damageInConditions(at: string, element: Json | undefined): Damage | null {
  if (!(element instanceof JsonObject)) return null;
  const [repeated] = element.repeated;
  if (repeated !== undefined) return isRepeated(at, repeated);
  for (const [operator, block] of element.members) {
    const pointer = `${at}/${operator}`;
    const { name, ifExists } = splitOperator(operator);
    const known = OPERATORS.get(name);
    if (known === undefined || (ifExists && !known.takesIfExists))
      return { pointer: at, what: `\`${shortened(operator)}\` is no condition operator` };
    const { members } = block as JsonObject;
    const twice = repeatedKeys(members, (key) => key.toLowerCase());
    for (const [key, value] of members) {
      if (twice.has(key.toLowerCase())) return isRepeated(pointer, key);
      if (known.comparison === null) continue;
      for (const item of listOf(value)) {
        const text = item instanceof JsonNumber ? item.text : item;
        const fault = typeof text === 'string' ? damageInValue(key.toLowerCase(), text) : null;
        if (fault !== null)
          return { pointer: `${pointer}/${shortened(key)}`, what: `\`${shortened(String(text))}\` ${fault}` };
      }
    }
  }
  return null;
}

/** A placeholder is damage in free text, too, and ids are looked at closely: they are what samples leave open. */
function damageInValue(key: string, text: string): string | null {
  const placeholder = placeholderIn(text);
  if (placeholder !== null) return unfilled(placeholder, text);
  if (/[*?]|\$\{/.test(text)) return null;
  switch (valuesOf(key)) {
    case 'organisation':
      return /^o-[a-z0-9]+$/i.test(text) ? null : 'is no id of an organisation';
    case 'organisation-path':
      return /^o-[a-z0-9]+\//i.test(text) ? null : 'is no path of an organisation';
    case 'account':
      return /^\d{12}$/.test(text) ? null : 'is no account id of 12 digits';
    default:
      return null;
  }
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
