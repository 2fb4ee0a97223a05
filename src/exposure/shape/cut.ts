import { EXTERNAL_ID, PRINCIPAL_ARN, SOURCE_ARN } from '../../iam/conditions/keys.ts';
import { damagedPrincipal } from '../../iam/damage/damaged-principal.ts';
import { damagedValue } from '../../iam/damage/find-damage.ts';
import { externalIdWeakness } from '../../iam/external-id-strength.ts';
import { STRANGER_TEXTS } from '../search/domains.ts';
import { STRANGER_ACCOUNTS } from '../strangers.ts';
import { mayStandBeside } from './caller-patterns.ts';
import type { SlotKind } from './placeholders.ts';
import { ranksOf } from './ranks.ts';

/** A policy's text with its account ids and free names taken out. */
export interface Cut {
  /** Equal for texts that differ in nothing but the values of their slots, and these in no way that counts. */
  readonly key: string;
  /** The text in pieces, between which the values of `order` stand. */
  readonly pieces: readonly string[];
  /** Which slot stands after each piece but the last: an index into `slots`. */
  readonly order: readonly number[];
  /** Each value once, in the order of the text. */
  readonly values: readonly string[];
  /** What each value is. */
  readonly slots: readonly SlotKind[];
}

/** Stands for a slot in a key; no JSON text holds it. */
const MARK = '\u0000';
/** Policies with more are judged as they stand: looking values up would cost more than it saves. */
const MOST_SLOTS = 24;
const ACCOUNT_LENGTH = 12;

/**
 * Words that the judge looks for anywhere in a text, and what could be taken for an account id. A value that has one goes
 * the long way.
 */
