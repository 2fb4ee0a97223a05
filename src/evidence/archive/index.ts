import type { FileProblem } from '../../model/file-problem.ts';
import { errorText } from '../../text/error-text.ts';
import type { ArchivePart, EvidenceInput, OpenOptions } from '../evidence.ts';
import { type EvidenceEnd, EvidenceStream, MAX_HELD } from '../open.ts';
import { ByteSource, type Source, SourceDamage } from '../source.ts';
import { KeptMember } from './kept-member.ts';
import { type Member, MemberNames, memberTime } from './member.ts';
import { MemberSource } from './member-source.ts';
import { readTar } from './tar.ts';

/** One thing to read: an input as it was, or what became of it once it was opened. */
export type EvidencePart =
  | EvidenceInput
  | {
      readonly kind: 'opened';
      readonly path: string;
      /** Path for the file system; null for standard input and members of archives. */
      readonly file: string | null;
      /** The archive's members that are kept for their neighbours; null outside archives. */
      readonly kept: KeptMember | null;
      /** Closed when the next part is asked for. */
      readonly stream: EvidenceStream;
    }
  | {
      /** An archive, after its members. Its `truncated` says that members are missing or cut. */
      readonly kind: 'archive';
      readonly path: string;
      readonly format: 'tar' | 'zip';
      readonly members: number;
      readonly end: EvidenceEnd;
    };

/** Archives in archives are read, but not archives in those. */
const MAX_NESTING = 1;

/**
 * Opens one input and, when it is an archive, hands out its members one after the other, each evidence of its own,
 * and the archive itself last. Any other input is one part. A part must be read before the next one is asked for.
 */
export async function* expandEvidence(
  input: EvidenceInput,
  options: OpenOptions = {},
): AsyncGenerator<EvidencePart, void> {
  if (input.kind === 'skipped') {
    yield input;
    return;
  }
  let stream: EvidenceStream;
  try {
    stream = await EvidenceStream.start(input.path, await ByteSource.open(input.file, options));
  } catch {
    // Whoever reads the input meets the same error and has the words for it.
    yield input;
    return;
  }
  yield* expandStream(
    input.path,
    { file: typeof input.file === 'string' ? input.file : null, kept: null },
    stream,
    0,
    input.only ?? null,
  );
}

/** The same of bytes that a caller hands over. */
export async function* expandGiven(
  path: string,
  source: Source,
  given: OpenOptions = {},
): AsyncGenerator<EvidencePart, void> {
  let stream: EvidenceStream;
  try {
    stream = await EvidenceStream.start(path, source);
  } catch (error) {
    given.stop?.throwIfAborted();
    const message = `cannot be read: ${errorText(error)}`;
    yield { kind: 'skipped', path, code: 'evidence-unreadable', message };
    return;
  }
  yield* expandStream(path, { file: null, kept: null }, stream, 0);
}

async function* expandStream(
  path: string,
  place: { readonly file: string | null; readonly kept: KeptMember | null },
  stream: EvidenceStream,
  nesting: number,
  only: ArchivePart | null = null,
): AsyncGenerator<EvidencePart, void> {
  try {
    const { content } = stream;
    if ((content === 'tar' || content === 'zip') && nesting <= MAX_NESTING) {
      yield* expandArchive(path, stream, content, nesting, only);
    } else {
      yield { kind: 'opened', path, ...place, stream };
    }
  } finally {
    await stream.close();
  }
}

