import type { FileProblem } from '../model/file-problem.ts';
import { type Charset, charsetOf, createTranscoder, NO_TRANSCODER, type Transcoder } from './charset.ts';
import { COMPRESSION_HEAD, type Compression, compressionOf, passThrough } from './compression/index.ts';
import type { Inflated, InflateEnd } from './compression/inflate.ts';
import { CONTENT_HEAD, type Content, contentOf } from './content.ts';
import type { Evidence, EvidenceInput, OpenOptions } from './evidence.ts';
import { pullAll, withHead } from './pull.ts';
import { losesBytes, readingProblems } from './reading-problems.ts';
import { ByteSource, type Source, SourceDamage } from './source.ts';
import { TextMender } from './text-mender.ts';
import { Unpacking } from './unpacking.ts';

export interface EvidenceEnd {
  readonly evidence: Evidence;
  readonly problems: readonly FileProblem[];
  /** True when bytes are missing: the chunks are only a beginning. */
  readonly truncated: boolean;
}

/** Bytes that can be read in any order: a file of the file system, or all of them in memory. */
export type RandomAccess = { readonly file: string } | { readonly bytes: Uint8Array };

/** Most bytes that are held in memory where no file can be read in any order. */
export const MAX_HELD = 64 * 1024 * 1024;

/**
 * Opens one file of evidence. Compression and containers are recognised by their first bytes (never by the name),
 * the charset by its byte order mark.
 *
 * @throws the file system's error when the file cannot be opened or read
 */
export async function openEvidence(
  input: Extract<EvidenceInput, { kind: 'file' }>,
  options: OpenOptions = {},
): Promise<EvidenceStream> {
  return EvidenceStream.start(input.path, await ByteSource.open(input.file, options));
}

/** A file being read. Ask for chunks as long as they are wanted, then call `finish`, or `close` to give up. */
export class EvidenceStream {
  /** What the bytes are, after decompression. */
  readonly content: Content;
  /** The first bytes after decompression, a byte order mark included. */
  readonly head: Uint8Array;
  readonly compressed: boolean;
  readonly modifiedAt: string | null;
  /**
   * Offset of the first chunk's first byte in the decompressed evidence: the length of a UTF-8 byte order mark.
   * Text in UTF-16 or Windows-1252 has offsets in its UTF-8 form, from 0.
   */
  readonly start: number;
  /** Of the input that it is, or lies in. */
  readonly unpacking: Unpacking;
  private readonly path: string;
  private readonly source: Source;
  private readonly compression: Compression | null;
  private readonly inflated: Inflated;
  private readonly transcoder: Transcoder;
  /** Null for bytes that are no text. */
  private readonly mender: TextMender | null;
  private ready: readonly Uint8Array[] = [];
  private pending: Uint8Array | null;
  private inflateEnd: InflateEnd | null = null;
  private readonly fault: Fault;

  private constructor(
    path: string,
    source: Source,
    compression: Compression | null,
    inflated: Inflated,
    head: Uint8Array,
    fault: Fault,
    unpacking: Unpacking,
  ) {
    const { charset, mark } = charsetOf(head);
    this.path = path;
    this.source = source;
    this.compression = compression;
    this.compressed = compression !== null;
    this.inflated = inflated;
    this.fault = fault;
    this.unpacking = unpacking;
    this.modifiedAt = source.modifiedAt;
    this.content = contentOf(head);
    this.start = charset === 'utf-8' ? mark : 0;
    this.transcoder = this.content === 'text' ? createTranscoder(charset) : NO_TRANSCODER;
    this.mender = this.content === 'text' ? new TextMender() : null;
    this.pending = head.subarray(mark);
    this.head = new Uint8Array(head.subarray(0, CONTENT_HEAD));
  }

