import { PRIVILEGES } from '../../../../model/role-detail.ts';
import { outsiderOf } from '../../../../model/third-party.ts';
import { type GradedPath, OUTCOMES } from '../../../../model/verdict.ts';
import { SEVERITIES, STATES } from '../../../shared/labels.ts';
import { RELATIONS } from '../../../shared/paths.ts';
import { GUARDRAIL_EFFECTS, guardrailEffect } from '../../../shared/words/guardrail-words.ts';
import type { FindingDetail, SharedImpact } from '../../shared/payload.ts';
import { FILTER_KEYS, type FilterKey, parseQuery, type Token } from '../../shared/query.ts';
import { arnAt, type PageData } from './page-data.ts';

type RowTest = (row: number) => boolean;

export interface Matches {
  /** Numbers of the rows that pass, in the order of the data. */
  readonly rows: Uint32Array;
  /** What of the query cannot be meant as it stands, one sentence each. */
  readonly doubts: readonly string[];
}

/** The rows that meet every token of the query. */
export function matchingRows(data: PageData, query: string): Matches {
  const tokens = parseQuery(query);
  const tests = tokens.map((token) => {
    const test = testOf(data, token);
    return token.negated ? (row: number) => !test(row) : test;
  });
  const rows = new Uint32Array(data.count);
  let found = 0;
  for (let row = 0; row < data.count; row++) {
    if (tests.every((test) => test(row))) rows[found++] = row;
  }
  return { rows: rows.subarray(0, found), doubts: tokens.flatMap(doubtsOf) };
}

export type IsAsked = (path: GradedPath) => boolean;

/** Which outside accounts a query asks for by `from` or `open`; null where it asks for none. */
export function askedAccounts(query: string): IsAsked | null {
  const values = parseQuery(query)
    .filter(({ key, negated }) => (key === 'from' || key === 'open') && !negated)
    .flatMap((token) => token.values);
  return values.length === 0 ? null : (path) => isOutsider(path, values);
}

const CHOICES: Readonly<Partial<Record<FilterKey, readonly string[]>>> = {
  verdict: OUTCOMES,
  literal: OUTCOMES,
  severity: SEVERITIES,
  relation: RELATIONS,
  state: STATES,
  guard: ['none', 'mfa', 'external-id'],
  differs: ['yes', 'no'],
  accepted: ['yes', 'no'],
  trust: OUTCOMES,
  guardrail: GUARDRAIL_EFFECTS,
  privileges: PRIVILEGES,
};

function doubtsOf({ key, values, raw }: Token): readonly string[] {
  if (key === null) {
    const colon = /^!?([a-z]+):[^:/]/i.exec(raw);
    return colon === null || colon[1] === 'arn'
      ? []
      : [
          `“${colon[1]}:” is no filter, so the words are looked for as they stand. Filters: ${FILTER_KEYS.join(', ')}.`,
        ];
  }
  const choices = CHOICES[key];
  if (choices === undefined) return [];
  return values
    .filter((value) => !choices.some((choice) => choice.startsWith(value)))
    .map((value) => `“${key}:” does not know “${value}”; it takes ${choices.join(', ')}.`);
}

function testOf(data: PageData, { key, values }: Token): RowTest {
  const { columns } = data;
  const chosen = (value: string): boolean => values.some((wanted) => value.startsWith(wanted));
  const holds = (text: string): boolean => values.some((wanted) => text.toLowerCase().includes(wanted));
  switch (key) {
    case null:
      return anywhere(data, values[0] ?? '');
    case 'verdict':
      return ofNumber(columns.effective, OUTCOMES, chosen);
    case 'trust':
      return ofNumber(columns.verdict, OUTCOMES, chosen);
    case 'guardrail':
      return (row) => chosen(guardrailEffect(guardedAt(data, row)));
    case 'privileges':
      return ofString(
        data,
        columns.impact,
        (impact) => impact !== '' && chosen((JSON.parse(impact) as SharedImpact).privileges),
      );
    case 'literal':
      return ofNumber(columns.literal, OUTCOMES, chosen);
    case 'severity':
      return ofNumber(columns.severity, SEVERITIES, chosen);
    case 'state':
      return ofNumber(columns.state, STATES, chosen);
    case 'differs':
      return (row) => chosen(columns.verdict[row] === columns.literal[row] ? 'no' : 'yes');
    case 'accepted':
      return (row) => chosen(columns.suppressedBy[row] === -1 ? 'no' : 'yes');
    case 'acct':
      return ofString(data, columns.account, (account) =>
        isAccount(account, data.accountNames.get(account), values),
      );
    case 'rule':
      return ofString(
        data,
        columns.rule,
        isOneOf(new Set(data.meta.rules.map(({ id }) => plainId(id))), values),
      );
    case 'exception':
      return ofString(data, columns.suppressedBy, isOneOf(idsIn(data, columns.suppressedBy), values));
    case 'file':
      return ofString(data, columns.source, holds);
    case 'role':
      return (row) => values.some((wanted) => (data.lowerNames[row] ?? '').includes(wanted));
    case 'relation':
      return ofDetail(data, ({ paths }) => paths.some((path) => chosen(path.relation)));
    case 'guard':
      return ofDetail(data, ({ paths }) =>
        paths.some(({ guards }) => (guards.length === 0 ? chosen('none') : guards.some(chosen))),
      );
    case 'from':
      return ofDetail(data, ({ paths, ways = [] }) =>
        [...paths, ...ways.filter(({ anyMember }) => anyMember)].some((path) => isOutsider(path, values)),
      );
    case 'open':
      // As the picture of who gets in counts: by the ways in that guardrails leave, guarded ones left out.
      return ofDetail(data, ({ paths, ways = paths }) =>
        ways.some((path) => path.guards.length === 0 && isOutsider(path, values)),
      );
    case 'note':
      return ofDetail(data, ({ notes }) => notes.some((note) => chosen(note.toLowerCase())));
    case 'reason':
      return ofDetail(data, ({ reason }) => chosen(reason.toLowerCase()));
  }
}

