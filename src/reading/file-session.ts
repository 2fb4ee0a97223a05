import { type DataProblem, TrustsieveError } from '../errors.ts';
import type { EvidencePart } from '../evidence/archive/index.ts';
import type { EvidenceEnd, EvidenceStream } from '../evidence/open.ts';
import { FORMATS } from '../formats/index.ts';
import { type CaptureTime, captureTime } from '../formats/shared/capture-time.ts';
import type { FileReading, FormatEvent, ReadOptions } from '../formats/shared/file-reading.ts';
import type { Format, FormatSession } from '../formats/shared/format.ts';
import type { Sink } from '../formats/shared/sink.ts';
import type { PrefixSketch } from '../json/sketch.ts';
import type { FileProblem } from '../model/file-problem.ts';
import { nearest } from '../text/nearest.ts';
import { findStrays } from './text/strays.ts';

/** What a session is opened with. */
export interface SessionParts {
  /** As shown. */
  readonly path: string;
  readonly sketch: PrefixSketch;
  readonly stream: EvidenceStream;
  readonly options: ReadOptions;
  readonly sink: Sink;
  readonly companion?: string | null;
}

export function openSession(
  format: Format,
  { path, sketch, stream, options, sink, companion = null }: SessionParts,
): FormatSession {
  const { modifiedAt } = stream;
  const { capturedAt, receivedAt } = options;
  /** Records one after the other mostly say the same of their time. */
  let last: { readonly evidence: string | null; readonly time: CaptureTime } | null = null;
  const session = format.open({
    path,
    sketch,
    companion,
    options,
    sink,
    captureTime: (evidence) => {
      if (last?.evidence !== evidence || last === null) {
        const clues = { evidence, option: capturedAt, path, modifiedAt, receivedAt };
        last = { evidence, time: captureTime(clues) };
      }
      return last.time;
    },
  });
  // A file that is read in a format it does not have is all stray.
  return format.detect(sketch, path) ? findStrays(format, session, sink) : session;
}

/** @throws TrustsieveError `usage` when there is no such format */
export function forcedFormat(id: string | null): Format | null {
  if (id === null) return null;
  const format = FORMATS.find((candidate) => candidate.id === id);
  if (format !== undefined) return format;
  const ids = FORMATS.map((candidate) => candidate.id);
  const near = nearest(id, ids);
  const meant = near === null ? '' : ` (did you mean \`${near}\`?)`;
  throw new TrustsieveError('usage', `there is no format \`${id}\`${meant}; choose one of ${ids.join(', ')}`);
}

/** What is known when all of a file was read. */
export interface ReadSession {
  readonly format: Format;
  readonly session: FormatSession;
  readonly sink: Sink;
  readonly missing: 'truncated' | 'records-rejected' | null;
  readonly sketch: PrefixSketch;
  /** True when the user named the format. */
  readonly forced: boolean;
  /** True for what has a bracket at its end, so that reading it shows whether it is whole. */
  readonly closes: boolean;
}

/** Hands out the last records and the captures, and puts together what is to be said of the file. */
export function* conclude(
  end: EvidenceEnd,
  { format, session, sink, missing, sketch, forced, closes }: ReadSession,
): Generator<readonly FormatEvent[], FileReading> {
  let isCut = end.truncated;
  for (const { code, message } of end.problems) {
    const isOpen = code === 'nul-padding' && !closes;
    isCut ||= isOpen;
    if (code === 'nul-padding' && missing === null && !isOpen) {
      sink.problem(code, `${message}; it was read whole to its last bracket`);
    } else {
      sink.problem(isOpen ? 'nul-truncated' : code, message);
    }
  }
  session.end(isCut ? 'truncated' : missing);
  sink.closeCaptures();
  const rest = sink.take();
  if (rest.length > 0) yield rest;
  if (forced && sink.recordsRead === 0 && !format.detect(sketch, end.evidence.path)) {
    const message = `holds nothing that reads as \`${format.id}\`; leave out \`--format\` to have it recognised`;
    return unrecognised(end, { code: 'format-mismatch', message });
  }
  return {
    evidence: end.evidence,
    format: format.id,
    recordsRead: sink.recordsRead,
    recordsRejected: sink.recordsRejected,
    ...sink.summary(),
    status: sink.complete ? 'complete' : 'incomplete',
    problems: sink.problems(),
  };
}

export function unopened(path: string, { code, message }: FileProblem): FileReading {
  const evidence = { path, bytes: 0, sha256: '', modifiedAt: null };
  return unrecognised({ evidence, problems: [], truncated: false }, { code, message });
}

/** An archive has no records: its members have. */
export function archiveReading({
  format,
  members,
  end,
}: Extract<EvidencePart, { kind: 'archive' }>): FileReading {
  const status = end.truncated ? (members === 0 ? 'unreadable' : 'incomplete') : 'complete';
  return { ...unrecognised(end, null), format, status, problems: end.problems };
}

/** Files with these hold no evidence, so nothing is lost with them. */
const ASIDE: ReadonlySet<DataProblem> = new Set(['not-evidence', 'unrelated']);
/** Says nothing of a file that is not read as text. */
const TEXT_ONLY: ReadonlySet<DataProblem> = new Set(['windows-1252', 'invalid-utf8', 'nul-padding']);

export function unrecognised(end: EvidenceEnd, diagnosis: FileProblem | null): FileReading {
  const problems = end.problems.filter(({ code }) => !TEXT_ONLY.has(code));
  return {
    evidence: end.evidence,
    format: null,
    recordsRead: 0,
    recordsRejected: 0,
    account: null,
    capturedAt: null,
    capturedFrom: null,
    // What could not be read to its end is not known to hold nothing.
    status: diagnosis !== null && ASIDE.has(diagnosis.code) && !end.truncated ? 'complete' : 'unreadable',
    problems: [...(diagnosis === null ? [] : [diagnosis]), ...problems],
  };
}