  /**
   * @param path as shown
   * @param source closed with the stream, and when it cannot be read
   * @param unpacking of the input that it lies in
   * @throws the file system's error
   */
  static async start(
    path: string,
    source: Source,
    unpacking = new Unpacking(() => Math.max(source.size, source.bytes)),
  ): Promise<EvidenceStream> {
    const fault: Fault = { error: null };
    // A member of a damaged archive is evidence all the same, if only of the damage.
    const next = async () => {
      try {
        return await source.next();
      } catch (error) {
        if (!(error instanceof SourceDamage)) throw error;
        fault.error = error;
        return null;
      }
    };
    try {
      const raw = await withHead(next, COMPRESSION_HEAD);
      const compression = compressionOf(raw.head);
      const inflated =
        compression === null ? passThrough(raw.next) : counted(compression.inflate(raw.next), unpacking);
      let end: InflateEnd | null = null;
      const nextInflated = async () => {
        const step = await inflated.next();
        if (step.done !== true) return step.value;
        end = step.value;
        return null;
      };
      const { head } = await withHead(nextInflated, CONTENT_HEAD);
      const stream = new EvidenceStream(path, source, compression, inflated, head, fault, unpacking);
      stream.inflateEnd = end;
      return stream;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** Of text, after decompression, as far as it was read. */
  get charset(): Charset {
    return this.transcoder.charset;
  }

  /**
   * The next bytes, of text as UTF-8 and without zero bytes at its end, valid until the next call; null at the end.
   */
  async next(): Promise<Uint8Array | null> {
    const { mender } = this;
    if (mender === null) return this.transcoded();
    for (;;) {
      const [first, ...others] = this.ready;
      this.ready = others;
      if (first !== undefined) return first;
      const bytes = await this.transcoded();
      if (bytes !== null) {
        this.ready = mender.push(bytes, this.transcoder.ascii);
        continue;
      }
      const rest = mender.end();
      return rest.length > 0 ? rest : null;
    }
  }

  private async transcoded(): Promise<Uint8Array | null> {
    if (this.pending !== null) {
      const head = this.transcoder.push(this.pending);
      this.pending = null;
      if (head.length > 0) return head;
    }
    while (this.inflateEnd === null) {
      const step = await this.step();
      if (step === null) break;
      const bytes = this.transcoder.push(step);
      if (bytes.length > 0) return bytes;
    }
    const rest = this.transcoder.end();
    return rest.length > 0 ? rest : null;
  }

  /**
   * The whole content for reading in any order; call it instead of `next`. Where no file has it uncompressed, it is
   * held in memory.
   *
   * @returns null when there is more than MAX_HELD to hold
   */
  async randomAccess(): Promise<RandomAccess | null> {
    if (!this.compressed && this.source.file !== null) return { file: this.source.file };
    const bytes = await pullAll(() => this.next(), MAX_HELD);
    return bytes === null ? null : { bytes };
  }

  /** Reads what is left for the hash's sake and closes the file. */
  async finish(): Promise<EvidenceEnd> {
    try {
      while (this.fault.error === null && (await this.source.next()) !== null);
    } catch (error) {
      this.fault.error = error;
    }
    const { path, modifiedAt } = this;
    const evidence = { path, bytes: this.source.bytes, sha256: await this.source.digest(), modifiedAt };
    const changed = (await this.source.changed?.()) ?? false;
    await this.close();
    const problems = readingProblems({
      bytes: this.source.bytes,
      error: this.fault.error,
      changed,
      compression: this.compression,
      inflateEnd: this.inflateEnd,
      charset: this.charset,
      padding: this.mender?.padding ?? 0,
      invalid: this.transcoder.invalid,
    });
    return { evidence, problems, truncated: problems.some(losesBytes) };
  }

  /** Closes the file without reading the rest. */
  async close(): Promise<void> {
    await this.inflated.return({ state: 'complete' });
    await this.source.close();
  }

  private async step(): Promise<Uint8Array | null> {
    try {
      const step = await this.inflated.next();
      if (step.done !== true) return step.value;
      this.inflateEnd = step.value;
    } catch (error) {
      this.fault.error = error;
      this.inflateEnd = { state: 'complete' };
    }
    return null;
  }
}

async function* counted(inflated: Inflated, unpacking: Unpacking): Inflated {
  try {
    for (;;) {
      const step = await inflated.next();
      if (step.done === true) return step.value;
      unpacking.add(step.value.length);
      yield step.value;
    }
  } finally {
    await inflated.return({ state: 'complete' });
  }
}

/** The error that ended the reading; null as long as there is none. */
interface Fault {
  error: unknown;
}
