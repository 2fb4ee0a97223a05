import { stat } from 'node:fs/promises';
import { errorText } from '../../text/error-text.ts';
import { type ListedMember, listMembers } from '../archive/list-members.ts';
import type { EvidenceInput } from '../evidence.ts';
import type { Dealt } from './deal.ts';

/** An input of a list, with its size, and what it holds where it is an archive that can be dealt out by members. */
export interface Listed extends Dealt {
  readonly input: EvidenceInput;
  /** In the order of the archive; null: one piece. */
  readonly members: readonly ListedMember[] | null;
}

/** What cannot be dealt out: its bytes come once, and nobody knows how many. */
export class NotDealable extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`\`${path}\` cannot be dealt out`);
    this.path = path;
  }
}

/**
 * Looks at inputs as far as dealing them out takes: their sizes, and the members of archives. Only one of inputs of one path is
 * listed. A file that cannot be looked at weighs nothing; whoever reads it says why.
 *
 * @throws NotDealable for standard input, a pipe, a device
 */
export async function listInputs(inputs: readonly EvidenceInput[]): Promise<readonly Listed[]> {
  const listed = new Map<string, Listed>();
  for (const input of inputs) {
    if (!listed.has(input.path)) listed.set(input.path, await look(input));
  }
  return [...listed.values()];
}

async function look(input: EvidenceInput): Promise<Listed> {
  const { path } = input;
  if (input.kind === 'skipped') return { input, path, size: 0, members: null };
  if (typeof input.file !== 'string') throw new NotDealable(path);
  const stats = await stat(input.file).catch((error: unknown) => errorText(error));
  if (typeof stats === 'string') return { input, path, size: 0, members: null };
  if (!stats.isFile()) throw new NotDealable(path);
  return { input, path, size: stats.size, members: await listMembers(path, input.file) };
}
