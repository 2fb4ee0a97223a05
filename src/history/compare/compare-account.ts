import { ledgerId } from '../../model/ledger.ts';
import type { JudgedAs, StoredRule, StoreReader } from '../../store/index.ts';
import { openPairGuardrails, type PairGuardrails } from '../guardrails/pair.ts';
import { rolesByArn } from '../look/arn-roles.ts';
import { everFailed } from '../look/judge.ts';
import type { Look } from '../look/looks.ts';
import { type Bundle, mergeBundles } from '../look/merge-bundles.ts';
import type { KnownRole } from '../look/nameless.ts';
import { type GroupedRoles, groupedOver, steadyGroups } from '../look/steady.ts';
import type { ChangeCause, CountedChange, FindingChange } from './change.ts';
import { compareArn } from './compare-arn.ts';
import type { ComparedLooks, ComparedRule } from './compare-pair.ts';

/** The rules that judged on one side of a comparison. */
export interface SideRules {
  /** Ids. */
  readonly rules: readonly string[];
  /** Those of them that come from rule files. */
  readonly furtherRules: readonly StoredRule[];
}

/** Two looks at one account and at its ledgers, by entity type. */
export interface ComparedAccount extends ComparedLooks {
  readonly account: string;
  readonly ledgersFrom: ReadonlyMap<string, Look>;
  readonly ledgersTo: ReadonlyMap<string, Look>;
}

/** Takes findings that nobody asks for one by one: what became of each of so many. */
export interface CountedChanges {
  /** False: they have to be listed. */
  wants(change: FindingChange): boolean;
  add(change: CountedChange, times: number): void;
}

/**
 * All findings of an account on either side, by ARN, rule, role id. Holds the roles of one ARN.
 *
 * @param counted is told of findings of roles of which nothing but one policy was seen over both looks, where it wants
 *   what became of them; these are then left out
 */
export function* compareAccount(
  reader: StoreReader,
  looks: ComparedAccount,
  from: SideRules,
  to: SideRules,
  counted?: CountedChanges,
): Iterable<FindingChange> {
  const books = comparedBooks(reader, looks, from, to).map((book) => changesOf(reader, book, counted));
  for (const { items } of mergeBundles(books)) yield* [...items].sort(byRuleAndId);
}

/** The roles of an account, or the entities of one of its ledgers, with what they are compared by. */
export interface ComparedBook {
  /** The account or the ledger. */
  readonly id: string;
  readonly looks: ComparedLooks;
  readonly rules: readonly ComparedRule[];
  readonly guardrails: PairGuardrails;
  /** Why nothing can be said where one of the looks is not there. */
  readonly uncovered: ChangeCause;
}

/** What is to be compared of an account: its roles first, then each of its ledgers that a rule judges. */
export function comparedBooks(
  reader: StoreReader,
  looks: ComparedAccount,
  from: SideRules,
  to: SideRules,
): readonly ComparedBook[] {
  const { account, strict } = looks;
  const further = furtherRules(from, to);
  const builtIn = union(from.rules, to.rules).filter((id) => !further.has(id));
  const guardrails = openPairGuardrails(reader, account, looks);
  const rules = comparedRules(guardrails, builtIn, from, to);
  const books: ComparedBook[] = [{ id: account, looks, rules, guardrails, uncovered: 'account-not-covered' }];
  for (const kind of new Set(further.values())) {
    const lookFrom = looks.ledgersFrom.get(kind);
    const lookTo = looks.ledgersTo.get(kind);
    if (lookFrom === undefined && lookTo === undefined) continue;
    const ids = [...further].flatMap(([id, of]) => (of === kind ? [id] : []));
    const id = ledgerId(account, kind);
    // Without a ledger the account may be covered, but the rule is not.
    const accountCovered = (lookFrom === undefined ? looks.from : looks.to) !== null;
    const none = openPairGuardrails(reader, id, null);
    books.push({
      id,
      looks: { from: lookFrom ?? null, to: lookTo ?? null, strict },
      rules: comparedRules(none, ids, from, to),
      guardrails: none,
      uncovered: accountCovered ? 'rule-changed' : 'account-not-covered',
    });
  }
  return books;
}

