/**
 * How fast JSON is read: stream-json's bare parser, the reference reader and the fast reader on the same generated
 * evidence, each alone on one thread. Measured is processor time, reading the file included: it says the same on a
 * busy machine.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { pick } from 'stream-json/filters/pick.js';
import { parser } from 'stream-json/parser.js';
import { FORMATS } from '../src/formats/index.ts';
import type { FileContext, Format } from '../src/formats/shared/format.ts';
import { Sink } from '../src/formats/shared/sink.ts';
import { createFastReader } from '../src/json/fast/fast-reader.ts';
import type { ReaderFactory, ReadPlan } from '../src/json/reader.ts';
import { createReferenceReader } from '../src/json/reference/reference-reader.ts';
import { median, runChild } from './child.ts';
import { bareParse, CHUNK, readChunks } from './rivals/stream-json.ts';

/** Takes a file's bytes; returns how many elements it found, or 0 where that is not its business. */
type Contender = (path: string, plan: ReadPlan) => number | Promise<number>;

const CONTENDERS: Readonly<Record<string, Contender>> = {
  'stream-json, piped': pipedParse,
  'stream-json': (path) => {
    bareParse(path);
    return 0;
  },
  reference: reader(createReferenceReader),
  fast: reader(createFastReader),
  'sha256 (node)': (path) => {
    const hash = createHash('sha256');
    readChunks(path, (bytes) => hash.update(bytes));
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

/**
 * Measures the readers on generated evidence.
 *
 * @param bytes size of each file, as the generator takes it
 * @returns by format, how many times faster than stream-json the fast reader is
 */
export async function benchReader(
  bytes: string,
  runs: number,
  formats: readonly string[] = Object.keys(FORMAT_IDS),
): Promise<ReadonlyMap<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'reader-'));
  const ratios = new Map<string, number>();
  try {
    for (const name of formats) {
      const path = join(folder, `${name}.json`);
      const script = fileURLToPath(new URL('generate.js', import.meta.url));
      await runChild(process.execPath, [script, '--format', name, '--bytes', bytes, '--out', path]);
      ratios.set(name, await measure(name, path, planOf(FORMAT_IDS[name] as string), runs));
      rmSync(path);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return ratios;
}

/** Runs the contenders in turn, so that a busy moment of the machine does not hit one alone. */
async function measure(name: string, path: string, plan: ReadPlan, runs: number): Promise<number> {
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
  return parse / median(times.get('fast') as number[]);
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
    readChunks(path, (bytes) => count(json.push(bytes)));
    count(json.end());
    return elements;
  };
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
    sink: new Sink({}),
  };
  return format.open(context).plan;
}
