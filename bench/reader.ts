/**
 * How fast JSON is read: stream-json's bare parser, the reference reader and the fast reader on the same generated
 * evidence, each alone on one thread. Measured is processor time, reading the file included: it says the same on a
 * busy machine. See docs/PERFORMANCE.md.
 *
 *   npm run build:bench && node build/bench/reader.js [--bytes 100M] [--runs 7] [--formats gaad,cloudquery]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { jsonParser } from 'stream-json/core/parser.js';
import { pick } from 'stream-json/filters/pick.js';
import { parser } from 'stream-json/parser.js';
import type { FileContext, Format } from '../src/formats/format.ts';
import { FORMATS } from '../src/formats/index.ts';
import { Sink } from '../src/formats/sink.ts';
import { createFastReader } from '../src/json/fast.ts';
import type { ReaderFactory, ReadPlan } from '../src/json/reader.ts';
import { createReferenceReader } from '../src/json/reference.ts';

const CHUNK = 1024 * 1024;

/** Takes a file's bytes; returns how many elements it found, or 0 where that is not its business. */
type Contender = (path: string, plan: ReadPlan) => number | Promise<number>;

const CONTENDERS: Readonly<Record<string, Contender>> = {
  'stream-json, piped': pipedParse,
  'stream-json': bareParse,
  reference: reader(createReferenceReader),
  fast: reader(createFastReader),
  'sha256 (node)': (path) => {
    const hash = createHash('sha256');
    readFile(path, (bytes) => hash.update(bytes));
    hash.digest();
    return 0;
  },
};

const FORMAT_IDS: Readonly<Record<string, string>> = {
  gaad: 'gaad',
  'gaad-compact': 'gaad',
  cloudquery: 'cloudquery',
  config: 'aws-config',
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      bytes: { type: 'string', default: '100M' },
      runs: { type: 'string', default: '7' },
      formats: { type: 'string', default: Object.keys(FORMAT_IDS).join(',') },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'reader-'));
  try {
    console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} processors`);
    for (const name of values.formats.split(',')) {
      const path = join(folder, `${name}.json`);
      const script = fileURLToPath(new URL('generate.js', import.meta.url));
      spawnSync(process.execPath, [script, '--format', name, '--bytes', values.bytes, '--out', path]);
      await measure(name, path, planOf(FORMAT_IDS[name] as string), Number(values.runs));
      rmSync(path);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the contenders in turn, so that a busy moment of the machine does not hit one alone. */
async function measure(name: string, path: string, plan: ReadPlan, runs: number): Promise<void> {
  const bytes = statSync(path).size;
  const times = new Map<string, number[]>();
  const found = new Map<string, number>();
  for (let run = 0; run <= runs; run++) {
    for (const [contender, read] of Object.entries(CONTENDERS)) {
      const before = process.cpuUsage();
      found.set(contender, await read(path, plan));
      const { user, system } = process.cpuUsage(before);
      const seconds = (user + system) / 1e6;
      // The first run warms up the compiler and the page cache.
      if (run > 0) times.set(contender, [...(times.get(contender) ?? []), seconds]);
    }
  }
  if (found.get('fast') !== found.get('reference')) throw new Error('the readers disagree');
  const parse = median(times.get('stream-json') as number[]);
  console.log(`\n${name}: ${(bytes / 1e6).toFixed(0)} MB, ${found.get('fast')} elements, median of ${runs}`);
  console.table(
    [...times].map(([contender, seconds]) => ({
      contender,
      'MB per second': Math.round(bytes / 1e6 / median(seconds)),
      'times stream-json': Number((parse / median(seconds)).toFixed(1)),
      'slowest / fastest': Number((Math.max(...seconds) / Math.min(...seconds)).toFixed(2)),
    })),
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

/** The obvious design with the parser's best options: file, parser, filter that picks one list. */
async function pipedParse(path: string, { sources }: ReadPlan): Promise<number> {
  const filter = sources[0]?.at.at(-1);
  const tokens = createReadStream(path, { highWaterMark: CHUNK }).pipe(
    parser.asStream({ packValues: true, streamValues: false, jsonStreaming: true }),
  );
  const end = filter === undefined ? tokens : tokens.pipe(pick.asStream({ filter }));
  end.resume();
  await finished(end);
  return 0;
}

/** The best that stream-json's parser can do: packed values, no streamed ones, few and large chunks. */
function bareParse(path: string): number {
  const parse = jsonParser({ packValues: true, streamValues: false, jsonStreaming: true });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readFile(path, (bytes) => parse(decoder.decode(bytes, { stream: true })));
  return 0;
}

function reader(create: ReaderFactory): Contender {
  return (path, plan) => {
    const json = create(plan);
    let elements = 0;
    const count = (events: ReturnType<typeof json.push>) => {
      for (const event of events) {
        if (event.kind === 'element') elements++;
        if (event.kind === 'malformed') throw new Error(`malformed at ${event.offset}: ${event.expected}`);
      }
    };
    readFile(path, (bytes) => count(json.push(bytes)));
    count(json.end());
    return elements;
  };
}

function readFile(path: string, take: (bytes: Uint8Array) => void): void {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const length = readSync(file, buffer, 0, CHUNK, null);
    if (length === 0) break;
    take(buffer.subarray(0, length));
  }
  closeSync(file);
}

/** What the format asks its reader for. */
function planOf(id: string): ReadPlan {
  const format = FORMATS.find((candidate) => candidate.id === id) as Format;
  const context: FileContext = {
    path: 'evidence.json',
    sketch: { documents: [], lines: true },
    companion: null,
    options: { format: null, account: null, capturedAt: null, receivedAt: '2026-02-01T00:00:00Z' },
    captureTime: () => ({ at: '2026-02-01T00:00:00Z', from: 'option' }),
    sink: new Sink(),
  };
  return format.open(context).plan;
}

await main();
