import type { EvidencePart } from '../evidence/archive/index.ts';
import { type EvidenceEnd, type EvidenceStream, openEvidence } from '../evidence/open.ts';
import type { FileReading, FormatEvent, ReadOptions } from '../formats/shared/file-reading.ts';
import type { FormatSession } from '../formats/shared/format.ts';
import { Sink } from '../formats/shared/sink.ts';
import { needsReference, type ReaderFactory } from '../json/reader.ts';
import { createReferenceReader } from '../json/reference/reference-reader.ts';
import { errorCode } from '../text/error-text.ts';
import { beginText } from './begin-text.ts';
import { readCompanion } from './companion.ts';
import { textOf } from './evidence-text.ts';
import {
  archiveReading,
  conclude,
  forcedFormat,
  openSession,
  unopened,
  unrecognised,
} from './file-session.ts';
import type { Known } from './recognise.ts';
import type { RoleDetails } from './role-details.ts';
import { CsvFeed } from './tables/feed-csv.ts';
import { isTable, readTable } from './tables/read-table.ts';
import { JsonFeed } from './text/feed-json.ts';
import type { YamlFeed } from './yaml/feed-yaml.ts';

/**
 * Reads one file of evidence, or one part of an expanded archive: yields its records in batches, in the file's order,
 * then its captures, and returns what is to be said of the file as a whole. Nothing the file holds makes it throw, and
 * no more than one batch (the records of about 1 MiB) is held. Records of the same role are all handed out.
 *
 * @param details told of the file's text, so that it can be asked while a batch is taken up; null where nobody asks
 * @throws TrustsieveError `usage` when `options.format` is no format
 */
export async function* readEvidence(
  input: EvidencePart,
  options: ReadOptions,
  createReader: ReaderFactory = createReferenceReader,
  details: RoleDetails | null = null,
): AsyncGenerator<readonly FormatEvent[], FileReading> {
  const forced = forcedFormat(options.format);
  if (input.kind === 'skipped') return unopened(input.path, input);
  if (input.kind === 'archive') return archiveReading(input);
  let stream: EvidenceStream;
  try {
    stream = input.kind === 'opened' ? input.stream : await openEvidence(input, options);
  } catch (error) {
    const reason = errorCode(error);
    return unopened(input.path, { code: 'evidence-unreadable', message: `cannot be read: ${reason}` });
  }
  if (isTable(stream)) return yield* readTable(input.path, stream, options, forced, details);
  let text = textOf(stream);
  let end: EvidenceEnd | null = null;
  try {
    const begun = await beginText(input, stream, forced, createReader);
    if (begun.kind === 'unknown') {
      end = begun.end;
      return unrecognised(end, begun.diagnosis);
    }
    text = begun.text;
    const { format, sketch, csv, yaml } = begun.known;
    const sink = new Sink(options);
    const { companion: beside } = format;
    const companion = beside === undefined ? null : await readCompanion(input, beside);
    const session = openSession(format, { path: input.path, sketch, stream, options, sink, companion });
    details?.begin(session, sink);
    const feed = openFeed(begun.known, session, sink, { start: text.start, createReader, details });
    for (
      let bytes = begun.first ?? (await text.next());
      bytes !== null && !feed.stopped;
      bytes = await text.next()
    ) {
      feed.push(bytes);
      const batch = sink.take();
      if (batch.length > 0) yield batch;
      details?.release();
    }
    feed.end();
    end = await text.finish();
    return yield* conclude(end, {
      format,
      session,
      sink,
      missing: feed.missing,
      sketch,
      forced: forced !== null,
      closes: csv === null && yaml === null && session.plan.framing === 'stream',
    });
  } finally {
    // Also reached when the caller stops asking for batches.
    if (end === null) await text.close();
  }
}

/** What takes the text apart for the session. */
function openFeed(
  { wrapper, csv, yaml: Yaml }: Known,
  session: FormatSession,
  sink: Sink,
  {
    start,
    createReader,
    details,
  }: {
    readonly start: number;
    readonly createReader: ReaderFactory;
    readonly details: RoleDetails | null;
  },
): CsvFeed | YamlFeed | JsonFeed {
  if (csv !== null) return new CsvFeed(csv, session, sink, start, details);
  const create: ReaderFactory = (plan, at) =>
    (needsReference(plan) ? createReferenceReader : createReader)(plan, at);
  if (Yaml !== null) return new Yaml(create, session, sink, start, details);
  return new JsonFeed(create, session, sink, start, wrapper, details);
}
