import type { StoredVerdict } from '../../model/report-source.ts';
import type { Store } from '../../store/index.ts';
import { openScopedReport } from './scoped-report.ts';

/** An account as one capture shows it. */
export interface CaptureReport {
  readonly account: string;
  readonly accountName: string | null;
  /** ISO 8601 UTC. */
  readonly capturedAt: string;
  /** False when it does not show all roles of the account: what is not among its verdicts proves nothing. */
  readonly complete: boolean;
  /** ISO 8601 UTC: what counted as now. */
  readonly asOf: string;
  /** What stood then: those of `report --at` this time, of every role and rule of the account. */
  verdicts(): Iterable<StoredVerdict>;
}

/**
 * Every capture of every account, by time, then by account. One that shows nothing of roles is among them where the account
 * has no later one, so that no account is left out.
 *
 * @param asOf ISO 8601 UTC; null: for each as in the last run before later evidence came
 */
export function* captureReports(store: Store, asOf: string | null): Iterable<CaptureReport> {
  const byTime = capturesByTime(store);
  for (const time of [...byTime.keys()].sort()) {
    const shownAs = `${time}Z`;
    const report = openScopedReport(store, { at: { label: shownAs, time }, asOf });
    for (const { account, name, complete } of byTime.get(time) ?? []) {
      yield {
        account,
        accountName: name,
        capturedAt: shownAs,
        complete,
        asOf: report.asOf,
        verdicts: () => report.verdicts({ account }),
      };
    }
  }
}

interface Captured {
  readonly account: string;
  readonly name: string | null;
  readonly complete: boolean;
}

/** Keys are column times; the accounts of one by id. */
function capturesByTime({ reader }: Store): ReadonlyMap<string, readonly Captured[]> {
  const byTime = new Map<string, Captured[]>();
  for (const { account, name, at } of reader.accountLooks({ kind: 'all' })) {
    const captures = [...reader.capturesOf(account, at)];
    if (captures.at(-1)?.at !== at) captures.push({ at, complete: false, gap: true });
    for (const { at: time, complete } of captures) {
      const others = byTime.get(time);
      if (others === undefined) byTime.set(time, [{ account, name, complete }]);
      else others.push({ account, name, complete });
    }
  }
  return byTime;
}
