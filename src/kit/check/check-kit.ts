import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { unpackTar } from 'modern-tar/fs';
import { TrustsieveError } from '../../errors.ts';
import { readKit } from '../found-kit.ts';
import { faultsOf } from '../sums.ts';
import { differences } from './compare.ts';
import { WHOLE_FILES, writeEvidence } from './evidence.ts';
import { type Run, runHere, withoutNetwork } from './sandbox.ts';
import { offered, steps } from './steps.ts';

/** One line of what was checked. */
export interface Checked {
  readonly name: string;
  /** What is wrong; nothing where all is well. */
  readonly faults: readonly string[];
}

/**
 * Unpacks the kit of this machine elsewhere, has it do everything the program can do, without a network and without
 * an environment, and compares what comes out with what the checkout's `dist` makes of the same evidence.
 *
 * @throws TrustsieveError `platform-unsupported` where that cannot be shown on this machine
 */
export async function* checkKit(root: string, archive: string): AsyncGenerator<Checked, void> {
  if (process.platform !== 'linux') {
    const message = 'a kit can be checked on Linux only, which can take a program its network';
    throw new TrustsieveError('platform-unsupported', message);
  }
  const scratch = await mkdtemp(join(tmpdir(), 'trustsieve-kit-check-'));
  try {
    yield { name: 'sums of the archive', faults: faultsOf(await readKit(archive)) };
    const kit = await unpacked(archive, join(scratch, 'un packed'));
    yield { name: 'sums of the unpacked kit', faults: faultsOf(await readKit(kit)) };
    const isolated = await withoutNetwork(join(kit, 'node', 'node'));
    yield { name: 'a namespace without a network, an empty PATH', faults: [] };
    yield* compared(root, kit, scratch, isolated);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function* compared(root: string, kit: string, scratch: string, isolated: Run) {
  const [ours, theirs] = [join(scratch, 'kit'), join(scratch, 'checkout')];
  await Promise.all([mkdir(ours), mkdir(theirs)]);
  await writeEvidence(root, join(scratch, 'evidence'));
  await cp(join(root, 'samples'), join(scratch, 'samples'), { recursive: true });
  const main = join(root, 'dist', 'cli', 'main.js');
  const start = join(kit, 'trustsieve');
  const helpOf = async (command: string) =>
    (await runHere(process.execPath, [main, command, '--help'], theirs)).stdout.toString('utf8');
  const offers = offered(await helpOf('report'), await helpOf('completion'), await helpOf('check'));
  for (const step of steps(offers)) {
    const here = await isolated(start, step.args, ours, step.input);
    const there = await runHere(process.execPath, [main, ...step.args], theirs, step.input);
    const faults = await differences(step, { ran: here, folder: ours }, { ran: there, folder: theirs });
    yield { name: step.name, faults };
  }
  yield {
    name: 'all evidence of its own was read whole',
    faults: await unread(join(ours, 'scan.evidence.csv')),
  };
}

/** The files of our own evidence that a scan has not read whole, by the list it writes beside its findings. */
async function unread(list: string): Promise<readonly string[]> {
  const rows = parse<Record<string, string>>(await readFile(list), {
    columns: true,
    relax_column_count: true,
  });
  return WHOLE_FILES.flatMap((name) => {
    const own = rows.filter(({ path }) => path?.includes(`/${name}`) === true).map(({ status }) => status);
    if (own.length === 0) return [`\`${name}\` was not read`];
    return own.every((status) => status === 'complete') ? [] : [`\`${name}\` is ${own.join(', ')}`];
  });
}

/** Unpacks an archive into a new folder and gives the folder that was in it. */
async function unpacked(archive: string, folder: string): Promise<string> {
  await mkdir(folder);
  await pipeline(createReadStream(archive), createGunzip(), unpackTar(folder));
  const [only = ''] = await readdir(folder);
  return join(folder, only);
}