/** Whether a text is one that is meant: by its whole id, or by a part that is no id itself. */
function isOneOf(ids: ReadonlySet<string>, values: readonly string[]): (id: string) => boolean {
  return (id) => {
    const own = plainId(id);
    return values.some((wanted) => (ids.has(wanted) ? own === wanted : own.includes(wanted)));
  };
}

function idsIn({ strings }: PageData, column: readonly number[]): ReadonlySet<string> {
  return new Set([...new Set(column)].map((id) => plainId(strings[id] ?? '')));
}

/** As a query can write it. */
function plainId(id: string): string {
  return id.toLowerCase().replaceAll('"', ' ');
}

/** Whom a way in lets in: one account, anyone, or any account of the own organisation, of which one is an example. */
function isOutsider(path: GradedPath, values: readonly string[]): boolean {
  return isAccount(outsiderOf(path), path.anyMember === true ? null : path.accountName, values);
}

/**
 * An account by the beginning of its id or any part of its name; `anyone` is the account behind a wildcard. A whole id is
 * looked for in no name, which may be made to hold it.
 */
function isAccount(account: string, name: string | null | undefined, values: readonly string[]): boolean {
  const id = account === '*' ? 'anyone' : account.toLowerCase();
  return values.some((value) => {
    const wanted = value === '*' ? 'anyone' : value;
    if (/^(?:\d{12}|anyone)$/.test(wanted)) return id === wanted;
    return id.startsWith(wanted) || (name ?? '').toLowerCase().includes(wanted);
  });
}

/** Whether a row holds the words anywhere a reader would look for them. */
function anywhere(data: PageData, words: string): RowTest {
  const { columns } = data;
  const inDetail = ofDetail(data, (detail) => detailText(detail).includes(words));
  const inAccount = ofString(
    data,
    columns.account,
    (account) =>
      account.includes(words) || (data.accountNames.get(account) ?? '').toLowerCase().includes(words),
  );
  const looksLikeArn = /[:/]/.test(words);
  const inPath = ofString(data, columns.arnStart, (start) => pathOf(start).includes(words));
  return (row) =>
    (data.lowerNames[row] ?? '').includes(words) ||
    (looksLikeArn && arnAt(data, row).toLowerCase().includes(words)) ||
    inPath(row) ||
    (columns.oddArn[row] ?? '').toLowerCase().includes(words) ||
    inAccount(row) ||
    inDetail(row) ||
    (columns.roleId[row] ?? '').toLowerCase() === words;
}

/** Of what an ARN has before the role name; without the words that all have. */
function pathOf(arnStart: string): string {
  return arnStart.slice(arnStart.indexOf(':role/') + ':role'.length).toLowerCase();
}

function detailText(detail: FindingDetail): string {
  const parts = [detail.message, detail.reason, ...detail.notes];
  for (const path of detail.paths) {
    parts.push(path.principal, path.account, path.accountName ?? '', path.sid ?? '', path.relation);
  }
  return parts.join('\n').toLowerCase();
}

function guardedAt(data: PageData, row: number) {
  const { guardrail, notes } = data.detail(data.columns.detail[row] ?? -1);
  return { guardrail, notes, verdict: OUTCOMES[data.columns.verdict[row] ?? -1] ?? 'error' };
}

function ofNumber(
  column: readonly number[],
  names: readonly string[],
  test: (name: string) => boolean,
): RowTest {
  const wanted = names.map(test);
  return (row) => wanted[column[row] ?? -1] === true;
}

/** Most roles share a detail, so a test of it is made once and remembered. */
function ofDetail(data: PageData, test: (detail: FindingDetail) => boolean): RowTest {
  const known = remembered((id) => test(data.detail(id)));
  return (row) => known(data.columns.detail[row] ?? -1);
}

function ofString(data: PageData, column: readonly number[], test: (text: string) => boolean): RowTest {
  const known = remembered((id) => test(data.strings[id] ?? ''));
  return (row) => known(column[row] ?? -1);
}

function remembered(test: (id: number) => boolean): (id: number) => boolean {
  const known = new Map<number, boolean>();
  return (id) => {
    let result = known.get(id);
    if (result === undefined) {
      result = test(id);
      known.set(id, result);
    }
    return result;
  };
}
