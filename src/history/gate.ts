import type { CaptureScope } from '../store/scope.ts';
import type { Store } from '../store/store.ts';
import type { AcceptedRisk } from '../store/types.ts';
import type { FindingChange } from './compare.ts';
import { compareAccount } from './compare-account.ts';
import { openExceptions } from './exceptions.ts';
import { lookBefore } from './looks.ts';
import type { Look } from './standing.ts';

/** What the evidence before did not show, though it covers the account, was not there as far as anybody knew. */
function isNew({ change, cause, toVerdict }: FindingChange): boolean {
  return (
    change === 'new' || change === 'reopened' || (cause === 'incomplete-evidence' && toVerdict === 'fail')
  );
}

/** What a run found that was not there before. */
export interface NewFindings {
  /** New and reopened ones, by account, ARN, rule. */
  readonly findings: Iterable<FindingChange & { readonly account: string }>;
  /** Accounts that no earlier run and no earlier capture covers: there is nothing to compare with. */
  readonly firstCovered: readonly string[];
}

/**
 * Compares the store as it is with what the runs before `run` had read: each account with its latest capture of
 * these. An account that none of them read is compared with its own capture before the last, so that many captures
 * read in one go are judged like one after the other. What an exception accepts at `asOf` is left out.
 */
export function newFindings(
  store: Store,
  run: number,
  accepted: readonly AcceptedRisk[],
  asOf: string,
): NewFindings {
  const exceptions = openExceptions(accepted, asOf);
  const { reader } = store;
  const earlier: CaptureScope = { kind: 'before-run', run };
  const known = new Map(reader.accountMoments(earlier).map((moment) => [moment.account, moment]));
  const moments = reader.accountMoments({ kind: 'all' });
  const lookFrom = (book: string, at: string): Look | null =>
    known.get(book) ?? lookBefore(reader.capturesOf(book, at), at);
  const rules = reader.runFacts(run) ?? { rules: [], furtherRules: [] };

  function* findings(): Iterable<FindingChange & { readonly account: string }> {
    for (const to of moments) {
      const { account } = to;
      const from = lookFrom(account, to.at);
      if (from === null) continue;
      const ledgersTo = reader.ledgerMoments({ kind: 'all' }, account);
      const ledgersBefore = reader.ledgerMoments(earlier, account);
      const ledgersFrom = new Map<string, Look>();
      for (const [kind, moment] of ledgersTo) {
        const look =
          ledgersBefore.get(kind) ?? lookBefore(reader.capturesOf(moment.account, moment.at), moment.at);
        if (look !== null) ledgersFrom.set(kind, look);
      }
      const looks = { account, from, to, strict: false, ledgersFrom, ledgersTo };
      for (const change of compareAccount(reader, looks, rules, rules)) {
        if (!isNew(change)) continue;
        const { paths } = change.present ?? { paths: [] };
        const verdict = { ...change, account, verdict: 'fail', paths } as const;
        if (exceptions.suppressing(verdict) === null) yield { ...change, account };
      }
    }
  }

  return {
    findings: { [Symbol.iterator]: () => findings()[Symbol.iterator]() },
    firstCovered: moments.flatMap(({ account, at }) => (lookFrom(account, at) === null ? [account] : [])),
  };
}
