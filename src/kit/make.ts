import { createHash, type KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TrustsieveError } from '../errors.ts';
import { writeReportFile } from '../report/files/write-file.ts';
import { tarGz, zip } from './archive.ts';
import { type Checkout, isBuilt } from './checkout.ts';
import { kitFiles } from './content.ts';
import { carriedNode, type NodeSources } from './node-package.ts';
import type { Platform } from './platforms.ts';
import { sealed } from './sums.ts';

/** What a kit is made with. */
export interface KitOptions {
  readonly checkout: Checkout;
  readonly platform: Platform;
  /** An existing folder. */
  readonly output: string;
  /** Signs the sums; null for a kit without signature. */
  readonly key: KeyObject | null;
  readonly given: readonly string[];
  readonly cache: string;
}

/** A kit that was made. */
export interface MadeKit {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Makes the kit of a platform, whole or not at all. The same checkout gives the same bytes.
 *
 * @throws TrustsieveError `output-unwritable`, `configuration-invalid`, `platform-unsupported`
 */
export async function makeKit(options: KitOptions): Promise<MadeKit> {
  const { checkout, platform, output, key } = options;
  await demandFolder(output);
  if (!(await isBuilt(checkout.root))) {
    const message = '`dist` is not what these sources build: run `npm run build`';
    throw new TrustsieveError('configuration-invalid', message);
  }
  const names = namesOf(checkout, platform);
  const sources: NodeSources = { root: checkout.root, given: options.given, cache: options.cache };
  const node = await carriedNode(platform, sources);
  const files = sealed(await kitFiles(checkout, platform, node, names), key);
  const pack = platform.system === 'windows' ? zip : tarGz;
  const path = join(output, names.archive);
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await writeReportFile(path, async (out) => {
    await pipeline(pack(files, { folder: names.folder, seconds: checkout.seconds }), counted, out, {
      end: false,
    });
  });
  // A kit is made to be handed on, unlike a report.
  await chmod(path, 0o666 & ~process.umask());
  return { path, bytes, sha256: hash.digest('hex') };
}

/** A changed checkout shows in the name. */
function namesOf({ version, isChanged }: Checkout, { label, system }: Platform) {
  const folder = `trustsieve-${version}-${label}${isChanged ? '-dirty' : ''}`;
  return { folder, archive: `${folder}${system === 'windows' ? '.zip' : '.tar.gz'}` };
}

/** Asks before the work is done, not behind it. */
async function demandFolder(output: string): Promise<void> {
  try {
    const stats = await stat(output);
    if (!stats.isDirectory()) throw new Error('it is no folder');
    await access(output, constants.W_OK);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it is no folder';
    const message = `cannot write into \`${output}\`: ${why}; name an existing folder that you may write to`;
    throw new TrustsieveError('output-unwritable', message, { cause });
  }
}
