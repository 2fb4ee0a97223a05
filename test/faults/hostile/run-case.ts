import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCheckout } from '../../checkout.ts';
import { MAIN } from '../../cli/built.ts';
import { type HostileCase, type Size, soundExport } from './case.ts';

/** A process that ended, or that had to be ended. */
export interface Measured {
  readonly command: readonly string[];
  readonly seconds: number;
  /** Most that the process ever held, all threads together, in MB of 10^6 bytes. */
  readonly megabytes: number;
  /** Null when it was ended by a signal. */
  readonly exit: number | null;
  readonly hung: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const PEAK = inCheckout('test', 'faults', 'hostile', 'peak.mjs');
const MOST_OUTPUT = 1_000_000;
/** Slower machines are given more time: `TRUSTSIEVE_SLOWER=3`. */
const SLOWER = Number(process.env.TRUSTSIEVE_SLOWER ?? 1);

/** Runs the built program, and ends it when it takes longer than it may. */
export async function measured(args: readonly string[], folder: string, seconds: number): Promise<Measured> {
  const peak = join(folder, 'peak');
  rmSync(peak, { force: true });
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', PEAK, MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { ...process.env, TRUSTSIEVE_PEAK: peak },
  });
  let hung = false;
  const limit = setTimeout(
    () => {
      hung = true;
      child.kill('SIGKILL');
    },
    seconds * SLOWER * 1000,
  );
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (texts[name].length < MOST_OUTPUT) texts[name] += text;
    });
  }
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(limit);
  return {
    command: args,
    seconds: (performance.now() - began) / 1000,
    megabytes: hung ? Number.NaN : Number(readFileSync(peak, 'utf8')) / 1e6,
    exit,
    hung,
    ...texts,
  };
}

/** What came of a case: its scan, and a report of the store that it left. */
export interface Outcome {
  readonly scan: Measured;
  readonly reports: readonly Measured[];
  readonly db: string;
}

/** Writes a case's evidence beside a sound file, and scans both. */
export async function runCase(one: HostileCase, size: Size, folder: string): Promise<Outcome> {
  const evidence = join(folder, 'evidence');
  mkdirSync(join(evidence, 'hostile'), { recursive: true });
  writeFileSync(join(evidence, 'sound.json'), soundExport());
  const db = join(folder, 'store.db');
  await one.write(one.store === true ? folder : join(evidence, 'hostile'), size);
  const time = ['--captured-at', '2026-04-30', '--as-of', '2026-05-01T00:00:00Z'];
  const scan = await measured(['scan', 'evidence', '--db', db, ...time], folder, one.seconds);
  const reports: Measured[] = [];
  for (const format of one.reports ?? []) {
    reports.push(
      await measured(
        ['report', '--db', db, '--format', format, '-o', join(folder, `out.${format}`)],
        folder,
        one.seconds,
      ),
    );
  }
  return { scan, reports, db };
}
