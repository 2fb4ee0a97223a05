import { TrustsieveError } from '../../errors.ts';
import type { AcceptedRisk } from '../../model/exception.ts';
import { formatTime } from '../../model/time.ts';
import type { Store, StoreReader } from '../../store/index.ts';
import type { Moment } from '../calendar.ts';
import { openReport, type Report } from './report.ts';

/** What of a store is wanted. What is left out is as the run in scope had it. */
export interface WantedReport {
  /** Id of a run; null or absent: the whole store. Not together with `at`. */
  readonly run?: number | null;
  /** Null or absent: what stands by all evidence. */
  readonly at?: Moment | null;
  /** ISO 8601 UTC; null or absent: that of the run, or of the last one. */
  readonly asOf?: string | null;
  /** See ReportScope, like the next two. */
  readonly staleAfter?: number;
  readonly maxAge?: number | null;
  readonly exceptions?: readonly AcceptedRisk[];
}

/** Errors: `not-found` for an unknown run, and when no account has a capture by then: an empty report would look clean. */
export function openScopedReport(
  store: Store,
  { run = null, at = null, asOf = null, ...settings }: WantedReport,
): Report {
  const reader = at === null ? store.reader : readerAt(store, at);
  return openReport(store, {
    ...settings,
    asOf: asOf ?? reader.runFacts(run)?.asOf ?? formatTime(0),
    ...(run !== null && { run }),
    ...(at !== null && { at: at.time }),
  });
}

function readerAt(store: Store, { label, time }: Moment): StoreReader {
  const reader = store.readerAt(time);
  if (reader.accountLooks({ kind: 'all' }).length > 0) return reader;
  const period = reader.evidencePeriod();
  const first = period === null ? 'it has none at all' : `its evidence begins at ${period.from}`;
  throw new TrustsieveError(
    'not-found',
    `the store \`${store.path}\` has no capture of an account by ${label}: ${first}`,
  );
}
