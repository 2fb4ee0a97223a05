import { TrustsieveError } from '../../errors.ts';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import { NotDealable } from '../../evidence/shard/listed.ts';
import { type DealtPart, dealPart, digestOfList } from '../../evidence/shard/shard.ts';
import type { Shard } from '../../model/completeness.ts';
import { missingPartsText } from '../../report/shared/missing.ts';
import type { StoreReader } from '../../store/index.ts';
import { counted, formatCount } from '../../text/counted.ts';

/** More parts than anybody has machines for. */
const MAX_PARTS = 100_000;

/** The part of its inputs that a scan reads. */
export interface ScanShard extends Shard, Pick<DealtPart, 'files' | 'filesOfAll'> {}

/** Reads `--shard I/N`; null without it. */
export function shardArgument(value: string | undefined): Pick<Shard, 'part' | 'parts'> | null {
  if (value === undefined) return null;
  const [, part, parts] = /^(\d{1,6})\/(\d{1,6})$/.exec(value)?.map(Number) ?? [];
  if (part !== undefined && parts !== undefined && part >= 1 && part <= parts && parts <= MAX_PARTS) {
    return { part, parts };
  }
  throw new TrustsieveError(
    'usage',
    `\`${value}\` is no part for --shard: write the third of twenty as 3/20, of at most ${formatCount(MAX_PARTS)} parts`,
  );
}

/**
 * Deals the inputs out, and says which of them are those of the part.
 *
 * @param everywhere paths of inputs that every part reads
 */
export async function takeShard(
  inputs: readonly EvidenceInput[],
  everywhere: ReadonlySet<string>,
  { part, parts }: Pick<Shard, 'part' | 'parts'>,
): Promise<{ readonly inputs: readonly EvidenceInput[]; readonly shard: ScanShard }> {
  try {
    const { list, inputs: own, files, filesOfAll } = await dealPart(inputs, everywhere, part, parts);
    return { inputs: own, shard: { list, part, parts, files, filesOfAll } };
  } catch (error) {
    if (!(error instanceof NotDealable)) throw error;
    const what = error.path === '-' ? 'standard input' : `\`${error.path}\``;
    throw new TrustsieveError(
      'usage',
      `--shard deals out files, and ${what} is none: it comes once, and nobody knows how long it is; save it to a file first`,
    );
  }
}

/**
 * What a scan without --shard does for a list of which the store lacks parts: where it reads the very same list, it reads all of it.
 * Lists the inputs only where there is such a list.
 */
export async function wholeOfOpenList(
  reader: StoreReader,
  inputs: readonly EvidenceInput[],
): Promise<Shard | null> {
  const open = reader.missingParts(null);
  if (open.length === 0) return null;
  try {
    const list = await digestOfList(inputs);
    return open.some((one) => one.list === list) ? { list, parts: 1, part: 1 } : null;
  } catch (error) {
    if (error instanceof NotDealable) return null;
    throw error;
  }
}

/**
 * Records that were found in the list of which a scan read a part: none is no gap as long as other parts are missing, which is one
 * by itself.
 */
export function recordsFound(reader: StoreReader, records: number, shard: ScanShard | null): number | null {
  if (shard === null) return records;
  const isOpen = reader.missingParts(null).some(({ list }) => list === shard.list);
  return isOpen ? null : reader.recordsOfList(shard.list);
}

/** What the summary says of the part. `reasons`: why the scan is incomplete. */
export function shardLine(
  { list, part, parts, files, filesOfAll }: ScanShard,
  reader: StoreReader,
  reasons: readonly string[],
): string {
  const open = reader.missingParts(null);
  const texts = open.map(missingPartsText);
  const isOpen = open.some((one) => one.list === list);
  const own = `Part ${formatCount(part)} of ${formatCount(parts)}: ${formatCount(files)} of ${counted(filesOfAll, 'file')}`;
  if (!isOpen) return `${own}; no part is missing`;
  return reasons.every((reason) => texts.includes(reason)) ? `${own}; only other parts are missing` : own;
}
