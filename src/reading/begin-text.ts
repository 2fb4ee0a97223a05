import type { EvidencePart } from '../evidence/archive/index.ts';
import type { EvidenceEnd, EvidenceStream } from '../evidence/open.ts';
import type { Format } from '../formats/shared/format.ts';
import type { ReaderFactory } from '../json/reader.ts';
import type { FileProblem } from '../model/file-problem.ts';
import { lookAside } from './diagnose/look-aside.ts';
import { type Text, textOf } from './evidence-text.ts';
import { type Known, readPrefix, recognise } from './recognise.ts';
import { isStringOfJson, unstrung } from './text/unstring.ts';

/** What the beginning of a file comes to. */
export type Begun =
  /** All of it was read, and no format knows any of it. */
  | { readonly kind: 'unknown'; readonly end: EvidenceEnd; readonly diagnosis: FileProblem }
  | {
      readonly kind: 'known';
      readonly known: Known & { readonly format: Format };
      /** What is to be read, which may be the text inside of the file's text. */
      readonly text: Text;
      /** Its first bytes, already taken from it; null when none were. */
      readonly first: Uint8Array | null;
    };

/** Finds out what a file is and from where on it is to be read: by its beginning, and where that says nothing by the rest. */
export async function beginText(
  input: EvidencePart & { readonly kind: 'file' | 'opened' },
  stream: EvidenceStream,
  forced: Format | null,
  createReader: ReaderFactory,
): Promise<Begun> {
  const text = textOf(stream);
  const prefix = await readPrefix(text);
  const known = await recognise(prefix, input.path, forced);
  if (isStringOfJson(prefix)) {
    const inner = unstrung(prefix, text);
    const inside = await recognise(inner.first, input.path, forced);
    if (inside.format !== null) {
      return { kind: 'known', known: { ...inside, format: inside.format }, ...inner };
    }
  }
  if (known.format !== null) {
    return { kind: 'known', known: { ...known, format: known.format }, text, first: prefix };
  }
  const looked = await lookAside(input, stream, prefix, known.json, createReader);
  if ('end' in looked) return { kind: 'unknown', ...looked };
  const { format, sketch, again } = looked;
  return { kind: 'known', known: { ...known, format, sketch }, text: again, first: null };
}
