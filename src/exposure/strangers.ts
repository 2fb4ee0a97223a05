import { evaluateRequest } from '../iam/oracle/evaluate.ts';
import type { Witness } from '../model/exposure.ts';
import type { PolicyVerdict } from '../model/verdict.ts';

/**
 * Accounts that stand for anybody in a witness; the first one wins that nobody has heard of. They are made up, and
 * plainly so, unlike the numbers that AWS's manuals and people's tests use.
 */
export const STRANGER_ACCOUNTS: readonly string[] = [
  '909090909090',
  '818181818181',
  '727272727272',
  '636363636363',
  '545454545454',
  '454545454545',
  '363636363636',
  '272727272727',
];

/**
 * The same verdict with `stranger` in the place of an account that stands for anybody. A verdict knows its own policy
 * only, so the account in its witness may be known otherwise; whoever shows a verdict beside others knows one that is
 * not. The verdict stays as it is where its request would not be let in with the other account.
 */
export function withStranger<Verdict extends PolicyVerdict>(
  verdict: Verdict,
  policyText: string | null,
  stranger: string | null,
): Verdict {
  const { witness, message } = verdict;
  if (witness === null || policyText === null || stranger === null) return verdict;
  const { principalAccount } = witness;
  if (principalAccount === stranger || policyText.includes(principalAccount)) return verdict;
  const swap = (text: string): string => text.replaceAll(principalAccount, stranger);
  const swapped = JSON.parse(swap(JSON.stringify(witness))) as Witness;
  const expected = verdict.notes.includes('undefined-semantics') ? 'undefined' : 'allowed';
  if (evaluateRequest(policyText, swapped) !== expected) return verdict;
  return { ...verdict, message: swap(message), witness: swapped };
}
