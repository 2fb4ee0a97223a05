import { STRANGER_TEXTS } from '../../exposure/search/domains.ts';
import { STRANGER_ACCOUNTS } from '../../exposure/strangers.ts';
import { EXTERNAL_ID } from '../../iam/conditions/keys.ts';
import { damagedPrincipal } from '../../iam/damage/damaged-principal.ts';
import { damagedValue } from '../../iam/damage/find-damage.ts';
import { externalIdWeakness } from '../../iam/external-id-strength.ts';
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
const ACCOUNTS = /\d{12,}/g;

/**
 * Words that the judge looks for anywhere in a text, and what could be taken for an account id. A value that has one goes
 * the long way.
 */
const SOUGHT = /\d{12}|arn:|principala|resourcea|userid/i;
const EXTERNAL_ID_VALUE = /^[\w+=,.@:/-]{2,200}$/;
const SUBJECT = /^[\w+=,.@:/*-]{1,300}$/;
const NAMED = /^(arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/)([\w+=,.@-]{1,64})$/;
/** The names of callers that the judge makes up begin so. */
const MADE_UP = /^some(?:user|role)/i;
const SAML_PROVIDER = /^(arn:aws[a-z-]*:iam::\d{12}:saml-provider\/)([\w+=,.@-]{1,128})$/;
/** The cluster in the name of its identity provider, and in the condition keys that begin with that. */
const CLUSTER = /\/id\/([0-9A-F]{32})(?=:|$)/;
const NO_ACCOUNTS: ReadonlySet<string> = new Set();

/** Null for a text that is to be judged as it stands. */
export function cutPolicy(text: string): Cut | null {
  if (text.includes('\\') || text.includes(MARK)) return null;
  return new Cutter().cut(text.split('"'));
}

/** Takes one text apart. Without escapes, every second part between quotation marks is a string of the document. */
class Cutter {
  private readonly values: string[] = [];
  private readonly slots: SlotKind[] = [];
  private readonly pieces: string[] = [];
  private readonly order: number[] = [];
  /** What stands since the last slot. */
  private piece = '';
  private refused = false;

  cut(parts: readonly string[]): Cut | null {
    let key = '';
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const between = parts[at] as string;
      const string = parts[at + 1] as string;
      this.piece += `${between}"`;
      const isKey = startsWithColon(parts[at + 2] ?? '');
      if (isKey) key = string;
      else if (between.includes('}')) key = '';
      this.string(string, isKey, key);
      if (this.refused) return null;
      this.piece += '"';
    }
    if (parts.length % 2 === 0) return null;
    this.pieces.push(this.piece + (parts.at(-1) as string));
    return this.finished();
  }

  private string(string: string, isKey: boolean, key: string): void {
    if (isKey) {
      if (string.includes('/id/')) this.cluster(string);
      else this.withAccounts(string);
    } else if (key === 'sts:ExternalId' && string !== 'true' && string !== 'false') this.externalId(string);
    else if (key === 'AWS') this.named(string, NAMED, 'AWS', 'name');
    else if (key === 'Federated') {
      if (string.includes('/id/')) this.cluster(string);
      else this.named(string, SAML_PROVIDER, 'Federated', 'provider');
    } else if (key.endsWith(':sub')) this.subject(string, key);
    else this.withAccounts(string);
  }

  private externalId(string: string): void {
    const fits =
      EXTERNAL_ID_VALUE.test(string) &&
      !SOUGHT.test(string) &&
      !STRANGER_TEXTS.includes(string.toLowerCase()) &&
      damagedValue('StringEquals', EXTERNAL_ID, string) === null;
    if (fits) this.slot(`${externalIdWeakness(string, NO_ACCOUNTS) ?? 'strong'}-id`, string);
    else this.refused = true;
  }

  private subject(string: string, key: string): void {
    const fits =
      SUBJECT.test(string) &&
      !SOUGHT.test(string) &&
      damagedValue('StringEquals', key.toLowerCase(), string) === null;
    if (fits) this.slot('subject', string);
    else this.withAccounts(string);
  }

  /** The name at the end of a principal's ARN. */
  private named(string: string, form: RegExp, type: string, kind: SlotKind): void {
    const found = form.exec(string);
    const name = found?.[2];
    if (found === null || name === undefined) {
      this.withAccounts(string);
      return;
    }
    const fits = !SOUGHT.test(name) && !MADE_UP.test(name) && damagedPrincipal(type, string) === null;
    if (!fits) {
      this.refused = true;
      return;
    }
    this.withAccounts(found[1] as string);
    this.slot(kind, name);
  }

  private cluster(string: string): void {
    const found = CLUSTER.exec(string);
    const id = found?.[1];
    if (found === null || id === undefined || SOUGHT.test(id)) {
      this.refused = true;
      return;
    }
    const at = found.index + '/id/'.length;
    this.withAccounts(string.slice(0, at));
    this.slot('cluster', id);
    this.withAccounts(string.slice(at + id.length));
  }

  /** What is longer than an account id stays, and makes the policy one that is judged as it stands. */
  private withAccounts(string: string): void {
    if (string.length < 12) {
      this.piece += string;
      return;
    }
    let from = 0;
    for (const found of string.matchAll(ACCOUNTS)) {
      if (found[0].length !== 12) continue;
      if (STRANGER_ACCOUNTS.includes(found[0])) this.refused = true;
      this.piece += string.slice(from, found.index);
      this.slot('account', found[0]);
      from = found.index + 12;
    }
    this.piece += from === 0 ? string : string.slice(from);
  }

  private slot(kind: SlotKind, value: string): void {
    let slot = this.values.indexOf(value);
    if (slot < 0) {
      slot = this.values.length;
      if (slot === MOST_SLOTS) this.refused = true;
      this.values.push(value);
      this.slots.push(kind);
    } else if (this.slots[slot] !== kind) this.refused = true;
    this.pieces.push(this.piece);
    this.order.push(slot);
    this.piece = '';
  }

  private finished(): Cut | null {
    const { pieces, order, slots, values } = this;
    if (this.refused || equalButForCase(values)) return null;
    let key = pieces[0] as string;
    for (let at = 0; at < order.length; at++) {
      const slot = order[at] as number;
      key += `${MARK}${slot} ${slots[slot]}${MARK}${pieces[at + 1]}`;
    }
    return { key: key + orderOfAccounts(slots, values), pieces, order, slots, values };
  }
}

function startsWithColon(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 58 || (first <= 32 && text.trimStart().startsWith(':'));
}

/** The judge ignores case in places, so such values are not as different as they look. */
function equalButForCase(values: readonly string[]): boolean {
  return values.length > 1 && new Set(values.map((value) => value.toLowerCase())).size < values.length;
}

/** What is told of several accounts is told in the order of their numbers. */
function orderOfAccounts(slots: readonly SlotKind[], values: readonly string[]): string {
  const accounts = values.filter((_, slot) => slots[slot] === 'account');
  return accounts.length < 2 ? '' : ranksOf(accounts).join(' ');
}
