import { comparesAccounts } from '../exposure/shape/compares-accounts.ts';
import type { Judge } from '../exposure/shape/shape.ts';
import { mayShareAsOwner } from '../exposure/shape/shape.ts';
import { type ShapedPolicy, Shapes } from '../exposure/shape/shapes.ts';
import { STRANGER_ACCOUNTS } from '../exposure/strangers.ts';
import { shownPartition } from '../iam/partitions.ts';
import { MAX_REMEMBERED_POLICY, type TrustPolicy } from '../model/record.ts';
import type { Rule } from '../model/rule.ts';
import type { Evaluated, PolicyVerdict } from '../model/verdict.ts';
import { TRUST_RULES } from '../rules/index.ts';
import { judgeTrustPolicy } from '../rules/judge.ts';

const judgeText = (text: string, account: string, partition: string | null): readonly PolicyVerdict[] =>
  judgeTrustPolicy(TRUST_RULES, { state: 'document', text }, account, partition);

/** Our own rules, for policies of one shape. */
export const TRUST_JUDGE: Judge<readonly PolicyVerdict[]> = {
  judge: judgeText,
  judgeAll(text, account, partition) {
    const verdicts = judgeText(text, account, partition);
    return verdicts.some(({ verdict }) => verdict === 'error') ? null : verdicts;
  },
};

/**
 * Evaluations kept; an organisation has a few hundred distinct policies. They are counted over all policies, which a
 * `BoundedMap` of policies would not do: one policy can have an evaluation for each account.
 */
const CAPACITY = 4096;

/**
 * Most roles of an organisation share a few hundred trust policies, and a verdict depends on nothing but the policy,
 * the owning account and its partition. So each is computed once, and for policies that do not tell owning accounts
 * apart once for all accounts. The same policy gives the same object back.
 *
 * What holds for all accounts is the verdict in the partition that the policy itself shows; an account of another
 * partition has verdicts of its own, and so has every account when the policy shows none or several. An account lies in
 * one partition, so its id tells the two apart.
 */
export class VerdictMemo {
  private readonly byText = new Map<
    string,
    {
      readonly pattern: boolean;
      /** Null: it shows several. */
      readonly partition: string | null;
      /** Null: it is judged by itself. */
      shaped: ShapedPolicy<readonly PolicyVerdict[]> | null;
      readonly byAccount: Map<string, Evaluated>;
    }
  >();

  private size = 0;
  private readonly rules: readonly Rule[];
  /** Null with rules of others, which may look at every letter of a policy. */
  private readonly shapes: Shapes<readonly PolicyVerdict[]> | null;

  constructor(rules: readonly Rule[] = TRUST_RULES) {
    this.rules = rules;
    this.shapes = rules === TRUST_RULES ? new Shapes(TRUST_JUDGE) : null;
  }

  private judge(trust: TrustPolicy, account: string, partition: string | null): readonly PolicyVerdict[] {
    return judgeTrustPolicy(this.rules, trust, account, partition);
  }

  /** @param partition that of the role's ARN; null when it is not known */
  evaluate(trust: TrustPolicy, account: string, partition: string | null): Evaluated {
    if (trust.state !== 'document') return { account: '', verdicts: this.judge(trust, account, partition) };
    if (trust.text.length > MAX_REMEMBERED_POLICY)
      return { account, verdicts: this.judge(trust, account, partition) };
    let entry = this.byText.get(trust.text);
    if (entry === undefined) {
      const shaped = this.shapes?.find(trust.text) ?? null;
      entry = {
        pattern: shaped === null ? comparesAccounts(trust.text) : shaped.shape.pattern,
        partition: shaped === null ? shownPartition(trust.text) : shaped.shape.partition,
        shaped,
        byAccount: new Map(),
      };
      this.byText.set(trust.text, entry);
    }
    const elsewhere = partition !== null && partition !== entry.partition;
    const relevant =
      elsewhere || entry.pattern || STRANGER_ACCOUNTS.includes(account) || trust.text.includes(account);
    const key = relevant ? account : '';
    const place = elsewhere ? `${partition} ${key}` : key;
    const known = entry.byAccount.get(place);
    if (known !== undefined) return known;
    // What is to be judged for each of its owners is worth a shape, though it be the only one of that.
    if (entry.shaped === null && entry.pattern && entry.byAccount.size === 1)
      entry.shaped = this.shapes?.find(trust.text) ?? null;
    const { shaped } = entry;
    const verdicts =
      shaped === null || !mayShareAsOwner(account)
        ? this.judge(trust, account, partition)
        : shaped.shape.outcome(trust.text, shaped.cut, account, relevant, elsewhere ? partition : null);
    const computed = { account: key, verdicts };
    entry.byAccount.set(place, computed);
    if (++this.size >= CAPACITY) {
      this.byText.clear();
      this.size = 0;
    }
    return computed;
  }
}
