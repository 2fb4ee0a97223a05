import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { formatCount } from '../../text/counted.ts';
import { oneLine } from '../../text/hidden-characters.ts';
import type { RandomAccess } from '../open.ts';
import { SourceDamage } from '../source.ts';
import {
  PARQUET_WORKER,
  type ParquetAnswer,
  type ParquetInput,
  type ParquetQuestion,
} from './parquet-worker.ts';
import { cellText, type Table, type TableRow } from './table.ts';

const MIB = 1024 * 1024;
const LIMITS = {
  // Grows with columns and row groups, not with rows.
  maxFooter: 32 * MIB,
  maxGroup: 64 * MIB,
  maxPage: 64 * MIB,
  // As many rows as the largest row groups of the common writers have, twice.
  maxValues: 2 * 1024 * 1024,
  maxList: 1_000_000,
  segmentBytes: 2 * MIB,
  batchBytes: MIB / 4,
  batchRows: 1_000,
};
/** Batches decoded while others are judged: as many as come of one segment. */
const AHEAD = 8;
/** Heap of the worker, in MiB. */
const MAX_HEAP = 160;
/** Of it, what young values may take: with less, batches outlive the young and are garbage for longer. */
const MAX_YOUNG = 24;
/** Longest time for one batch, in milliseconds; an ordinary one takes a fraction of a second. A fuzzer waits less. */
export const PATIENCE = { parquet: 30_000 };

/**
 * Opens a Parquet file (https://parquet.apache.org/docs/file-format/).
 *
 * @param maxTime longest time for one batch, in milliseconds
 * @throws SourceDamage when its footer cannot be read
 */
export async function openParquet(access: RandomAccess, maxTime = PATIENCE.parquet): Promise<Table> {
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
  for (let batches = 0; batches < AHEAD; batches++) decoder.ask(question);
  for (;;) {
    const answer = await decoder.next();
    if (answer.kind !== 'rows') return;
    decoder.ask(question);
    const { offset, first, count } = answer;
    const columns = answer.columns.map(({ values, places }) => ({ texts: values.map(cellText), places }));
    yield Array.from({ length: count }, (_, row) => ({
      offset,
      number: first + row,
      cells: columns.map(({ texts, places }) => texts[places === null ? row : (places[row] ?? -1)] ?? null),
    }));
  }
}

/** The worker that decodes one file. */
class Decoder {
  private readonly worker: Worker;
  private readonly maxTime: number;
  private readonly answers: ParquetAnswer[] = [];
  private wake: () => void = () => {};

  constructor(access: RandomAccess, maxTime: number) {
    this.maxTime = maxTime;
    const input: ParquetInput = {
      file: 'file' in access ? access.file : null,
      bytes: 'bytes' in access ? access.bytes : null,
      ...LIMITS,
    };
    const { resolve } = createRequire(import.meta.url);
    const compressors = resolve('hyparquet-compressors');
    this.worker = new Worker(PARQUET_WORKER, {
      eval: true,
      workerData: {
        input,
        hyparquet: pathToFileURL(resolve('hyparquet')).href,
        compressors: pathToFileURL(compressors).href,
        fzstd: pathToFileURL(createRequire(compressors).resolve('fzstd')).href,
      },
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP, maxYoungGenerationSizeMb: MAX_YOUNG },
      stdout: true,
      stderr: true,
    });
    this.worker.on('message', (answer: ParquetAnswer) => this.take(answer));
    // Above all when its heap is full.
    this.worker.on('exit', () => this.take({ kind: 'damaged', reason: 'the decoder stopped' }));
    this.worker.on('error', ({ message }) => this.take({ kind: 'damaged', reason: message }));
  }

  /** Asks for one more batch. */
  ask(question: ParquetQuestion): void {
    this.worker.postMessage(question);
  }

  /**
   * The next answer, never `damaged` or `too-large`.
   *
   * @throws SourceDamage
   */
  async next(): Promise<ParquetAnswer> {
    if (this.answers.length === 0) await this.arrival();
    const answer = this.answers.shift() as ParquetAnswer;
    if (answer.kind === 'damaged') throw damaged(answer.reason);
    if (answer.kind === 'too-large') throw tooLarge(answer);
    return answer;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private take(answer: ParquetAnswer): void {
    this.answers.push(answer);
    this.wake();
  }

  private async arrival(): Promise<void> {
    const reason = `decoding takes longer than ${this.maxTime / 1000} seconds`;
    const timer = setTimeout(() => this.take({ kind: 'damaged', reason }), this.maxTime);
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    clearTimeout(timer);
  }
}

function damaged(reason: string): SourceDamage {
  const clean = oneLine(reason.slice(0, 200));
  return new SourceDamage('table-damaged', `the Parquet file is cut or damaged: ${clean}; transfer it again`);
}

function tooLarge({ what, row }: Extract<ParquetAnswer, { kind: 'too-large' }>): SourceDamage {
  const too =
    what === 'group'
      ? `more than ${LIMITS.maxGroup / MIB} MiB of role data`
      : `a page of more than ${formatCount(LIMITS.maxValues)} values`;
  const message = `row ${row} begins a row group with ${too}; write the file with smaller row groups`;
  return new SourceDamage('table-too-large', message);
}
