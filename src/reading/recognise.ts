import { detectFormat } from '../formats/index.ts';
import type { Format } from '../formats/shared/format.ts';
import { type PrefixSketch, SKETCH_BYTES, sketchPrefix } from '../json/sketch.ts';
import { isBlank } from './diagnose/look-aside.ts';
import type { Text } from './evidence-text.ts';
import { type CsvHeader, sniffCsv } from './tables/sniff-csv.ts';
import { findWrapper, type Wrapper } from './text/unwrap.ts';
import type { YamlFeed } from './yaml/feed-yaml.ts';

/** What the beginning of a text tells of it. */
export interface Known {
  /** Null when no format recognises it. */
  readonly format: Format | null;
  readonly sketch: PrefixSketch;
  /** Of the text as JSON. */
  readonly json: PrefixSketch;
  readonly wrapper: Wrapper | null;
  readonly csv: CsvHeader | null;
  readonly yaml: typeof YamlFeed | null;
}

/** Recognises a text by its beginning: wrapped or bare JSON, a table, YAML, and the format of what they hold. */
export async function recognise(prefix: Uint8Array, path: string, forced: Format | null): Promise<Known> {
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
  const module = json.documents.length > 0 || csv !== null ? null : await import('./yaml/feed-yaml.ts');
  const shape = module?.sketchYaml(prefix) ?? null;
  const sketch = csv?.sketch ?? shape ?? json;
  const yaml = module === null || shape === null ? null : module.YamlFeed;
  return { format: forced ?? detectFormat(sketch, path), sketch, json, wrapper, csv, yaml };
}

/** At least the bytes a sketch is made of, unless there are fewer. */
export async function readPrefix({ next }: Text): Promise<Uint8Array> {
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
