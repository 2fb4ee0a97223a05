import { ledgerId } from '../../model/ledger.ts';
import type { Span, StoredRule, StoreReader } from '../../store/index.ts';
import { rolesByArn } from '../look/arn-roles.ts';
import { judgeOf } from '../look/judge.ts';
import type { Look } from '../look/looks.ts';
import { type Bundle, mergeBundles } from '../look/merge-bundles.ts';
import type { KnownRole } from '../look/nameless.ts';
import { steadyGroup } from '../look/steady.ts';
import type { ChangeCause, FindingChange } from './change.ts';
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
  add(change: FindingChange, times: number): void;
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
  const { account, strict } = looks;
  const further = furtherRules(from, to);
  const builtIn = union(from.rules, to.rules).filter((id) => !further.has(id));
  const changes = { reader, counted };
  const books = [changesOf(changes, account, looks, comparedRules(reader, account, builtIn, from, to))];
  for (const kind of new Set(further.values())) {
    const lookFrom = looks.ledgersFrom.get(kind);
    const lookTo = looks.ledgersTo.get(kind);
    if (lookFrom === undefined && lookTo === undefined) continue;
    const ids = [...further].flatMap(([id, of]) => (of === kind ? [id] : []));
    const id = ledgerId(account, kind);
    const ledgerLooks = { from: lookFrom ?? null, to: lookTo ?? null, strict };
    // Without a ledger the account may be covered, but the rule is not.
    const accountCovered = (lookFrom === undefined ? looks.from : looks.to) !== null;
    const uncovered = accountCovered ? 'rule-changed' : 'account-not-covered';
    books.push(changesOf(changes, id, ledgerLooks, comparedRules(reader, id, ids, from, to), uncovered));
  }
  for (const { items } of mergeBundles(books)) yield* [...items].sort(byRuleAndId);
}

function* changesOf(
  { reader, counted }: { readonly reader: StoreReader; readonly counted: CountedChanges | undefined },
  book: string,
  looks: ComparedLooks,
  rules: readonly ComparedRule[],
  uncovered: ChangeCause = 'account-not-covered',
): Iterable<Bundle<FindingChange>> {
  const judged = { rules: rules.map(({ rule }) => rule), outcomes: ['fail'] as const };
  const unsteady = counted === undefined ? undefined : countSteady(reader, book, looks, rules, counted);
  if (unsteady === 'none') return;
  for (const group of rolesByArn(reader, book, { judged, unsteady })) {
    if (!everFailed(reader, book, group, rules)) continue;
    const items = [...compareArn(group, looks, rules)].map((change) =>
      change.cause === 'account-not-covered' ? { ...change, cause: uncovered } : change,
    );
    const arn = group[0]?.arn ?? '';
    if (items.length > 0) yield { arn, id: '', items };
  }
}

/**
 * Tells of the findings of steady roles by number, or where there is no earlier look, of all. Returns over what the roles
 * told of are steady; undefined when nothing was told; `none` when there are no others.
 */
function countSteady(
  reader: StoreReader,
  book: string,
  looks: ComparedLooks,
  rules: readonly ComparedRule[],
  counted: CountedChanges,
): Span | 'none' | undefined {
  const { from, to } = looks;
  const last = (to ?? from)?.completeAt ?? null;
  const first = from === null ? last : from.completeAt;
  if (first === null || last === null || first > last) return undefined;
  const span = { first, last };
  const current =
    from === null && to !== null ? reader.currentPolicies({ ...to, account: book, name: null }) : null;
  const policies = current ?? reader.steadyPolicies(book, span);
  const found = policies.flatMap(({ policy, count }) => {
    const group = steadyGroup(policy, span);
    if (!everFailed(reader, book, group, rules)) return [];
    return [...compareArn(group, looks, rules)].map((change) => ({ change, count }));
  });
  if (!found.every(({ change }) => counted.wants(change))) return undefined;
  for (const { change, count } of found) counted.add(change, count);
  return current === null ? span : 'none';
}

/** Most roles never fail; nothing has to be worked out for them. */
function everFailed(
  reader: StoreReader,
  book: string,
  group: readonly KnownRole[],
  rules: readonly ComparedRule[],
): boolean {
  return group.some(({ observations }) =>
    observations.some(({ policy }) => {
      if (policy === null) return false;
      const outcomes = reader.outcomes(policy, book);
      return rules.some(({ rule }) => outcomes.get(rule)?.verdict === 'fail');
    }),
  );
}

function comparedRules(
  reader: StoreReader,
  book: string,
  ids: readonly string[],
  from: SideRules,
  to: SideRules,
): readonly ComparedRule[] {
  return ids.map((rule) => {
    const judge = judgeOf(reader, book, rule);
    return {
      rule,
      judgeFrom: from.rules.includes(rule) ? judge : null,
      judgeTo: to.rules.includes(rule) ? judge : null,
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
