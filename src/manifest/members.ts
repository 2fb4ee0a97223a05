import { expandEvidence } from '../evidence/archive.ts';

/** What unpacking an archive gives for one member; null for one that cannot be read. */
export type MemberDigest = { readonly sha256: string; readonly bytes: number } | null;

/** The archive that a member lies in, by its path; null for a file of its own. */
export function archiveOf(path: string): string | null {
  const at = path.indexOf('!/');
  return at <= 0 ? null : path.slice(0, at);
}

/**
 * Hashes the members of an archive one after the other, nested archives and theirs included.
 *
 * @param path as the manifest has it
 * @param file for the file system
 */
export async function* hashMembers(
  path: string,
  file: string,
): AsyncGenerator<readonly [path: string, digest: MemberDigest], void> {
  for await (const part of expandEvidence({ kind: 'file', path, file })) {
    if (part.kind === 'opened') yield [part.path, (await part.stream.finish()).evidence];
    else if (part.kind === 'archive') yield [part.path, part.end.evidence];
    else yield [part.path, null];
  }
}