/** The findings of the roles of one ARN. */
export function changesIn(
  reader: StoreReader,
  { id, looks, rules, uncovered }: ComparedBook,
  group: readonly KnownRole[],
): readonly FindingChange[] {
  if (!everFailed(reader, id, group, rules)) return [];
  return [...compareArn(group, looks, rules)].map((change) =>
    change.cause === 'account-not-covered' ? { ...change, cause: uncovered } : change,
  );
}

/** All roles of which something may have to be told. */
export function everJudged({ rules }: ComparedBook): JudgedAs {
  return { rules: rules.map(({ rule }) => rule), outcomes: ['fail'] };
}

function* changesOf(
  reader: StoreReader,
  book: ComparedBook,
  counted: CountedChanges | undefined,
): Iterable<Bundle<FindingChange>> {
  for (const group of groupsLeft(reader, book, counted)) {
    const items = changesIn(reader, book, group);
    const arn = group[0]?.arn ?? '';
    if (items.length > 0) yield { arn, id: '', items };
  }
}

/** The roles that are not told of by number. */
function groupsLeft(
  reader: StoreReader,
  book: ComparedBook,
  counted: CountedChanges | undefined,
): Iterable<readonly KnownRole[]> {
  const { id, looks, rules, guardrails } = book;
  const judged = everJudged(book);
  const grouped = counted === undefined ? null : groupedRoles(reader, id, looks, guardrails.inForce);
  if (counted === undefined || grouped === null) return rolesByArn(reader, id, { judged });
  const failing = grouped.steady.filter(({ group }) => everFailed(reader, id, group, rules));
  if (!failing.every(({ policy }) => guardrails.isAlike(policy))) {
    return rolesByArn(reader, id, { judged });
  }
  // What came back with the same policy may have been there before the span, which such a group does not know.
  const isTold = ({ change }: FindingChange): boolean => change !== 'new' && change !== 'reopened';
  // Without their verdicts, which may say thousands of ways in.
  const found: { readonly what: CountedChange; readonly count: number }[] = [];
  for (const { group, count } of failing) {
    for (const one of compareArn(group, looks, rules)) {
      if (!counted.wants(one) || (guardrails.inForce && !isTold(one))) {
        return rolesByArn(reader, id, { judged });
      }
      found.push({ what: { change: one.change, baseline: one.baseline }, count });
    }
  }
  for (const { what, count } of found) counted.add(what, count);
  return grouped.others(judged);
}

/** Null where no role can stand for others: there is no complete capture, or the later look rests on an older one. */
function groupedRoles(
  reader: StoreReader,
  book: string,
  { from, to }: ComparedLooks,
  apart: boolean,
): GroupedRoles | null {
  const last = (to ?? from)?.completeAt ?? null;
  const first = from === null ? last : from.completeAt;
  if (first === null || last === null || first > last) return null;
  const span = { first, last };
  if (from === null && to !== null) {
    const current = reader.currentPolicies({ ...to, account: book, name: null });
    if (current !== null) {
      return { steady: steadyGroups(current, span), others: () => [] };
    }
  }
  return groupedOver(reader, book, span, apart);
}

function comparedRules(
  guardrails: PairGuardrails,
  ids: readonly string[],
  from: SideRules,
  to: SideRules,
): readonly ComparedRule[] {
  return ids.map((rule) => {
    const judges = guardrails.judges(rule);
    return {
      ...judges,
      rule,
      judgeFrom: from.rules.includes(rule) ? judges.judgeFrom : null,
      judgeTo: to.rules.includes(rule) ? judges.judgeTo : null,
    };
  });
}

/** The entity type each rule of a rule file judges, of those that judge anything. */
function furtherRules(from: SideRules, to: SideRules): ReadonlyMap<string, string> {
  const rules = [...from.furtherRules, ...to.furtherRules];
  return new Map(rules.map(({ metadata, kind }) => [metadata.id, kind]));
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])].sort();
}

function byRuleAndId(a: FindingChange, b: FindingChange): number {
  return compareText(a.rule, b.rule) || compareText(a.roleId, b.roleId);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
