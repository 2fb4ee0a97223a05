import type { EvidencePart } from '../../evidence/archive/index.ts';
import { type EvidenceEnd, type EvidenceStream, MAX_HELD, openEvidence } from '../../evidence/open.ts';
import { detectFormat } from '../../formats/index.ts';
import type { Format } from '../../formats/shared/format.ts';
import type { ReaderFactory, ReadPlan } from '../../json/reader.ts';
import { DocumentSketches, type PrefixSketch } from '../../json/sketch.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import { type Text, textOf } from '../evidence-text.ts';
import { diagnoseUnknown } from './diagnose.ts';
import { TraceFinder } from './traces.ts';

/** A file whose beginning no format recognises, read to its end. */
export type LookedAt =
  | { readonly end: EvidenceEnd; readonly diagnosis: FileProblem }
  /** What a format reads stands further behind: `again` gives the text once more. */
  | {
      readonly format: Format;
      readonly sketch: PrefixSketch;
      readonly again: Text;
    };

/** Wants nothing, so that only what is no JSON is told. */
const NOTHING: ReadPlan = { sources: [], facts: [], framing: 'stream' };

/**
 * Reads the rest of a file that no format recognises by its beginning, which proves nothing about the rest: searches it
 * for traces of trust policies, and where there are some, for a document that a format recognises when it sees all of it.
 *
 * @param prefix the beginning of the stream's text, already read
 * @param sketch of the prefix
 */
export async function lookAside(
  input: EvidencePart & { readonly kind: 'file' | 'opened' },
  stream: EvidenceStream,
  prefix: Uint8Array,
  sketch: PrefixSketch,
  createReader: ReaderFactory,
): Promise<LookedAt> {
  const finder = new TraceFinder();
  const isJson = sketch.documents.length > 0;
  const reader = isJson ? createReader(NOTHING, 0) : null;
  let brokenAt: number | null = null;
  const check = (events: ReturnType<ReturnType<ReaderFactory>['push']>) => {
    for (const event of events) if (event.kind === 'malformed') brokenAt ??= event.offset;
  };
  const copy = typeof input.file === 'string' ? null : new Copy();
  for (let bytes: Uint8Array | null = prefix; bytes !== null; bytes = await stream.next()) {
    finder.push(bytes);
    if (reader !== null && !reader.stopped) check(reader.push(bytes));
    copy?.add(bytes);
  }
  if (reader !== null && !reader.stopped) check(reader.end());
  const end = await stream.finish();
  const { traces } = finder;
  if (traces.key !== null && (isJson || isBlank(prefix))) {
    const reread = async () => (copy === null ? openAgain(input) : copy.text(stream.start, end));
    const late = await findLate(await reread(), input.path);
    const again = late === null ? null : await reread();
    if (late !== null && again !== null) return { ...late, again };
  }
  const isPadded = end.problems.some(({ code }) => code === 'nul-padding');
  const unknown = { path: input.path, head: stream.head, prefix, sketch, traces, brokenAt, isPadded };
  return { end, diagnosis: diagnoseUnknown(unknown) };
}

async function findLate(
  text: Text | null,
  path: string,
): Promise<{ readonly format: Format; readonly sketch: PrefixSketch } | null> {
  if (text === null) return null;
  try {
    const sketches = new DocumentSketches();
    for (let bytes = await text.next(); bytes !== null; bytes = await text.next()) {
      for (const document of sketches.push(bytes)) {
        const found = recognise(document);
        if (found !== null) return found;
      }
    }
    const [open] = sketches.end();
    return open === undefined ? null : recognise(open);
  } finally {
    await text.close();
  }

  function recognise(document: PrefixSketch['documents'][number]) {
    const sketch = { documents: [document], lines: false };
    const format = detectFormat(sketch, path);
    return format === null ? null : { format, sketch };
  }
}

async function openAgain({
  path,
  file,
}: EvidencePart & { readonly kind: 'file' | 'opened' }): Promise<Text | null> {
  if (typeof file !== 'string') return null;
  try {
    const stream = await openEvidence({ kind: 'file', path, file });
    return textOf(stream);
  } catch {
    return null;
  }
}

/** A text that can be had only once, as long as it is not too large to be held. */
class Copy {
  private parts: Uint8Array[] | null = [];
  private length = 0;

  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    if (this.length > MAX_HELD) this.parts = null;
    else this.parts?.push(new Uint8Array(bytes));
  }

  text(start: number, end: EvidenceEnd): Text | null {
    if (this.parts === null) return null;
    const parts = this.parts.values();
    return {
      next: async () => parts.next().value ?? null,
      start,
      finish: async () => end,
      close: async () => undefined,
    };
  }
}

export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte <= 0x20);
}
