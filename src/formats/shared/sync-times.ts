import type { JsonElement } from '../../json/reader.ts';
import type { Sketch } from '../../json/sketch.ts';
import { normaliseTime } from '../../model/time.ts';
import { inSmallLetters } from './any-case.ts';
import type { CaptureTime } from './capture-time.ts';
import type { FileCaptures } from './file-captures.ts';
import type { FileContext } from './format.ts';
import { UntimedRows } from './untimed-rows.ts';
import { Wholeness } from './wholeness.ts';

const COLUMN = '_cq_sync_time';

/** Takes up a row at a time and returns its account and ARN, or null when it was rejected. */
export type TakeRow = (
  element: JsonElement,
  time: CaptureTime,
) => { readonly account: string; readonly arn: string } | null;

/**
 * The times of the rows of a CloudQuery table. CloudQuery gives every row the time at which its sync began
 * (https://docs.cloudquery.io/docs/reference/destination-spec), so a row without one was damaged on the way: it belongs to
 * a sync of its account, and makes all syncs of that account incomplete, because it may belong to any of them. A table
 * without the column is the result of somebody's query: it has the one time of its file, and may be filtered.
 */
export class SyncTimes {
  private readonly file: FileContext;
  private readonly take: TakeRow;
  private readonly rows: UntimedRows;
  private readonly wholeness: Wholeness;
  private hasColumn: boolean;
  /** Of the rows without a time. */
  private readonly accounts = new Set<string>();
  private untimed = 0;

  constructor(file: FileContext, take: TakeRow) {
    this.file = file;
    this.take = take;
    this.wholeness = new Wholeness(file);
    this.hasColumn = inSmallLetters(file.sketch).documents.some((document) => holdsColumn(document, 2));
    this.rows = new UntimedRows(file.captureTime(null), (element, time) => {
      file.sink.late(element.offset);
      const taken = this.take(element, time);
      if (taken === null) return;
      this.untimed++;
      this.accounts.add(taken.account);
      this.wholeness.role(taken.account, time, taken.arn);
    });
  }

  /**
   * @param written the time in the row as JSON text
   * @param account whose row it is, as far as is known
   */
  row(element: JsonElement, written: string | undefined, account: string | null): void {
    const time = this.timeOf(written);
    if (time === null) {
      this.rows.wait(element, account);
      return;
    }
    const taken = this.take(element, time);
    if (taken !== null) this.rows.note(taken.account, time);
  }

  /** Rows of one account that were taken up elsewhere, with the time they told. */
  note(account: string, time: CaptureTime): void {
    this.rows.note(account, time);
  }

  /** The time that a row tells; null when it tells none. */
  timeOf(written: string | undefined): CaptureTime | null {
    if (written !== undefined) this.hasColumn = true;
    const text = written?.startsWith('"') === true ? (JSON.parse(written) as string) : '';
    const synced = normaliseTime(text);
    return synced === null ? null : this.file.captureTime(synced);
  }

  /** Call once, when all is read, before captures are flawed for other reasons. */
  end(captures: readonly FileCaptures[]): void {
    this.rows.flush();
    if (this.accounts.size === 0) return;
    if (!this.hasColumn) {
      this.wholeness.end(captures);
      return;
    }
    for (const one of captures) for (const account of this.accounts) one.flaw(account, 'sync-time-missing');
    this.file.sink.problem(
      'sync-time-missing',
      `${this.untimed} ${this.untimed === 1 ? 'row has' : 'rows have'} no usable \`${COLUMN}\`, so the syncs of ${this.accounts.size === 1 ? 'its account are' : `${this.accounts.size} accounts are`} incomplete; export the table again`,
    );
  }
}

function holdsColumn(sketch: Sketch, depth: number): boolean {
  if (sketch.kind === 'array' && depth > 0) return sketch.items.some((item) => holdsColumn(item, depth - 1));
  return sketch.kind === 'object' && sketch.members.has(COLUMN);
}
