import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { WRITERS, type Writer } from './generate-formats.ts';
import { Organisation, type Recipe } from './generate-organisation.ts';

/** Bytes per role with the default options, to turn a size into a number of roles. */
const ROLE_BYTES: Readonly<Record<string, number>> = {
  gaad: 6000,
  'gaad-compact': 2350,
  cloudquery: 900,
  'cloudquery-csv': 780,
  'list-roles': 540,
  config: 5900,
};

/** Characters handed to the stream at a time. */
const CHUNK = 256 * 1024;

/** The recipe of the command's defaults. */
export const ORDINARY: Omit<Recipe, 'roles' | 'accounts'> = {
  seed: 1,
  policies: 300,
  unique: 0.05,
  crossAccount: 0.25,
};

/** Shares as in real organisations: what most evidence differs in, and what only few elements have. */
export const REAL = { distinct: 0.3, denies: 0.05, odd: 0.01 };

export function rolesFor(format: string, bytes: number): number {
  const each = ROLE_BYTES[format];
  if (each === undefined) throw new Error(`there is no format \`${format}\``);
  return Math.max(1, Math.round(bytes / each));
}

/** Evidence piece by piece: any size in little memory. */
export function* evidence(format: string, recipe: Recipe): Generator<Buffer> {
  const writer = writerOf(format);
  const share = Math.floor(recipe.roles / recipe.accounts);
  const rest = recipe.roles % recipe.accounts;
  let pending = '';
  for (const part of writer(new Organisation(recipe), (account) => share + (account < rest ? 1 : 0))) {
    pending += part;
    if (pending.length >= CHUNK) {
      yield Buffer.from(pending);
      pending = '';
    }
  }
  yield Buffer.from(pending);
}

/** @param target a path, or a stream */
export async function writeEvidence(
  format: string,
  recipe: Recipe,
  target: string | Writable,
  gzip = false,
): Promise<void> {
  const bytes = Readable.from(evidence(format, recipe), { objectMode: false });
  const end = typeof target === 'string' ? createWriteStream(target) : target;
  if (gzip) await pipeline(bytes, createGzip(), end);
  else await pipeline(bytes, end);
}

/** `600M` is 600,000,000. */
export function sizeOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)$/i.exec(text);
  if (match === null) throw new Error(`\`${text}\` is no size for --bytes: write it like 600M`);
  const unit = { '': 1, K: 1e3, M: 1e6, G: 1e9 }[(match[2] as string).toUpperCase()] as number;
  return Number(match[1]) * unit;
}

function writerOf(format: string): Writer {
  const writer = WRITERS[format];
  if (writer !== undefined) return writer;
  throw new Error(`there is no format \`${format}\`; choose one of ${Object.keys(WRITERS).join(', ')}`);
}
