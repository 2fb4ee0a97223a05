import { parseAddressRange, parseBoolean, parseDate, parseNumber } from '../values.ts';
import { type ValueType, valuesOf, valuesOfClaim } from './keys.ts';
import { OPERATORS, resembledOperator, splitOperator } from './operators.ts';

/** How the values of a condition key look, as far as that shows several of them written as one text. */
export interface ValueForm {
  /** Is this one value, or a pattern of one? */
  readonly isOne: (text: string) => boolean;
  /** What stands between values, and cannot stand within one. */
  readonly between: RegExp;
}

const BUT_COMMA = /[\s;|]+/;
const BLANK_OR_COMMA = /[\s,;|]+/;

function form(one: RegExp, between: RegExp): ValueForm {
  return { isOne: (text) => one.test(text), between };
}

function parsed(parse: (text: string) => unknown): ValueForm {
  return { isOne: (text) => parse(text) !== null, between: BLANK_OR_COMMA };
}

const FORMS: Readonly<Record<ValueType, ValueForm>> = {
  account: form(/^(?:\d{12}|\d*[*?][\d*?]*)$/, BLANK_OR_COMMA),
  address: parsed(parseAddressRange),
  /** A path may hold commas, so only a comma before another ARN stands between two. */
  arn: form(/^arn:\S+$/, /[\s,;|](?=arn:)/),
  audience: form(/^[^\s,;|]+$/, BLANK_OR_COMMA),
  boolean: parsed(parseBoolean),
  date: parsed(parseDate),
  /** External IDs, session names and user names may hold commas, but no blanks. */
  'external-id': form(/^[\w+=,.@:/*?-]{2,}$/, BUT_COMMA),
  name: form(/^[\w+=,.@*?-]{2,}$/, BUT_COMMA),
  number: parsed(parseNumber),
  organisation: form(/^o-[a-z0-9*?]+$/, BLANK_OR_COMMA),
  'organisation-path': form(/^o-[a-z0-9*?]+\/[\w*?/-]*$/, BLANK_OR_COMMA),
  'principal-type': form(/^(?:Account|User|FederatedUser|AssumedRole|Anonymous)$/, BLANK_OR_COMMA),
  region: form(/^[a-z]{2}(?:-[a-z]+)+-[\d*?]+$/, BLANK_OR_COMMA),
  service: form(/^[\w*-]+(?:\.[\w*-]+)+$/, BLANK_OR_COMMA),
  /** Subjects of one provider all begin alike. */
  subject: form(/^(?:repo|system|organization|project_path):\S+$/, /[\s,;|](?=\w+:)/),
  'user-id': form(/^(?:A[A-Z0-9]{3,}|\d{12}|[*?])\S*$/, /[\s;|]+|,(?=A[A-Z]{3}|\d{12})/),
  vpc: form(/^vpce?-[\w*?]+$/, BLANK_OR_COMMA),
};

/** The form of a lower-case key's values under an operator; null where any text will do. */
export function valueForm(key: string, operator: string): ValueForm | null {
  const type = valuesOf(key) ?? typeOf(operator) ?? valuesOfClaim(key);
  return type === null ? null : FORMS[type];
}

/** What the operator compares, where that is more than text. Values of one that AWS does not know can be damaged, too. */
function typeOf(operator: string): ValueType | null {
  const { name } = splitOperator(operator);
  const meant = OPERATORS.get(name) ?? resembledOperator(name);
  if (meant === null) return null;
  if (meant.comparison === null) return 'boolean';
  const { family } = meant.comparison;
  return family === 'string' || family === 'binary' ? null : family;
}

/** Several values of one form, written as one text. */
export function isJoined(text: string, { isOne, between }: ValueForm): boolean {
  const parts = text.trim().split(between);
  return parts.length > 1 && parts.every((part) => isOne(part.trim()));
}
