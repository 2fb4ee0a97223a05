import { TrustsieveError } from '../errors.ts';
import { type EvidenceEnd, type EvidenceStream, openEvidence } from '../evidence/open.ts';
import type { EvidenceInput } from '../evidence/types.ts';
import type { JsonEvent, Malformed, ReaderFactory } from '../json/reader.ts';
import { createReferenceReader } from '../json/reference.ts';
import { type PrefixSketch, SKETCH_BYTES, sketchPrefix } from '../json/sketch.ts';
import { captureTime } from './capture-time.ts';
import { type Explanation, explainUnknown } from './explain.ts';
import type { Format, FormatSession } from './format.ts';
import { detectFormat, FORMATS } from './index.ts';
import type { FileReading, FormatEvent, ReadOptions } from './reading.ts';
import { Sink } from './sink.ts';

/**
 * Reads one file of evidence: yields its records in batches, in the file's order, then its captures, and returns
 * what is to be said of the file as a whole. Nothing the file holds makes it throw, and no more than one batch
 * (the records of about 1 MiB) is held. Records of the same role are all handed out.
 *
 * @throws TrustsieveError `usage` when `options.format` is no format
 */
export async function* readEvidence(
  input: EvidenceInput,
  options: ReadOptions,
  createReader: ReaderFactory = createReferenceReader,
): AsyncGenerator<readonly FormatEvent[], FileReading> {
  const forced = forcedFormat(options.format);
  if (input.kind === 'skipped') return unopened(input.path, input);
  let stream: EvidenceStream;
  try {
    stream = await openEvidence(input);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return unopened(input.path, { code: 'evidence-unreadable', message: `cannot be read: ${reason}` });
  }
  let end: EvidenceEnd | null = null;
  try {
    const prefix = await readPrefix(stream);
    const sketch = sketchPrefix(prefix.subarray(0, SKETCH_BYTES));
    const format = forced ?? detectFormat(sketch);
    if (format === null) {
      end = await stream.finish();
      return unrecognised(end, explainUnknown(input.path, prefix, sketch));
    }
    const sink = new Sink();
    const session = openSession(format, input.path, sketch, stream, options, sink);
    const feed = new Feed(createReader(session.plan, stream.start), session, sink);
    for (
      let bytes: Uint8Array | null = prefix;
      bytes !== null && !feed.stopped;
      bytes = await stream.next()
    ) {
      feed.push(bytes);
      const batch = sink.take();
      if (batch.length > 0) yield batch;
    }
    feed.end();
    end = await stream.finish();
    for (const { code, message } of end.problems) sink.problem(code, message);
    session.end(end.truncated ? 'truncated' : feed.missing);
    sink.closeCaptures();
    const rest = sink.take();
    if (rest.length > 0) yield rest;
    if (forced !== null && sink.recordsRead === 0 && !forced.detect(sketch)) {
      const message = `holds nothing that reads as \`${forced.id}\`; leave out \`--format\` to have it recognised`;
      return unrecognised(end, { code: 'format-mismatch', message });
    }
    return {
      evidence: end.evidence,
      format: format.id,
      recordsRead: sink.recordsRead,
      recordsRejected: sink.recordsRejected,
      ...sink.captures.summary(),
      status: sink.complete ? 'complete' : 'incomplete',
      problems: sink.problems(),
    };
  } finally {
    // Also reached when the caller stops asking for batches.
    if (end === null) await stream.close();
  }
}

/** Hands the reader's events to the format, and turns broken JSON into problems and rejects. */
class Feed {
  missing: 'truncated' | 'records-rejected' | null = null;
  private readonly reader: ReturnType<ReaderFactory>;
  private readonly session: FormatSession;
  private readonly sink: Sink;

  constructor(reader: ReturnType<ReaderFactory>, session: FormatSession, sink: Sink) {
    this.reader = reader;
    this.session = session;
    this.sink = sink;
  }

  get stopped(): boolean {
    return this.reader.stopped;
  }

  push(bytes: Uint8Array): void {
    this.take(this.reader.push(bytes));
  }

  end(): void {
    if (!this.reader.stopped) this.take(this.reader.end());
  }

  private take(events: readonly JsonEvent[]): void {
    for (const event of events) {
      if (event.kind === 'element') this.session.element(event);
      else if (event.kind === 'scope-end') this.session.scopeEnd(event);
      else this.malformed(event);
    }
  }

  private malformed(event: Malformed): void {
    const lines = this.session.plan.framing === 'lines';
    this.missing = lines ? 'records-rejected' : 'truncated';
    const place = `at byte ${event.offset} (line ${event.line}, column ${event.column})`;
    if (lines) {
      const message = `the line is not JSON: ${event.expected} ${place}`;
      this.sink.reject({ offset: event.start, pointer: event.pointer }, 'line-malformed', message);
      this.sink.problem('line-malformed', `line ${event.line} is not JSON: ${event.expected} ${place}`);
      return;
    }
    switch (event.reason) {
      case 'syntax':
        this.sink.problem('json-malformed', `the JSON breaks off ${place}: ${event.expected}`);
        return;
      case 'truncated':
        this.sink.problem('json-truncated', `the JSON ends too early ${place}: ${event.expected}`);
        return;
      case 'too-deep':
        this.sink.problem('json-too-deep', `the JSON is nested too deeply ${place}: ${event.expected}`);
        return;
      case 'too-long':
        this.sink.problem('json-value-too-long', `a value is too long ${place}: ${event.expected}`);
    }
  }
}

function openSession(
  format: Format,
  path: string,
  sketch: PrefixSketch,
  stream: EvidenceStream,
  options: ReadOptions,
  sink: Sink,
): FormatSession {
  const { modifiedAt } = stream;
  const { capturedAt, receivedAt } = options;
  return format.open({
    path,
    sketch,
    options,
    sink,
    captureTime: (evidence) => captureTime({ evidence, option: capturedAt, path, modifiedAt, receivedAt }),
  });
}

/** At least the bytes a sketch is made of, unless there are fewer. */
async function readPrefix(stream: EvidenceStream): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < SKETCH_BYTES) {
    const bytes = await stream.next();
    if (bytes === null) break;
    parts.push(new Uint8Array(bytes));
    length += bytes.length;
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

function forcedFormat(id: string | null): Format | null {
  if (id === null) return null;
  const format = FORMATS.find((candidate) => candidate.id === id);
  if (format !== undefined) return format;
  const known = FORMATS.map((candidate) => candidate.id).join(', ');
  throw new TrustsieveError('usage', `there is no format \`${id}\`; choose one of ${known}`);
}

function unopened(path: string, { code, message }: Explanation): FileReading {
  const evidence = { path, bytes: 0, sha256: '', modifiedAt: null };
  return unrecognised({ evidence, problems: [], truncated: false }, { code, message });
}

function unrecognised(end: EvidenceEnd, explanation: Explanation): FileReading {
  return {
    evidence: end.evidence,
    format: null,
    recordsRead: 0,
    recordsRejected: 0,
    account: null,
    capturedAt: null,
    capturedFrom: null,
    status: explanation.code === 'not-evidence' ? 'complete' : 'unreadable',
    problems: [explanation, ...end.problems],
  };
}
