import { isJoined, valueForm } from '../conditions/forms.ts';
import { EXTERNAL_ID } from '../conditions/keys.ts';
import { type Json, JsonNumber, JsonObject } from '../json.ts';
import { STATEMENT_ELEMENTS } from '../trust-policy.ts';
import { damagedPrincipal } from './damaged-principal.ts';
import {
  damageIn,
  damageInExternalId,
  damageInName,
  exportFormIn,
  placeholderIn,
  severalIn,
  shortened,
  unfilled,
} from './damaged-text.ts';

/** Where a trust policy holds what IAM could not hold. */
export interface Damage {
  /** JSON pointer of the element in the policy (RFC 6901); empty: the policy as a whole. */
  readonly pointer: string;
  /** What is there, as a sentence goes on after "The trust policy is damaged at ...: ". */
  readonly what: string;
}

/**
 * The first element that no trust policy in IAM can hold: what an exporter, a template or a redaction left in its place.
 * What says nothing of who gets in (Sid, Id, Resource) is not looked at, and what IAM refuses but people write (a
 * wildcard in a principal's ARN, a repeated key, an operator nobody knows) is no damage; the analysis judges it.
 * Null when there is none.
 */
export function findDamage(document: Json): Damage | null {
  return first(damages(document));
}

type Damages = Generator<Damage, void, undefined>;

function first(found: Damages): Damage | null {
  for (const damage of found) return damage;
  return null;
}

const WITHOUT_MEANING: ReadonlySet<string> = new Set(['id', 'resource', 'notresource']);

function* damages(document: Json): Damages {
  if (!(document instanceof JsonObject)) {
    yield { pointer: '', what: mistyped(document, 'a trust policy') };
    return;
  }
  for (const [key, value] of document.members) {
    const at = `/${escaped(key)}`;
    if (key === 'Statement') yield* damagedStatements(at, value);
    else if (key === 'Version') yield* damagedVersion(at, value);
    else if (key !== 'Id') yield unknownElement(at, key, 'a policy');
  }
  if (document.all('Statement').length === 0) yield { pointer: '/Statement', what: 'it is missing' };
}

function* damagedVersion(at: string, version: Json): Damages {
  // Parsers of YAML take the version for a date and write it with a time; that changes nothing but variables.
  if (typeof version === 'string' && /^\d{4}-\d\d-\d\d/.test(version)) return;
  yield { pointer: at, what: mistyped(version, 'a version of the policy language') };
}

function* damagedStatements(at: string, value: Json): Damages {
  if (!isList(value)) {
    yield* damagedStatement(at, value);
    return;
  }
  for (const [index, item] of value.entries()) yield* damagedStatement(`${at}/${index}`, item);
}

function* damagedStatement(at: string, statement: Json): Damages {
  if (!(statement instanceof JsonObject)) {
    yield { pointer: at, what: mistyped(statement, 'a statement') };
    return;
  }
  for (const [key, value] of statement.members) {
    const pointer = `${at}/${escaped(key)}`;
    if (!STATEMENT_ELEMENTS.includes(key)) {
      if (!WITHOUT_MEANING.has(key.toLowerCase())) yield unknownElement(pointer, key, 'a statement');
    } else if (key === 'Effect') {
      if (value !== 'Allow' && value !== 'Deny') {
        yield { pointer, what: `${shown(value)} is neither \`Allow\` nor \`Deny\`` };
      }
    } else if (key === 'Principal' || key === 'NotPrincipal') yield* damagedPrincipals(pointer, value);
    else if (key === 'Action' || key === 'NotAction') yield* damagedActions(pointer, value);
    else if (key === 'Condition') yield* damagedConditions(pointer, value);
  }
  for (const names of [['Effect'], ['Principal', 'NotPrincipal'], ['Action', 'NotAction']]) {
    if (names.every((name) => statement.all(name).length === 0)) {
      yield { pointer: `${at}/${names[0]}`, what: 'it is missing' };
    }
  }
}

function* damagedPrincipals(at: string, element: Json): Damages {
  if (element === '*') return;
  if (!(element instanceof JsonObject)) {
    yield { pointer: at, what: mistyped(element, 'a Principal, which is an object or `*`') };
    return;
  }
  for (const [type, value] of element.members) {
    const pointer = `${at}/${escaped(type)}`;
    if (!PRINCIPAL_TYPES.has(type)) {
      yield { pointer, what: rendered(element) ?? `\`${shortened(type)}\` is no type of principal` };
      continue;
    }
    for (const [place, item] of itemsOf(pointer, value)) {
      const text = type === 'AWS' && item instanceof JsonNumber ? item.text : item;
      if (typeof text !== 'string') yield { pointer: place, what: mistyped(item, 'a principal') };
      else {
        const fault = damagedPrincipal(type, text);
        if (fault !== null) yield { pointer: place, what: `\`${shortened(text)}\` ${fault}` };
      }
    }
  }
}

/** CanonicalUser belongs to S3, but the grammar knows it. */
const PRINCIPAL_TYPES: ReadonlySet<string> = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
const ACTION = /^(?:\*+|[A-Za-z\d*?-]+:[\w*?-]+)$/;

function* damagedActions(at: string, element: Json): Damages {
  for (const [pointer, item] of itemsOf(at, element)) {
    if (typeof item !== 'string') yield { pointer, what: mistyped(item, 'an action') };
    else {
      const fault = damagedAction(item);
      if (fault !== null) yield { pointer, what: `\`${shortened(item)}\` ${fault}` };
    }
  }
}

