import { MFA_AGE, MFA_PRESENT } from './condition-keys.ts';
import { parseAddressRange, parseBoolean, parseDate, parseNumber } from './values.ts';

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

const ACCOUNT = form(/^(?:\d{12}|\d*[*?][\d*?]*)$/, BLANK_OR_COMMA);
/** A path may hold commas, so only a comma before another ARN stands between two. */
const ARN = form(/^arn:\S+$/, /[\s,;|](?=arn:)/);
const ORGANISATION = form(/^o-[a-z0-9*?]+$/, BLANK_OR_COMMA);
const ORGANISATION_PATH = form(/^o-[a-z0-9*?]+\/[\w*?/-]*$/, BLANK_OR_COMMA);
const BOOLEAN = parsed(parseBoolean);
const NUMBER = parsed(parseNumber);
const DATE = parsed(parseDate);
const ADDRESS = parsed(parseAddressRange);
/** External IDs, session names and user names may hold commas, but no blanks. */
const EXTERNAL_ID = form(/^[\w+=,.@:/*?-]{2,}$/, BUT_COMMA);
const NAME = form(/^[\w+=,.@*?-]{2,}$/, BUT_COMMA);
const USER_ID = form(/^(?:A[A-Z0-9]{3,}|\d{12}|[*?])\S*$/, /[\s;|]+|,(?=A[A-Z]{3}|\d{12})/);
const PRINCIPAL_TYPE = form(/^(?:Account|User|FederatedUser|AssumedRole|Anonymous)$/, BLANK_OR_COMMA);
const REGION = form(/^[a-z]{2}(?:-[a-z]+)+-[\d*?]+$/, BLANK_OR_COMMA);
const VPC = form(/^vpce?-[\w*?]+$/, BLANK_OR_COMMA);
const SERVICE = form(/^[\w*-]+(?:\.[\w*-]+)+$/, BLANK_OR_COMMA);
const AUDIENCE = form(/^[^\s,;|]+$/, BLANK_OR_COMMA);
/** Subjects of one provider all begin alike. */
const SUBJECT = form(/^(?:repo|system|organization|project_path):\S+$/, /[\s,;|](?=\w+:)/);

const BY_KEY: ReadonlyMap<string, ValueForm> = new Map([
  ['sts:externalid', EXTERNAL_ID],
  [MFA_PRESENT, BOOLEAN],
  [MFA_AGE, NUMBER],
  ['aws:principalaccount', ACCOUNT],
  ['aws:resourceaccount', ACCOUNT],
  ['aws:sourceaccount', ACCOUNT],
  ['aws:sourceowner', ACCOUNT],
  ['aws:vpceaccount', ACCOUNT],
  ['aws:principalarn', ARN],
  ['aws:sourcearn', ARN],
  ['aws:sourcevpcarn', ARN],
  ['aws:principalorgid', ORGANISATION],
  ['aws:resourceorgid', ORGANISATION],
  ['aws:sourceorgid', ORGANISATION],
  ['aws:vpceorgid', ORGANISATION],
  ['aws:principalorgpaths', ORGANISATION_PATH],
  ['aws:resourceorgpaths', ORGANISATION_PATH],
  ['aws:sourceorgpaths', ORGANISATION_PATH],
  ['aws:vpceorgpaths', ORGANISATION_PATH],
  ['aws:principaltype', PRINCIPAL_TYPE],
  ['aws:calledvia', SERVICE],
  ['aws:calledviafirst', SERVICE],
  ['aws:calledvialast', SERVICE],
  ['aws:principalservicename', SERVICE],
  ['aws:principalservicenameslist', SERVICE],
  ['sts:awsservicename', SERVICE],
  ['ec2:sourceinstancearn', ARN],
  ['aws:userid', USER_ID],
  ['aws:username', NAME],
  ['sts:rolesessionname', NAME],
  ['sts:sourceidentity', NAME],
  ['aws:sourceidentity', NAME],
  ['aws:sourceip', ADDRESS],
  ['aws:vpcsourceip', ADDRESS],
  ['aws:sourcevpc', VPC],
  ['aws:sourcevpce', VPC],
  ['aws:requestedregion', REGION],
  ['aws:securetransport', BOOLEAN],
  ['aws:viaawsservice', BOOLEAN],
  ['aws:viaawsmcpservice', BOOLEAN],
  ['aws:principalisawsservice', BOOLEAN],
]);
const BY_OPERATOR: readonly (readonly [RegExp, ValueForm])[] = [
  [/^(?:Bool|Null)/, BOOLEAN],
  [/^Numeric/, NUMBER],
  [/^Date/, DATE],
  [/^(?:Not)?IpAddress/, ADDRESS],
  [/^Arn/, ARN],
];

/** The form of a lower-case key's values under an operator; null where any text will do. */
export function valueForm(key: string, operator: string): ValueForm | null {
  const known = BY_KEY.get(key);
  if (known !== undefined) return known;
  const name = operator.replace(/^For(?:AllValues|AnyValue):/, '');
  const typed = BY_OPERATOR.find(([operators]) => operators.test(name));
  if (typed !== undefined) return typed[1];
  if (/:(?:aud|amr)$/.test(key)) return AUDIENCE;
  return /^[^:]*\.[^:]*:sub$/.test(key) ? SUBJECT : null;
}

/** Several values of one form, written as one text. */
export function isJoined(text: string, { isOne, between }: ValueForm): boolean {
  const parts = text.trim().split(between);
  return parts.length > 1 && parts.every((part) => isOne(part.trim()));
}
