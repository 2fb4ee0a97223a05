import type { AcceptedRisk } from '../../model/exception.ts';
import type { ChangeCounts } from '../../model/trend.ts';
import type { CaptureScope, Store } from '../../store/index.ts';
import { openExceptions } from '../exceptions/exceptions.ts';
import { completeLook, type Look, lookBefore } from '../look/looks.ts';
import { type FindingChange, letsMoreIn, openChangeTally } from './change.ts';
import { compareAccount } from './compare-account.ts';

/** What fails the gate, in the order it is told. */
export const GATED = ['new', 'reopened', 'changed', 'not-comparable'] as const;
export type Gated = (typeof GATED)[number];

/**
 * A hole in the evidence must not hide a new finding: what nothing ever showed before fails the gate too. Where the
 * policy could not be decided before, that was told then, and nobody knows whether anything is new.
 */
function gatedAs({ change, cause, past, present, toVerdict, stood }: FindingChange): Gated | null {
  if (change === 'new' || change === 'reopened') return change;
  if (change === 'changed') return letsMoreIn(past, present) ? 'changed' : null;
  const isHole = cause === 'incomplete-evidence' || cause === 'guardrails-unknown';
  const unseen = isHole && toVerdict === 'fail' && stood !== 'fail' && stood !== 'error';
  return unseen ? 'not-comparable' : null;
}

/** What a run found that was not there before. */
export interface NewFindings {
  /** What became of all findings, accepted ones included: the numbers of `diff` between the same looks. */
  readonly changes: ChangeCounts;
  /** Findings that fail the gate. */
  readonly gated: Readonly<Record<Gated, number>>;
  /** ARN of the first of them by account and ARN; null when there is none. */
  readonly first: string | null;
  /** Findings that would fail it, had an exception not accepted them. */
  readonly accepted: number;
  /** Accounts that no earlier run and no earlier capture covers: there is nothing to compare with. */
  readonly firstCovered: readonly string[];
}

/**
 * Compares the store as it is with what the runs before `run`, and before those that read other parts of the same list right
 * before it, had read: each account with its latest complete look of
 * these. An account that none of them read is compared with its own look before, so that many captures read in one go
 * are judged like one after the other. What an exception accepts at `asOf` passes.
 */
export function newFindings(
  store: Store,
  run: number,
  accepted: readonly AcceptedRisk[],
  asOf: string,
): NewFindings {
  const exceptions = openExceptions(accepted, asOf);
  const { reader } = store;
  // Of a list that is scanned part by part, what the other parts found is as new as what this one did.
  const begun = reader.firstOfSet(run);
  const earlier: CaptureScope = { kind: 'before-run', run: begun };
  const known = new Map(reader.accountLooks(earlier).map((look) => [look.account, look]));
  // What this run reads of organisations is news, too; no moment is as early as the empty one.
  const until = reader.organizationsBeforeRun(begun) ?? '';
  const rules = reader.runFacts(run) ?? { rules: [], furtherRules: [] };

  function lookFrom(read: Look | undefined, book: string, at: string): Look | null {
    if (read === undefined) return lookBefore(reader, book, at);
    const look = read.at === at ? read : completeLook(reader, book, read);
    return { ...look, until };
  }

  const tally = openChangeTally();
  const gated = { new: 0, reopened: 0, changed: 0, 'not-comparable': 0 };
  const firstCovered: string[] = [];
  let first: string | null = null;
  let passed = 0;
  const counted = { wants: (change: FindingChange) => gatedAs(change) === null, add: tally.add };
  for (const to of reader.accountLooks({ kind: 'all' })) {
    const { account } = to;
    const from = lookFrom(known.get(account), account, to.at);
    if (from === null) firstCovered.push(account);
    const ledgersTo = reader.ledgerLooks({ kind: 'all' }, account);
    const ledgersBefore = reader.ledgerLooks(earlier, account);
    const ledgersFrom = new Map<string, Look>();
    for (const [kind, ledger] of ledgersTo) {
      const look = lookFrom(ledgersBefore.get(kind), ledger.account, ledger.at);
      if (look !== null) ledgersFrom.set(kind, look);
    }
    const looks = { account, from, to, strict: true, ledgersFrom, ledgersTo };
    for (const change of compareAccount(reader, looks, rules, rules, counted)) {
      tally.add(change);
      const kind = gatedAs(change);
      if (kind === null) continue;
      const { paths } = change.present ?? { paths: [] };
      if (exceptions.suppressing({ ...change, account, verdict: 'fail', paths }) !== null) {
        passed++;
        continue;
      }
      gated[kind]++;
      first ??= change.arn;
    }
  }
  return { changes: tally.counts(), gated, first, accepted: passed, firstCovered };
}
