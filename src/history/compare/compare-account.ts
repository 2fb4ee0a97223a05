import { ledgerId } from '../../model/ledger.ts';
import type { StoredRule, StoreReader } from '../../store/index.ts';
import { rolesByArn } from '../look/arn-roles.ts';
import { judgeOf } from '../look/judge.ts';
import type { Look } from '../look/looks.ts';
import { type Bundle, mergeBundles } from '../look/merge-bundles.ts';
import type { KnownRole } from '../look/nameless.ts';
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

/** All findings of an account on either side, by ARN, rule, role id. Holds the roles of one ARN. */
export function* compareAccount(
  reader: StoreReader,
  looks: ComparedAccount,
  from: SideRules,
  to: SideRules,
): Iterable<FindingChange> {
  const { account, strict } = looks;
  const further = furtherRules(from, to);
  const builtIn = union(from.rules, to.rules).filter((id) => !further.has(id));
  const books = [changesOf(reader, account, looks, comparedRules(reader, account, builtIn, from, to))];
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
    books.push(changesOf(reader, id, ledgerLooks, comparedRules(reader, id, ids, from, to), uncovered));
  }
  for (const { items } of mergeBundles(books)) yield* [...items].sort(byRuleAndId);
}

function* changesOf(
  reader: StoreReader,
  book: string,
  looks: ComparedLooks,
  rules: readonly ComparedRule[],
  uncovered: ChangeCause = 'account-not-covered',
): Iterable<Bundle<FindingChange>> {
  const judged = { rules: rules.map(({ rule }) => rule), outcomes: ['fail'] as const };
  for (const group of rolesByArn(reader, book, { judged })) {
    if (!everFailed(group, rules)) continue;
    const items = [...compareArn(group, looks, rules)].map((change) =>
      change.cause === 'account-not-covered' ? { ...change, cause: uncovered } : change,
    );
    const arn = group[0]?.arn ?? '';
    if (items.length > 0) yield { arn, id: '', items };
  }
}

/** Most roles never fail; nothing has to be worked out for them. */
function everFailed(group: readonly KnownRole[], rules: readonly ComparedRule[]): boolean {
  return group.some(({ observations }) =>
    observations.some(({ policy }) => {
      if (policy === null) return false;
      return rules.some(({ judgeFrom, judgeTo }) => (judgeFrom ?? judgeTo)?.(policy)?.verdict === 'fail');
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
