import { EvidenceStream } from '../open.ts';
import { ByteSource, SourceDamage } from '../source.ts';
import { archiveMembers } from './index.ts';
import { MemberNames } from './member.ts';

/** A member of an archive, not read. */
export interface ListedMember {
  /** As shown, and as `expandEvidence` shows it. */
  readonly path: string;
  /** Bytes when unpacked, as far as the archive tells. */
  readonly size: number;
}

/**
 * The members of an archive in the order of the archive: of a zip by its directory, of a tar by its headers, for which a compressed
 * one is unpacked once. Holds their names, none of their content.
 *
 * @param path as shown
 * @returns null for what is no archive, has no members, is damaged, or cannot be opened
 */
export async function listMembers(path: string, file: string): Promise<readonly ListedMember[] | null> {
  let stream: EvidenceStream;
  try {
    stream = await EvidenceStream.start(path, await ByteSource.open(file));
  } catch {
    return null;
  }
  try {
    const { content } = stream;
    if (content !== 'tar' && content !== 'zip') return null;
    const names = new MemberNames(path);
    const members: ListedMember[] = [];
    for await (const { name, size } of archiveMembers(stream, content)) {
      members.push({ path: names.add(name), size });
    }
    // What follows the members of a tar, and the end of the compression around it, was read with it.
    const isWhole = content === 'zip' || !(await stream.finish()).truncated;
    return isWhole && members.length > 0 ? members : null;
  } catch (error) {
    if (error instanceof SourceDamage) return null;
    throw error;
  } finally {
    await stream.close();
  }
}
