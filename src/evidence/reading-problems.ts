import { ALL_READ, type FileProblem } from '../model/file-problem.ts';
import { errorText } from '../text/error-text.ts';
import type { Charset } from './charset.ts';
import { type Compression, endProblem } from './compression/index.ts';
import type { InflateEnd } from './compression/inflate.ts';
import { SourceDamage } from './source.ts';

/** How the reading of one file went, once it is over. */
export interface ReadingFacts {
  /** Read from the file system or the archive. */
  readonly bytes: number;
  /** What ended the reading early; null when nothing did. */
  readonly error: unknown;
  /** Whether it was written to meanwhile. */
  readonly changed: boolean;
  /** Null for a file that is not compressed. */
  readonly compression: Compression | null;
  /** Null when decompression was given up. */
  readonly inflateEnd: InflateEnd | null;
  readonly charset: Charset;
  /** Zero bytes behind the text. */
  readonly padding: number;
  /** Byte sequences that the charset does not have. */
  readonly invalid: number;
}

/** What is to be said of a file beside what it holds. */
export function readingProblems(facts: ReadingFacts): readonly FileProblem[] {
  const { bytes, error, changed, compression, inflateEnd, charset, padding, invalid } = facts;
  const problems: FileProblem[] = [];
  if (error instanceof SourceDamage) {
    problems.push({ code: error.code, message: error.message });
  } else if (error !== null) {
    const reason = errorText(error);
    const message = `reading failed after ${bytes} bytes: ${reason}`;
    problems.push({ code: 'evidence-unreadable', message });
  }
  if (changed) {
    const message = 'the file was written to while it was read: scan it again when the export has ended';
    problems.push({ code: 'evidence-changed', message });
  }
  if (compression !== null && inflateEnd !== null) {
    const problem = endProblem(compression, inflateEnd, bytes);
    if (problem !== null) problems.push(problem);
  }
  if (charset === 'windows-1252') {
    const message =
      'the text is not UTF-8 and was read as Windows-1252; offsets count bytes of its UTF-8 form';
    problems.push({ code: 'windows-1252', message });
  }
  if (padding > 0) {
    const message = `${padding} zero bytes follow the text, as a download leaves them whose last blocks are missing`;
    problems.push({ code: 'nul-padding', message });
  }
  if (invalid > 0) {
    const message = `${invalid} byte sequences are not ${charset.toUpperCase()} and read as U+FFFD`;
    problems.push({ code: 'invalid-utf8', message });
  }
  return problems;
}

/** True for a problem with which bytes are missing. */
export function losesBytes({ code }: FileProblem): boolean {
  return !ALL_READ.has(code);
}
