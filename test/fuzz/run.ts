import { type ChildProcess, fork } from 'node:child_process';
import type { Block, Find, Report } from './worker.ts';

export interface RunOptions {
  readonly runSeed: number;
  /** The first input. */
  readonly from: number;
  readonly inputs: number;
  readonly seconds: number;
  readonly jobs: number;
  /** Milliseconds after which an input counts as one that hangs. */
  readonly patience?: number;
  readonly block?: number;
  onFind(find: Find): void;
  onProgress(tried: number): void;
}

export interface RunSummary {
  readonly tried: number;
  readonly scanned: number;
  readonly byProgram: number;
  readonly finds: number;
  /** Blocks that were silent for too long or died, and did neither when they were tried again; they were not scanned. */
  readonly unrepeated: number;
  /** The first input that nobody began. */
  readonly next: number;
}

const BLOCK = 1_000;
const PATIENCE = 30_000;
/** A scan is of many inputs, and takes so many times as long at most. */
const SCAN = 10;
/** Megabytes of heap: a leak of the fuzzer's own shows, too. */
const HEAP = 400;
/** A process does so many inputs: then another one takes its place. */
const BLOCKS_OF_A_PROCESS = 20;

/**
 * Tries inputs in processes of their own, so that a crash of native code, a loop without an end and a lack of memory each
 * end one process only. What it was at is tried once more, input by input, until the one is found.
 */
export async function run(options: RunOptions): Promise<RunSummary> {
  const until = Date.now() + options.seconds * 1000;
  const last = options.from + options.inputs;
  const sums = { tried: 0, scanned: 0, byProgram: 0, finds: 0, unrepeated: 0, next: options.from };
  const size = options.block ?? BLOCK;
  const found = (find: Find): void => {
    sums.finds++;
    options.onFind(find);
  };
  const work = async (): Promise<void> => {
    const process = new Process(options.patience ?? PATIENCE, found);
    while (sums.next < last && Date.now() < until) {
      const from = sums.next;
      const to = Math.min(last, from + size);
      sums.next = to;
      const end = await process.tryAll({ runSeed: options.runSeed, from, to, careful: false });
      sums.tried += to - from;
      sums.scanned += end.scanned;
      sums.byProgram += end.byProgram;
      sums.unrepeated += end.unrepeated;
      options.onProgress(sums.tried);
    }
    process.end();
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return sums;
}

type Outcome = Pick<RunSummary, 'scanned' | 'byProgram' | 'unrepeated'>;
type Step = { readonly end: Omit<Outcome, 'unrepeated'> } | { readonly died: string; readonly at: number };

class Process {
  private child: ChildProcess | null = null;
  private blocks = 0;
  private readonly patience: number;
  private readonly found: (find: Find) => void;

  constructor(patience: number, found: (find: Find) => void) {
    this.patience = patience;
    this.found = found;
  }

  async tryAll(block: Block): Promise<Outcome> {
    const step = await this.tryOnce(block);
    if ('end' in step) return { ...step.end, unrepeated: 0 };
    if (step.at < 0) {
      this.found({
        index: null,
        violations: [`${step.died} in a scan of the inputs ${block.from} to ${block.to}`],
      });
      return { scanned: 0, byProgram: 0, unrepeated: 0 };
    }
    let from = step.at;
    let unrepeated = 1;
    while (from < block.to) {
      const careful = await this.tryOnce({ ...block, from, careful: true });
      if ('end' in careful) break;
      this.found({ index: careful.at, violations: [careful.died] });
      unrepeated = 0;
      from = careful.at + 1;
    }
    return { scanned: 0, byProgram: 0, unrepeated };
  }

  end(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }

  private tryOnce(block: Block): Promise<Step> {
    if (++this.blocks % BLOCKS_OF_A_PROCESS === 0) this.end();
    this.child ??= fork(new URL('worker.ts', import.meta.url), {
      execArgv: [`--max-old-space-size=${HEAP}`, '--disable-warning=ExperimentalWarning'],
    });
    const { child } = this;
    return new Promise((resolve) => {
      let at = block.from;
      const finish = (step: Step): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if ('died' in step) this.end();
        resolve(step);
      };
      const hang = () => finish({ died: `hang: nothing for ${this.patience / 1000} seconds`, at });
      let timer = setTimeout(hang, this.patience);
      child.on('message', (report: Report) => {
        clearTimeout(timer);
        timer = setTimeout(
          hang,
          report.kind === 'at' && report.index < 0 ? SCAN * this.patience : this.patience,
        );
        if (report.kind === 'at') at = report.index;
        else if (report.kind === 'find') this.found(report.find);
        else finish({ end: report });
      });
      child.on('exit', (code, signal) => finish({ died: `died: ${signal ?? `exit ${code}`}`, at }));
      child.send(block);
    });
  }
}
