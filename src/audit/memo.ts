import { MAX_REMEMBERED_POLICY, type TrustPolicy } from '../formats/record.ts';
import { evaluateTrustPolicy } from './evaluate.ts';
import { STRANGER_ACCOUNTS } from './strangers.ts';
import type { PolicyVerdict } from './verdict.ts';

/** The verdicts of every rule on one policy, together with the owning accounts they hold for. */
export interface Evaluated {
  /** The owning account the verdicts are about; empty: every account that the policy cannot tell apart. */
  readonly account: string;
  readonly verdicts: readonly PolicyVerdict[];
}

/** Evaluations kept; an organisation has a few hundred distinct policies. */
const CAPACITY = 4096;

/**
 * Most roles of an organisation share a few hundred trust policies, and a verdict depends on nothing but the policy
 * and the owning account. So each is computed once, and for policies that do not tell owning accounts apart once
 * for all accounts. The same policy gives the same object back.
 */
export class VerdictMemo {
  readonly #byText = new Map<
    string,
    { readonly pattern: boolean; readonly byAccount: Map<string, Evaluated> }
  >();

  #size = 0;

  evaluate(trust: TrustPolicy, account: string): Evaluated {
    if (trust.state !== 'document') return { account: '', verdicts: [evaluateTrustPolicy(trust, account)] };
    if (trust.text.length > MAX_REMEMBERED_POLICY)
      return { account, verdicts: [evaluateTrustPolicy(trust, account)] };
    let entry = this.#byText.get(trust.text);
    if (entry === undefined) {
      entry = { pattern: comparesAccounts(trust.text), byAccount: new Map() };
      this.#byText.set(trust.text, entry);
    }
    const relevant = entry.pattern || STRANGER_ACCOUNTS.includes(account) || trust.text.includes(account);
    const key = relevant ? account : '';
    const known = entry.byAccount.get(key);
    if (known !== undefined) return known;
    const computed = { account: key, verdicts: [evaluateTrustPolicy(trust, account)] };
    entry.byAccount.set(key, computed);
    if (++this.#size >= CAPACITY) {
      this.#byText.clear();
      this.#size = 0;
    }
    return computed;
  }
}

/**
 * Can the policy tell owning accounts apart that it does not name in full? By patterns on who calls, by wildcards
 * in a principal, or by the role's own account as a value. What is written with escapes is not looked through.
 */
function comparesAccounts(text: string): boolean {
  return /principalarn|principalaccount|resourceaccount|userid|"arn:[^"]*[*?]|\\u/i.test(text);
}