function damagedAction(text: string): string | null {
  const damage = damageInName(text);
  if (damage !== null || ACTION.test(text)) return damage;
  const parts = text.trim().split(/[\s,;|]+/);
  return parts.length > 1 && parts.every((part) => ACTION.test(part))
    ? severalIn(text, 'actions')
    : 'is no action';
}

/** How operators are written, those that nobody knows too. */
const OPERATOR = /^(?:\w+:)?\w+$/;

function* damagedConditions(at: string, element: Json): Damages {
  if (!(element instanceof JsonObject)) {
    yield { pointer: at, what: mistyped(element, 'a Condition') };
    return;
  }
  for (const [operator, block] of element.members) {
    const pointer = `${at}/${escaped(operator)}`;
    const damage = damageInName(operator) ?? (OPERATOR.test(operator) ? null : 'is no condition operator');
    if (damage !== null) yield { pointer, what: `\`${shortened(operator)}\` ${damage}` };
    else if (!(block instanceof JsonObject)) {
      yield { pointer, what: mistyped(block, 'a list of condition keys with their values') };
    } else {
      for (const [key, value] of block.members)
        yield* damagedValues(`${pointer}/${escaped(key)}`, operator, key, value);
    }
  }
}

function* damagedValues(at: string, operator: string, key: string, value: Json): Damages {
  const damage = damageInKey(key);
  if (damage !== null) yield { pointer: at, what: `\`${shortened(key)}\` ${damage}` };
  for (const [pointer, item] of itemsOf(at, value)) {
    if (item === null || item instanceof JsonObject || isList(item))
      yield { pointer, what: mistyped(item, 'a value of a condition') };
    else {
      const text = item instanceof JsonNumber ? item.text : item;
      const fault = typeof text === 'string' ? damagedValue(operator, key.toLowerCase(), text) : null;
      if (fault !== null) yield { pointer, what: `\`${shortened(String(text))}\` ${fault}` };
    }
  }
}

function damageInKey(key: string): string | null {
  const placeholder = placeholderIn(key);
  const damage = damageIn(key) ?? exportFormIn(key);
  if (damage !== null || placeholder !== null) return damage ?? unfilled(placeholder as string, key);
  if (key.trim() === key && key !== '') return null;
  return key.trim() === '' ? 'is no condition key' : 'has blanks around it, which no condition key has';
}

export function damagedValue(operator: string, key: string, text: string): string | null {
  const form = valueForm(key, operator);
  if (form === null) {
    const placeholder = placeholderIn(text);
    return damageIn(text) ?? (placeholder === text ? unfilled(placeholder, text) : null);
  }
  const isExternalId = key === EXTERNAL_ID;
  const damage = isExternalId ? damageInExternalId(text) : damageInName(text);
  if (damage !== null) return damage;
  if (isJoined(text, form)) return severalIn(text, 'values');
  if (ACCOUNT_KEYS.test(key) && CUT_NUMBER.test(text))
    return 'is what a spreadsheet makes of an account id of 12 digits';
  if (!isExternalId) return redactedPart(text);
  return /%[0-9a-f]{2}/i.test(text) ? 'is still URL-encoded' : null;
}

const ACCOUNT_KEYS = /^aws:(?:principal|resource|source|vpce)account$|^aws:sourceowner$/;
/** An account id that was taken for a number: its zeros in front are gone, or most of its digits. */
const CUT_NUMBER = /^(?:\d{9,11}|\d(?:\.\d+)?[eE]\+?\d+|\d+\.0+)$/;

/** Account ids, addresses and the like with some characters blotted out. */
function redactedPart(text: string): string | null {
  return /[xX]{6,}|\d\*{2,}|\*{2,}\d|^(?=.*[xX])(?:[\dxX]{1,3}\.){3}[\dxX]{1,3}(?:\/|$)/.test(text)
    ? 'has been redacted'
    : null;
}

function unknownElement(pointer: string, key: string, of: string): Damage {
  return { pointer, what: `\`${shortened(key)}\` is no element of ${of}` };
}

function* itemsOf(at: string, value: Json): Generator<readonly [pointer: string, item: Json]> {
  if (!isList(value)) yield [at, value];
  else for (const [index, item] of value.entries()) yield [`${at}/${index}`, item];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Why a value of whatever type is not what it should be. */
function mistyped(value: Json, wanted: string): string {
  const fault = rendered(value) ?? (typeof value === 'string' ? damageInName(value) : null);
  if (fault === null) return `${shown(value)} is not ${wanted}`;
  return typeof value === 'string' ? `${shown(value)} ${fault}` : fault;
}

/** A function of a CloudFormation template in place of its value. */
function rendered(value: Json): string | null {
  if (!(value instanceof JsonObject) || value.members.length !== 1) return null;
  const name = value.members[0]?.[0] ?? '';
  return /^(?:Ref|Fn::\w+|!\w+)$/.test(name)
    ? `an object with \`${name}\` is a template variable that was never filled in`
    : null;
}

function shown(value: Json): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : `\`${shortened(value)}\``;
  if (value instanceof JsonNumber) return `the number ${shortened(value.text)}`;
  if (value instanceof JsonObject) return 'an object';
  return isList(value) ? 'a list' : `\`${value}\``;
}

/** A name as part of a JSON pointer. */
function escaped(name: string): string {
  return shortened(name).replaceAll('~', '~0').replaceAll('/', '~1');
}