async function* expandArchive(
  path: string,
  stream: EvidenceStream,
  format: 'tar' | 'zip',
  nesting: number,
  only: ArchivePart | null,
): AsyncGenerator<EvidencePart, void> {
  const names = new MemberNames(path);
  const wanted = only === null ? null : new Set(only.members);
  const kept = new KeptMember();
  let members = 0;
  let problem: FileProblem | null = null;
  try {
    for await (const member of archiveMembers(stream, format)) {
      members++;
      const name = names.add(member.name);
      if (wanted?.delete(name) === false) {
        if (typeof member.content === 'function') await kept.keep(name, member.content);
        continue;
      }
      yield* expandMember(name, member, kept, stream, format, nesting);
      if (wanted?.size === 0 && only?.itself === false) return;
    }
  } catch (error) {
    if (!(error instanceof SourceDamage)) throw error;
    const { code, message } = error;
    problem = { code, message, ...(code === 'not-evidence' && { kind: 'a report of this program' }) };
  }
  for (const name of wanted ?? []) yield goneMember(name);
  if (only?.itself === false && problem === null) return;
  const end = await stream.finish();
  yield { kind: 'archive', path, format, members, end: archiveEnd(end, format, members, problem) };
}

/** It was there when the members were dealt out. */
function goneMember(path: string): EvidencePart {
  const message = 'is no longer in the archive, which has changed since the scan began';
  return { kind: 'skipped', path, code: 'evidence-unreadable', message };
}

async function* expandMember(
  path: string,
  { content, modifiedAt }: Member,
  kept: KeptMember,
  archive: EvidenceStream,
  format: 'tar' | 'zip',
  nesting: number,
): AsyncGenerator<EvidencePart, void> {
  if (typeof content !== 'function') {
    yield { kind: 'skipped', path, code: content.code, message: content.message };
    return;
  }
  const { unpacking } = archive;
  const unpacked = async (): Promise<Uint8Array | null> => {
    const bytes = await content();
    if (bytes !== null && format === 'zip') unpacking.add(bytes.length);
    return bytes;
  };
  const source = new MemberSource(kept.watch(path, unpacked), modifiedAt ?? archive.modifiedAt);
  const stream = await EvidenceStream.start(path, source, unpacking);
  yield* expandStream(path, { file: null, kept }, stream, nesting + 1);
}

/**
 * The members of an archive, none of them read. One must be read before the next one is asked for.
 *
 * @throws SourceDamage from the generator or from a member's `content`
 */
export function archiveMembers(stream: EvidenceStream, format: 'tar' | 'zip'): AsyncGenerator<Member, void> {
  return format === 'tar' ? tarMembers(stream) : zipMembers(stream);
}

async function* tarMembers(stream: EvidenceStream): AsyncGenerator<Member, void> {
  for await (const { name, kind, modified, size, next } of readTar(() => stream.next())) {
    const content: Member['content'] =
      kind === 'file'
        ? next
        : { code: 'not-a-file', message: 'a link, device, pipe or sparse file in an archive is not read' };
    yield { name, size, modifiedAt: memberTime(modified * 1000), content };
  }
}

async function* zipMembers(stream: EvidenceStream): AsyncGenerator<Member, void> {
  const access = await stream.randomAccess();
  if (access === null) {
    const held = MAX_HELD / 1024 / 1024;
    const message = `is a zip archive of more than ${held} MiB that is not a file of its own; save or unpack it to a disk`;
    throw new SourceDamage('random-access-needed', message);
  }
  // Loaded only where it is needed, as its package is large.
  const { readZip } = await import('./zip.ts');
  yield* readZip(access);
}

function archiveEnd(
  { evidence, problems, truncated }: EvidenceEnd,
  format: 'tar' | 'zip',
  members: number,
  problem: FileProblem | null,
): EvidenceEnd {
  const contents = members === 1 ? '1 member, which is' : `${members} members, which are`;
  const message = `is a ${format} archive with ${contents} listed as evidence of their own`;
  const empty = `is a ${format} archive without members; pack it again`;
  const note: FileProblem[] =
    members > 0
      ? [{ code: 'archive', message }]
      : problem === null
        ? [{ code: 'evidence-empty', message: empty }]
        : [];
  const damage = problem === null ? [] : [problem];
  const isAside = problem?.code === 'not-evidence';
  return {
    evidence,
    problems: [...note, ...damage, ...problems],
    truncated: truncated || (!isAside && (problem !== null || members === 0)),
  };
}