const SOUGHT = /\d{12}|arn:|principala|resourcea|userid/i;
const EXTERNAL_ID_VALUE = /^[\w+=,.@:/-]{2,200}$/;
const SUBJECT = /^[\w+=,.@:/*-]{1,300}$/;
const NAMED = /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/([\w+=,.@-]{1,64})$/;
/** The names of callers that the judge makes up begin so. */
const MADE_UP = /^some(?:user|role)/i;
const SAML_PROVIDER = /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/([\w+=,.@-]{1,128})$/;
/** The resource that a service acts for; some have no account in their ARNs. */
const SOURCE = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:([\w+=,.@:/-]{1,200})$/;
/** The cluster in the name of its identity provider, and in the condition keys that begin with that. */
const CLUSTER = /\/id\/([0-9A-F]{32})(?=:|$)/;
const NO_ACCOUNTS: ReadonlySet<string> = new Set();

/** Null for a text that is to be judged as it stands. */
export function cutPolicy(text: string): Cut | null {
  if (text.includes('\\') || text.includes(MARK)) return null;
  return new Cutter(text).cut();
}

/** Takes one text apart, from quotation mark to quotation mark: without escapes, these are the ends of its strings. */
class Cutter {
  private readonly text: string;
  private readonly values: string[] = [];
  private readonly slots: SlotKind[] = [];
  private readonly pieces: string[] = [];
  private readonly order: number[] = [];
  /** What callers' ARNs are compared with. */
  private readonly callerPatterns: string[] = [];
  private key = '';
  /** Where the last slot ends. */
  private from = 0;
  private refused = false;

  constructor(text: string) {
    this.text = text;
  }

  cut(): Cut | null {
    const { text } = this;
    // The member that a string is the value of, itself or in a list.
    let member = '';
    let before = 0;
    for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', before)) {
      const start = open + 1;
      const end = text.indexOf('"', start);
      if (end < 0) return null;
      if (isMember(text, end + 1)) {
        member = text.slice(start, end);
        this.member(member, start);
      } else {
        if (leavesObject(text, before, open)) member = '';
        this.value(member, start, end);
      }
      if (this.refused) return null;
      before = end + 1;
    }
    return this.finished();
  }

  private member(name: string, start: number): void {
    if (name.includes('/id/')) this.cluster(name, start);
    else this.accounts(start, start + name.length);
  }

  private value(member: string, start: number, end: number): void {
    const { text } = this;
    switch (member) {
      case 'sts:ExternalId':
        this.externalId(text.slice(start, end), start);
        return;
      case 'AWS':
        this.named(text.slice(start, end), start, NAMED, 'AWS', 'name');
        return;
      case 'Federated': {
        const provider = text.slice(start, end);
        if (provider.includes('/id/')) this.cluster(provider, start);
        else this.named(provider, start, SAML_PROVIDER, 'Federated', 'provider');
        return;
      }
      default:
        if (isKey(member, PRINCIPAL_ARN)) this.callerPattern(text.slice(start, end));
        if (member.endsWith(':sub')) this.subject(text.slice(start, end), start, member);
        else if (isKey(member, SOURCE_ARN)) this.source(text.slice(start, end), start);
        else this.accounts(start, end);
    }
  }

  private externalId(value: string, start: number): void {
    // Of a condition that asks whether there is one.
    if (value === 'true' || value === 'false') return;
    const fits =
      EXTERNAL_ID_VALUE.test(value) &&
      !SOUGHT.test(value) &&
      !STRANGER_TEXTS.includes(value.toLowerCase()) &&
      damagedValue('StringEquals', EXTERNAL_ID, value) === null;
    if (fits) this.slot(`${externalIdWeakness(value, NO_ACCOUNTS) ?? 'strong'}-id`, value, start);
    else this.refused = true;
  }

  private callerPattern(value: string): void {
    // Of a condition that asks whether there is one.
    if (value !== 'true' && value !== 'false') this.callerPatterns.push(value);
  }

  private subject(value: string, start: number, member: string): void {
    const fits =
      SUBJECT.test(value) &&
      !SOUGHT.test(value) &&
      damagedValue('StringEquals', member.toLowerCase(), value) === null;
    if (fits) this.slot('subject', value, start);
    else this.accounts(start, start + value.length);
  }

  private source(arn: string, start: number): void {
    const end = start + arn.length;
    const resource = SOURCE.exec(arn)?.[1];
    const fits =
      resource !== undefined && !SOUGHT.test(resource) && damagedValue('ArnEquals', SOURCE_ARN, arn) === null;
    this.accounts(start, fits ? end - resource.length : end);
    if (fits) this.slot('source', resource, end - resource.length);
  }

  /** The name at the end of a principal's ARN. */
  private named(arn: string, start: number, form: RegExp, type: string, kind: SlotKind): void {
    const end = start + arn.length;
    const name = form.exec(arn)?.[1];
    if (name === undefined) {
      this.accounts(start, end);
    } else if (SOUGHT.test(name) || MADE_UP.test(name) || damagedPrincipal(type, arn) !== null) {
      this.refused = true;
    } else {
      this.accounts(start, end - name.length);
      this.slot(kind, name, end - name.length);
    }
  }

  private cluster(name: string, start: number): void {
    const found = CLUSTER.exec(name);
    const id = found?.[1];
    if (found === null || id === undefined || SOUGHT.test(id)) {
      this.refused = true;
      return;
    }
    const at = start + found.index + '/id/'.length;
    this.accounts(start, at);
    this.slot('cluster', id, at);
    this.accounts(at + id.length, start + name.length);
  }

  /**
   * The account ids in a part of the text. What has more digits stays, and makes the policy one that is judged as it
   * stands.
   */
  private accounts(start: number, end: number): void {
    const { text } = this;
    // Every run of so many digits covers one of these places.
    for (let at = start + ACCOUNT_LENGTH - 1; at < end; at += ACCOUNT_LENGTH) {
      if (!isDigit(text, at)) continue;
      let first = at;
      while (first > start && isDigit(text, first - 1)) first--;
      let last = at;
      while (last + 1 < end && isDigit(text, last + 1)) last++;
      if (last + 1 - first === ACCOUNT_LENGTH) {
        const account = text.slice(first, last + 1);
        if (STRANGER_ACCOUNTS.includes(account)) this.refused = true;
        this.slot('account', account, first);
      }
      at = last;
    }
  }

  private slot(kind: SlotKind, value: string, start: number): void {
    let slot = this.values.indexOf(value);
    if (slot < 0) {
      slot = this.values.length;
      if (slot === MOST_SLOTS) this.refused = true;
      this.values.push(value);
      this.slots.push(kind);
    } else if (this.slots[slot] !== kind) this.refused = true;
    const piece = this.text.slice(this.from, start);
    this.pieces.push(piece);
    this.order.push(slot);
    this.key += `${piece}${MARK}${slot} ${kind}${MARK}`;
    this.from = start + value.length;
  }

  private comparesNames(): boolean {
    const { callerPatterns, slots, values } = this;
    return (
      callerPatterns.length > 0 &&
      values.some((value, slot) => slots[slot] === 'name' && !mayStandBeside(value, callerPatterns))
    );
  }

  private finished(): Cut | null {
    const { pieces, order, slots, values } = this;
    if (equalButForCase(slots, values) || this.comparesNames()) return null;
    const rest = this.text.slice(this.from);
    pieces.push(rest);
    return {
      key: `${this.key}${rest}${MARK}${orderOfAccounts(slots, values)}`,
      pieces,
      order,
      slots,
      values,
    };
  }
}

/** Is the string before this place the name of a member? */
function isMember(text: string, after: number): boolean {
  let at = after;
  while (text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at) === 58;
}

/** Keys of conditions are the same in any case. */
function isKey(member: string, key: string): boolean {
  return member.length === key.length && member.toLowerCase() === key;
}

function leavesObject(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === 125) return true;
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** The judge ignores case in places, so such values are not as different as they look. */
function equalButForCase(slots: readonly SlotKind[], values: readonly string[]): boolean {
  const texts = values.filter((_, slot) => slots[slot] !== 'account');
  return texts.length > 1 && new Set(texts.map((text) => text.toLowerCase())).size < texts.length;
}

/** What is told of several accounts is told in the order of their numbers. */
function orderOfAccounts(slots: readonly SlotKind[], values: readonly string[]): string {
  const accounts = values.filter((_, slot) => slots[slot] === 'account');
  return accounts.length < 2 ? '' : ranksOf(accounts).join(' ');
}
