import type { EvidencePart } from '../evidence/archive.ts';
import { type EvidenceEnd, type EvidenceStream, openEvidence } from '../evidence/open.ts';
import type { EvidenceProblem } from '../evidence/types.ts';
import { needsReference, type ReaderFactory } from '../json/reader.ts';
import { createReferenceReader } from '../json/reference.ts';
import { type PrefixSketch, SKETCH_BYTES, sketchPrefix } from '../json/sketch.ts';
import { readCompanion } from './companion.ts';
import { archiveReading, conclude, forcedFormat, openSession, unopened, unrecognised } from './conclude.ts';
import { CsvFeed } from './feed-csv.ts';
import { JsonFeed } from './feed-json.ts';
import type { YamlFeed } from './feed-yaml.ts';
import type { Format, FormatSession } from './format.ts';
import { detectFormat } from './index.ts';
import { isBlank, lookAside, type Text } from './look-aside.ts';
import { isTable, readTable } from './read-table.ts';
import type { FileReading, FormatEvent, ReadOptions } from './reading.ts';
import { Sink } from './sink.ts';
import { type CsvHeader, sniffCsv } from './sniff-csv.ts';
import { isStringOfJson, Unstring } from './unstring.ts';
import { findWrapper, type Wrapper } from './unwrap.ts';

/**
 * Reads one file of evidence, or one part of an expanded archive: yields its records in batches, in the file's order,
 * then its captures, and returns what is to be said of the file as a whole. Nothing the file holds makes it throw, and
 * no more than one batch (the records of about 1 MiB) is held. Records of the same role are all handed out.
 *
 * @throws TrustsieveError `usage` when `options.format` is no format
 */
export async function* readEvidence(
  input: EvidencePart,
  options: ReadOptions,
  createReader: ReaderFactory = createReferenceReader,
): AsyncGenerator<readonly FormatEvent[], FileReading> {
  const forced = forcedFormat(options.format);
  if (input.kind === 'skipped') return unopened(input.path, input);
  if (input.kind === 'archive') return archiveReading(input);
  let stream: EvidenceStream;
  try {
    stream = input.kind === 'opened' ? input.stream : await openEvidence(input, options);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return unopened(input.path, { code: 'evidence-unreadable', message: `cannot be read: ${reason}` });
  }
  if (isTable(stream)) return yield* readTable(input.path, stream, options, forced);
  let text: Text = {
    next: () => stream.next(),
    start: stream.start,
    finish: () => stream.finish(),
    close: () => stream.close(),
  };
  let end: EvidenceEnd | null = null;
  try {
    const prefix = await readPrefix(text);
    let known = await recognise(prefix, input.path, forced);
    let first: Uint8Array | null = prefix;
    if (isStringOfJson(prefix)) {
      const inner = unstrung(prefix, text);
      const found = await recognise(inner.first, input.path, forced);
      if (found.format !== null) {
        known = found;
        first = inner.first;
        text = inner.text;
      }
    }
    if (known.format === null) {
      const looked = await lookAside(input, stream, prefix, known.json, createReader);
      if ('end' in looked) {
        end = looked.end;
        return unrecognised(end, looked.explanation);
      }
      text = looked.again;
      known = { ...known, format: looked.format, sketch: looked.sketch };
      first = await text.next();
    }
    const { format, sketch, wrapper, csv, yaml } = known;
    if (format === null) throw new Error('a text that is read has a format');
    const sink = new Sink();
    const { companion: beside } = format;
    const companion = beside === undefined ? null : await readCompanion(input, beside);
    const session = openSession(format, { path: input.path, sketch, stream, options, sink, companion });
    const create: ReaderFactory = (plan, start) =>
      (needsReference(plan) ? createReferenceReader : createReader)(plan, start);
    const feed =
      csv !== null
        ? new CsvFeed(csv, session, sink, text.start)
        : yaml !== null
          ? yaml.feed(session, sink, text.start)
          : new JsonFeed(create, session, sink, text.start, wrapper);
    for (let bytes = first; bytes !== null && !feed.stopped; bytes = await text.next()) {
      feed.push(bytes);
      const batch = sink.take();
      if (batch.length > 0) yield batch;
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

/** The text inside of a text that is one JSON string. */
function unstrung(prefix: Uint8Array, outer: Text): { readonly first: Uint8Array; readonly text: Text } {
  const inside = new Unstring();
  const first = inside.push(prefix);
  const next: Text['next'] = async () => {
    const bytes = await outer.next();
    return bytes === null ? null : inside.push(bytes);
  };
  const finish = async () => {
    const end = await outer.finish();
    const message = 'the export is one JSON string; what it says was read, and offsets count bytes of that';
    const problems: EvidenceProblem[] = [{ code: 'text-skipped', message }];
    if (!inside.ended) {
      problems.push({
        code: 'json-truncated',
        message: 'the JSON string has no end; transfer the file again',
      });
    } else if (inside.broken) {
      problems.push({
        code: 'json-malformed',
        message: 'something else follows the JSON string, or is in it',
      });
    }
    const isCut = problems.length > 1;
    return { ...end, problems: [...end.problems, ...problems], truncated: end.truncated || isCut };
  };
  return { first, text: { next, finish, start: 0, close: outer.close } };
}

/** What the beginning of a text tells of it. */
interface Known {
  /** Null when no format recognises it. */
  readonly format: Format | null;
  readonly sketch: PrefixSketch;
  /** Of the text as JSON. */
  readonly json: PrefixSketch;
  readonly wrapper: Wrapper | null;
  readonly csv: CsvHeader | null;
  readonly yaml: { readonly feed: (session: FormatSession, sink: Sink, start: number) => YamlFeed } | null;
}

async function recognise(prefix: Uint8Array, path: string, forced: Format | null): Promise<Known> {
  if (prefix.length >= SKETCH_BYTES && isBlank(prefix)) {
    const nothing = { documents: [], lines: false };
    return { format: forced, sketch: nothing, json: nothing, wrapper: null, csv: null, yaml: null };
  }
  const head = prefix.subarray(0, SKETCH_BYTES);
  const accept = (shape: PrefixSketch) => (forced ?? detectFormat(shape, path))?.detect(shape, path) === true;
  const wrapper = findWrapper(head, accept);
  const json = wrapper?.sketch ?? sketchPrefix(head);
  const csv = json.documents.length > 0 ? null : sniffCsv(prefix, accept);
  // Loaded only where it is needed, as its package is large.
  const module = json.documents.length > 0 || csv !== null ? null : await import('./feed-yaml.ts');
  const shape = module?.sketchYaml(prefix) ?? null;
  const sketch = csv?.sketch ?? shape ?? json;
  const yaml =
    module === null || shape === null
      ? null
      : {
          feed: (session: FormatSession, sink: Sink, start: number) =>
            new module.YamlFeed(session, sink, start),
        };
  return { format: forced ?? detectFormat(sketch, path), sketch, json, wrapper, csv, yaml };
}

/** At least the bytes a sketch is made of, unless there are fewer. */
async function readPrefix({ next }: Text): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < SKETCH_BYTES) {
    const bytes = await next();
    if (bytes === null) break;
    parts.push(new Uint8Array(bytes));
    length += bytes.length;
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}
