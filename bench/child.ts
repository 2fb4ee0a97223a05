import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How one run of a command went. */
export interface Usage {
  readonly seconds: number;
  /** Processor time of all its threads; NaN where the system does not tell (it does on Linux). */
  readonly cpuSeconds: number;
  /** Most memory in use, in MB; NaN likewise. */
  readonly peakMb: number;
}

const LOOK_MS = 5;
/** Clock ticks per second in /proc, on every common Linux. */
const TICKS = 100;

/**
 * Runs a command to its end.
 *
 * @throws when it ends with another exit code than those named
 */
export async function runChild(command: string, args: readonly string[], exits = [0]): Promise<Usage> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
  let usage = { cpuSeconds: Number.NaN, peakMb: Number.NaN };
  const timer = setInterval(() => {
    usage = look(child.pid) ?? usage;
  }, LOOK_MS);
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const seconds = (performance.now() - began) / 1000;
  clearInterval(timer);
  if (exit === null || !exits.includes(exit)) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${exit}: ${Buffer.concat(said).toString().slice(-500)}`,
    );
  }
  return { seconds, ...usage };
}

/** Null where the process is gone, or the system tells nothing. */
function look(pid: number | undefined): Omit<Usage, 'seconds'> | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
    if (peak === undefined) return null;
    return { peakMb: Number(peak) / 1024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS };
  } catch {
    return null;
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
