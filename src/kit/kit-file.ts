import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** A file of a kit. Its bytes are asked for once, when it is packed. */
export interface KitFile {
  /** Relative to the kit's folder, with `/`. */
  readonly name: string;
  readonly isExecutable: boolean;
  readonly bytes: number;
  readonly chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A file as it lies on disk. */
export async function fileOnDisk(name: string, path: string, isExecutable = false): Promise<KitFile> {
  const { size } = await stat(path);
  return {
    name,
    isExecutable,
    bytes: size,
    chunks: () => createReadStream(path, { highWaterMark: 1 << 20 }),
  };
}

/** A file that is made for the kit. */
export function madeFile(name: string, content: string | Uint8Array, isExecutable = false): KitFile {
  const held = typeof content === 'string' ? Buffer.from(content) : content;
  return { name, isExecutable, bytes: held.length, chunks: () => [held] };
}

/** In the order of their names, which no locale changes. */
export function inOrder(files: readonly KitFile[]): readonly KitFile[] {
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
