import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { median, type Usage } from './child.ts';
import { type Contender, PROGRAM } from './contenders.ts';
import { readChunks } from './rivals/stream-json.ts';

export interface Task {
  readonly title: string;
  /** A file or folder. */
  readonly path: string;
  readonly contenders: readonly Contender[];
  readonly runs: number;
  /** How many roles there are to judge; null where the contenders do other things. */
  readonly roles: number | null;
  /** The contender to whom the others are compared. */
  readonly base?: string;
}

/**
 * Runs the contenders in turns, so that a busy moment of the machine does not hit one alone, and prints a table of
 * medians. Who cannot do it is named in it with the reason.
 *
 * @returns the medians by contender, without those who could not
 */
export async function compare(task: Task): Promise<ReadonlyMap<string, Usage>> {
  const { path, contenders, runs } = task;
  bringIntoCache(path);
  const usages = new Map<string, Usage[]>(contenders.map(({ name }) => [name, []]));
  const reasons = new Map<string, string>();
  for (let run = 0; run < runs; run++) {
    for (const { name, run: start } of contenders) {
      if (reasons.has(name)) continue;
      try {
        usages.get(name)?.push(await start(path));
      } catch (error) {
        reasons.set(name, firstLine(error));
      }
    }
  }
  const medians = new Map(
    [...usages].flatMap(([name, all]) => (reasons.has(name) ? [] : [[name, medianOf(all)] as const])),
  );
  print(task, medians, reasons);
  return medians;
}

function medianOf(all: readonly Usage[]): Usage {
  return {
    seconds: median(all.map(({ seconds }) => seconds)),
    cpuSeconds: median(all.map(({ cpuSeconds }) => cpuSeconds)),
    peakMb: median(all.map(({ peakMb }) => peakMb)),
  };
}

function print(
  { title, contenders, runs, roles, base = PROGRAM }: Task,
  medians: ReadonlyMap<string, Usage>,
  reasons: ReadonlyMap<string, string>,
): void {
  const own = medians.get(base);
  const against = (mine: number | undefined, theirs: number) =>
    mine === undefined ? 'unknown' : `${(theirs / mine).toFixed(2)}x`;
  console.log(`\n${title}: medians of ${runs}, in turns`);
  const lines = contenders.map(({ name }) => {
    const usage = medians.get(name);
    if (usage === undefined) return [name, `cannot: ${reasons.get(name) ?? 'not run'}`];
    return [
      name,
      usage.seconds.toFixed(2),
      usage.cpuSeconds.toFixed(2),
      usage.peakMb.toFixed(0),
      roles === null ? '' : Math.round(roles / usage.seconds).toLocaleString('en'),
      `${Math.round((100 * usage.cpuSeconds) / usage.seconds / availableParallelism())} %`,
      against(own?.seconds, usage.seconds),
      against(own?.cpuSeconds, usage.cpuSeconds),
    ];
  });
  const head = ['process', 'seconds', 'processor seconds', 'peak MB', 'roles/s', 'cores busy'];
  const ratios = [`of ${base}'s seconds`, `of its processor seconds`];
  for (const line of [[...head, ...ratios], ['---', ...Array(7).fill('--:')], ...lines]) {
    console.log(`| ${line.join(' | ')} |`);
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const said = text.split('\n').find((line) => /error|not /i.test(line)) ?? text;
  return said.trim().slice(0, 200);
}

function bringIntoCache(path: string): void {
  if (!statSync(path).isDirectory()) readChunks(path, () => undefined);
  else for (const name of readdirSync(path)) bringIntoCache(join(path, name));
}
