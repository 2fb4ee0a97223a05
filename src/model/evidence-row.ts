import type { CaptureTimeSource } from './capture.ts';
import type { FileProblem } from './file-problem.ts';
import type { RejectedRecord } from './record.ts';
import type { RecordCounts } from './record-counts.ts';

/** One evidence file of a run with its reconciliation. */
export interface EvidenceRow extends RecordCounts {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Format id such as `gaad`; null when the file was not recognised. */
  readonly format: string | null;
  /** Null when the file holds no account or several. */
  readonly account: string | null;
  /** Null when the file holds no capture or several. */
  readonly capturedAt: string | null;
  readonly capturedFrom: CaptureTimeSource | null;
  /** `complete`, `incomplete` (see `problems`), or `unreadable`. */
  readonly status: 'complete' | 'incomplete' | 'unreadable';
  /** What keeps the file from being complete and what else is worth knowing. */
  readonly problems: readonly FileProblem[];
  /**
   * Present when something of the file could not be read or used. `mended`: it was since, at the same path or by whole
   * files that show all of it at the same accounts and times, so that nothing is missing.
   */
  readonly loss?: 'missing' | 'mended';
}

/** A rejected record, and the file it stands in. */
export interface RejectRow extends RejectedRecord {
  readonly path: string;
}

/**
 * The line of a file in the list of evidence, as `sha256sum` writes it. A file that could not be read has the word
 * `unreadable` in place of its hash. https://www.gnu.org/software/coreutils/manual/html_node/md5sum-invocation.html
 */
export function evidenceListLine({ path, sha256 }: Pick<EvidenceRow, 'path' | 'sha256'>): string {
  const name = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${name === path ? '' : '\\'}${sha256 === '' ? 'unreadable' : sha256}  ${name}\n`;
}
