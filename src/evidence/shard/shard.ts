import type { EvidenceInput } from '../evidence.ts';
import { type Dealt, deal } from './deal.ts';
import { listDigest } from './list-digest.ts';
import { type Listed, listInputs } from './listed.ts';

/** One part of a list of inputs, as it is to be read. */
export interface DealtPart {
  /** SHA-256 of the whole list; the same in every part. */
  readonly list: string;
  readonly inputs: readonly EvidenceInput[];
  /** Files and members of archives of this part, and of the whole list. */
  readonly files: number;
  readonly filesOfAll: number;
}

/**
 * The `part`-th (from 1) of so many parts of a list of inputs. Each input is in exactly one of them, members of archives one by
 * one, so that all parts together read what one scan of the list does. An archive of which the members cannot be listed to the
 * end, and an archive within an archive, are one piece.
 *
 * @param everywhere paths of inputs that every part reads
 * @throws NotDealable
 */
export async function dealPart(
  given: readonly EvidenceInput[],
  everywhere: ReadonlySet<string>,
  part: number,
  parts: number,
): Promise<DealtPart> {
  const listed = await listInputs(given);
  const pieces: Piece[] = [];
  for (const one of listed) if (!everywhere.has(one.path)) pieces.push(...piecesOf(one));
  const partOf = deal(pieces, parts);
  const members = new Map<Listed, string[]>();
  let files = 0;
  for (const [index, { of, path }] of pieces.entries()) {
    if (partOf[index] !== part - 1) continue;
    files++;
    const own = members.get(of);
    if (own === undefined) members.set(of, [path]);
    else own.push(path);
  }
  const inputs: EvidenceInput[] = [];
  for (const one of listed) {
    const own = members.get(one);
    if (everywhere.has(one.path)) inputs.push(one.input);
    else if (own !== undefined) inputs.push(partly(one, own));
  }
  const shared = listed.filter(({ path }) => everywhere.has(path)).length;
  return {
    list: digestOf(listed),
    inputs,
    files: files + shared,
    filesOfAll: pieces.length + shared,
  };
}

/**
 * The digest of a list that is read whole.
 *
 * @throws NotDealable
 */
export async function digestOfList(given: readonly EvidenceInput[]): Promise<string> {
  return digestOf(await listInputs(given));
}

/** What goes to one part: a file, or a member. */
interface Piece extends Dealt {
  readonly of: Listed;
}

function piecesOf(of: Listed): readonly Piece[] {
  if (of.members === null) return [{ of, path: of.path, size: of.size }];
  return of.members.map(({ path, size }) => ({ of, path, size }));
}

/** An archive stands in the list beside its members: with another digest of it, it is another list. */
function digestOf(listed: readonly Listed[]): string {
  return listDigest(listed.flatMap((one) => [one, ...(one.members ?? [])]));
}

/** What is to be said of the archive itself goes with its first member. */
function partly({ input, members }: Listed, own: readonly string[]): EvidenceInput {
  if (members === null || input.kind !== 'file') return input;
  const isAll = own.length === members.length;
  return isAll ? input : { ...input, only: { members: own, itself: own.includes(members[0]?.path ?? '') } };
}
