import type { JsonElement, JsonRows, ReadPlan, ScopeEnd } from '../../json/reader.ts';
import type { PrefixSketch } from '../../json/sketch.ts';
import type { RoleDetail } from '../../model/role-detail.ts';
import type { CaptureTime } from './capture-time.ts';
import type { ReadOptions } from './file-reading.ts';
import type { Sink } from './sink.ts';

/** One export format. A format is one file of this folder, one line in index.ts and one fixture. */
export interface Format {
  /** Stable, kebab-case: the value of `--format`. */
  readonly id: string;
  readonly title: string;
  /**
   * Decides by the shape of the content; by the path as shown, too, only where the content alone names no role. No two
   * formats may claim the same content.
   */
  detect(sketch: PrefixSketch, path: string): boolean;
  /** Name of a small file beside the evidence that the format needs as well. */
  readonly companion?: string;
  /** Keys under which its own documents hold trust policies, or records, a second time, outside of what is read. */
  readonly elsewhere?: readonly string[];
  /** Begins the reading of one file. */
  open(file: FileContext): FormatSession;
}

/** What a format may know of the file it reads. */
export interface FileContext {
  /** As shown. */
  readonly path: string;
  readonly sketch: PrefixSketch;
  /** Text of the format's companion; null when there is none. */
  readonly companion: string | null;
  readonly options: ReadOptions;
  /** The capture time, given what the evidence itself says of it (null: nothing). */
  readonly captureTime: (evidence: string | null) => CaptureTime;
  readonly sink: Sink;
}

/** The reading of one file: told what the JSON reader finds, it puts records and captures into the sink. */
export interface FormatSession {
  readonly plan: ReadPlan;
  element(element: JsonElement): void;
  /** Called where the plan has sources with rows. */
  takeRows?(rows: JsonRows): void;
  scopeEnd(end: ScopeEnd): void;
  /**
   * What an element that became a role shows beside its trust policy. Asked only where that matters; absent where the
   * format shows nothing of it.
   *
   * @param element its JSON value
   */
  detail?(element: unknown): RoleDetail;
  /** Columns that `detail` looks at where the file is a table; its element then has these, each a text or null. */
  readonly detailColumns?: readonly string[];
  /** The text of a managed policy that the session put into the sink; goes with `Sink.policy`. */
  policyText?(element: unknown): string | null;
  /** `missing` says why the file is not whole: it breaks off, or some of its lines were lost. */
  end(missing: 'truncated' | 'records-rejected' | null): void;
}

/** @throws Error for a format that asks for rows and takes none */
export function handRows(session: FormatSession, rows: JsonRows): void {
  if (session.takeRows === undefined) throw new Error('the format asks for rows and takes none');
  session.takeRows(rows);
}
