import { dirname, join } from 'node:path';
import type { EvidencePart } from '../evidence/archive/index.ts';
import { openEvidence } from '../evidence/open.ts';

/** Longest companion that is read. */
const MAX_COMPANION = 64 * 1024;

/**
 * Reads a small file that stands beside a file of evidence and belongs to it.
 *
 * @param name of the file in the same folder
 * @returns null when there is none, it cannot be read, or it comes behind the evidence in an archive
 */
export async function readCompanion(input: EvidencePart, name: string): Promise<string | null> {
  if (input.kind === 'opened' && input.kept !== null) return input.kept.beside(input.path, name);
  if ((input.kind !== 'file' && input.kind !== 'opened') || typeof input.file !== 'string') return null;
  const folder = dirname(input.file);
  try {
    const path = `${input.path.slice(0, input.path.lastIndexOf('/') + 1)}${name}`;
    const stream = await openEvidence({ kind: 'file', path, file: join(folder, name) });
    try {
      const parts: Uint8Array[] = [];
      let length = 0;
      for (let bytes = await stream.next(); bytes !== null; bytes = await stream.next()) {
        parts.push(new Uint8Array(bytes));
        length += bytes.length;
        if (length > MAX_COMPANION) return null;
      }
      return Buffer.concat(parts).toString('utf8');
    } finally {
      await stream.close();
    }
  } catch {
    return null;
  }
}
