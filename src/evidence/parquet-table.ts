import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RandomAccess } from './open.ts';
import {
  PARQUET_WORKER,
  type ParquetAnswer,
  type ParquetInput,
  type ParquetQuestion,
} from './parquet-worker.ts';
import { SourceDamage } from './source.ts';
import { cellText, type Table, type TableRow } from './table.ts';

const MIB = 1024 * 1024;
const LIMITS = {
  // Grows with columns and row groups, not with rows.
  maxFooter: 32 * MIB,
  maxGroup: 64 * MIB,
  maxPage: 64 * MIB,
  segmentBytes: 2 * MIB,
  batchBytes: MIB / 4,
  batchRows: 1_000,
};
/** Heap of the worker, in MiB. */
const MAX_HEAP = 160;
/** Of it, what young values may take: batches are short-lived, and garbage counts in the peak. */
const MAX_YOUNG = 6;
/** Longest time for one batch, in milliseconds; an ordinary one takes a fraction of a second. */
const MAX_TIME = 30_000;

/**
 * Opens a Parquet file (https://parquet.apache.org/docs/file-format/).
 *
 * @param maxTime longest time for one batch, in milliseconds
 * @throws SourceDamage when its footer cannot be read
 */
export async function openParquet(access: RandomAccess, maxTime = MAX_TIME): Promise<Table> {
  const decoder = new Decoder(access, maxTime);
  try {
    const answer = await decoder.next();
    const columns = answer.kind === 'columns' ? answer.columns : [];
    return {
      columns,
      rows: (wanted) => readRows(decoder, { columns: wanted.map((index) => columns[index] as string) }),
      close: () => decoder.close(),
    };
  } catch (error) {
    await decoder.close();
    throw error;
  }
}

async function* readRows(
  decoder: Decoder,
  question: ParquetQuestion,
): AsyncGenerator<readonly TableRow[], void> {
  for (;;) {
    const answer = await decoder.next(question);
    if (answer.kind !== 'rows') return;
    const { offset, first, values } = answer;
    yield values.map((row, index) => ({ offset, number: first + index, cells: row.map(cellText) }));
  }
}

/** The worker that decodes one file. */
class Decoder {
  private readonly worker: Worker;
  private readonly maxTime: number;
  private settle: (answer: ParquetAnswer) => void = () => {};

  constructor(access: RandomAccess, maxTime: number) {
    this.maxTime = maxTime;
    const input: ParquetInput = {
      file: 'file' in access ? access.file : null,
      bytes: 'bytes' in access ? access.bytes : null,
      ...LIMITS,
    };
    const { resolve } = createRequire(import.meta.url);
    const address = (name: string) => pathToFileURL(resolve(name)).href;
    this.worker = new Worker(PARQUET_WORKER, {
      eval: true,
      workerData: { input, hyparquet: address('hyparquet'), compressors: address('hyparquet-compressors') },
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP, maxYoungGenerationSizeMb: MAX_YOUNG },
      stdout: true,
      stderr: true,
    });
    this.worker.on('message', (answer: ParquetAnswer) => this.settle(answer));
    // Above all when its heap is full.
    this.worker.on('exit', () => this.settle({ kind: 'damaged', reason: 'the decoder stopped' }));
    this.worker.on('error', ({ message }) => this.settle({ kind: 'damaged', reason: message }));
  }

  /**
   * The next answer, never `damaged` or `too-large`.
   *
   * @throws SourceDamage
   */
  async next(question?: ParquetQuestion): Promise<ParquetAnswer> {
    const answer = await new Promise<ParquetAnswer>((resolve) => {
      const reason = `decoding takes longer than ${this.maxTime / 1000} seconds`;
      const timer = setTimeout(() => resolve({ kind: 'damaged', reason }), this.maxTime);
      this.settle = (settled) => {
        clearTimeout(timer);
        resolve(settled);
      };
      if (question !== undefined) this.worker.postMessage(question);
    });
    if (answer.kind === 'damaged') throw damaged(answer.reason);
    if (answer.kind === 'too-large') throw tooLarge(answer.row);
    return answer;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

function damaged(reason: string): SourceDamage {
  const clean = reason.slice(0, 200).replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
  return new SourceDamage('table-damaged', `the Parquet file is cut or damaged: ${clean}; transfer it again`);
}

function tooLarge(row: number): SourceDamage {
  const held = LIMITS.maxGroup / MIB;
  const message = `row ${row} begins a row group with more than ${held} MiB of role data; write the file with smaller row groups`;
  return new SourceDamage('table-too-large', message);
}
