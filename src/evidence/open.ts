import type { DataProblem } from '../errors.ts';
import { type Charset, charsetOf, createTranscoder, type Transcoder } from './charset.ts';
import { type GzipEnd, gunzip } from './gunzip.ts';
import { ByteSource } from './source.ts';
import type { Evidence, EvidenceInput } from './types.ts';

export interface EvidenceProblem {
  readonly code: DataProblem;
  readonly message: string;
}

export interface EvidenceEnd {
  readonly evidence: Evidence;
  readonly problems: readonly EvidenceProblem[];
  /** True when bytes are missing: the chunks are only a beginning. */
  readonly truncated: boolean;
}

/**
 * Opens one file of evidence. Gzip is recognised by its first bytes (never by the name), the charset by its
 * byte order mark.
 *
 * @throws the file system's error when the file cannot be opened or read
 */
export async function openEvidence(input: Extract<EvidenceInput, { kind: 'file' }>): Promise<EvidenceStream> {
  const source = await ByteSource.open(input.file);
  try {
    return await EvidenceStream.start(input.path, source);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** A file being read. Ask for chunks as long as they are wanted, then call `finish`, or `close` to give up. */
export class EvidenceStream {
  /** Of the text, after decompression. */
  readonly charset: Charset;
  readonly compressed: boolean;
  readonly modifiedAt: string | null;
  /**
   * Offset of the first chunk's first byte in the decompressed evidence: the length of a UTF-8 byte order mark.
   * Text in UTF-16 has offsets in its UTF-8 form, from 0.
   */
  readonly start: number;
  private readonly path: string;
  private readonly source: ByteSource;
  private readonly inflated: AsyncGenerator<Uint8Array, GzipEnd>;
  private readonly transcoder: Transcoder;
  private head: Uint8Array | null;
  private gzipEnd: GzipEnd | null = null;
  private failure: unknown = null;

  private constructor(
    path: string,
    source: ByteSource,
    compressed: boolean,
    inflated: AsyncGenerator<Uint8Array, GzipEnd>,
    head: Uint8Array,
  ) {
    const { charset, mark } = charsetOf(head);
    this.path = path;
    this.source = source;
    this.compressed = compressed;
    this.inflated = inflated;
    this.modifiedAt = source.modifiedAt;
    this.charset = charset;
    this.start = charset === 'utf-8' ? mark : 0;
    this.transcoder = createTranscoder(charset);
    this.head = head.subarray(mark);
  }

  static async start(path: string, source: ByteSource): Promise<EvidenceStream> {
    const raw = await withHead(() => source.next(), 2);
    const compressed = raw.head[0] === 0x1f && raw.head[1] === 0x8b;
    const inflated = compressed ? gunzip(raw.next) : passThrough(raw.next);
    const nextInflated = async () => {
      const step = await inflated.next();
      if (step.done !== true) return step.value;
      end = step.value;
      return null;
    };
    let end: GzipEnd | null = null;
    const text = await withHead(nextInflated, 3);
    const stream = new EvidenceStream(path, source, compressed, inflated, text.head);
    stream.gzipEnd = end;
    return stream;
  }

  /** The next bytes of text as UTF-8, valid until the next call; null at the end. */
  async next(): Promise<Uint8Array | null> {
    if (this.head !== null) {
      const head = this.transcoder.push(this.head);
      this.head = null;
      if (head.length > 0) return head;
    }
    while (this.gzipEnd === null) {
      const step = await this.step();
      if (step === null) break;
      const bytes = this.transcoder.push(step);
      if (bytes.length > 0) return bytes;
    }
    const rest = this.transcoder.end();
    return rest.length > 0 ? rest : null;
  }

  /** Reads what is left for the hash's sake and closes the file. */
  async finish(): Promise<EvidenceEnd> {
    try {
      while (this.failure === null && (await this.source.next()) !== null);
    } catch (error) {
      this.failure = error;
    }
    await this.close();
    const { path, modifiedAt } = this;
    const evidence = { path, bytes: this.source.bytes, sha256: this.source.digest(), modifiedAt };
    const problems = this.problems();
    return { evidence, problems, truncated: problems.some(({ code }) => !HARMLESS.has(code)) };
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
      this.gzipEnd = step.value;
    } catch (error) {
      this.failure = error;
      this.gzipEnd = { state: 'complete' };
    }
    return null;
  }

  private problems(): EvidenceProblem[] {
    const problems: EvidenceProblem[] = [];
    const { bytes } = this.source;
    if (this.failure !== null) {
      const message = `reading failed after ${bytes} bytes: ${describe(this.failure)}`;
      problems.push({ code: 'evidence-unreadable', message });
    }
    const end = this.gzipEnd;
    if (end?.state === 'truncated') {
      const message = `the compressed data ends too early, after ${bytes} bytes; transfer the file again`;
      problems.push({ code: 'gzip-truncated', message });
    } else if (end?.state === 'damaged') {
      const message = `the compressed data is damaged (${end.reason}); transfer the file again`;
      problems.push({ code: 'gzip-damaged', message });
    } else if (end?.state === 'trailing') {
      const message = 'something that is not gzip follows the compressed data and was not read';
      problems.push({ code: 'gzip-trailing', message });
    }
    const { invalid } = this.transcoder;
    if (invalid > 0) {
      const message = `${invalid} byte sequences are not ${this.charset.toUpperCase()} and read as U+FFFD`;
      problems.push({ code: 'invalid-utf8', message });
    }
    return problems;
  }
}

/** Problems that leave all of the text readable. */
const HARMLESS: ReadonlySet<DataProblem> = new Set(['invalid-utf8', 'gzip-trailing']);

type Next = () => Promise<Uint8Array | null>;

/** Looks at the first bytes, at least `wanted` unless there are fewer; `next` hands them out again. */
async function withHead(
  next: Next,
  wanted: number,
): Promise<{ readonly head: Uint8Array; readonly next: Next }> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < wanted) {
    const bytes = await next();
    if (bytes === null) break;
    // A single chunk is not copied: it stays valid until the next one is asked for.
    head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
    if (head.length < wanted) head = new Uint8Array(head);
  }
  let pending: Uint8Array | null = head.length > 0 ? head : null;
  const again = async () => {
    const first = pending;
    pending = null;
    return first ?? next();
  };
  return { head, next: again };
}

async function* passThrough(next: Next): AsyncGenerator<Uint8Array, GzipEnd> {
  for (let bytes = await next(); bytes !== null; bytes = await next()) yield bytes;
  return { state: 'complete' };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
