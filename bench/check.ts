/**
 * A short bench for every test run. It fails when a ratio, never a time, is below its floor: what was measured
 * (docs/PERFORMANCE.md) less a third or more, since machines and neighbours differ. What is below its floor is measured
 * again: something that became slower stays below it, a busy moment of the machine does not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted } from '../src/text/counted.ts';
import { PROGRAM } from './contenders.ts';
import floors from './floors.json' with { type: 'json' };
import { benchGsl } from './gsl.ts';
import { benchReader } from './reader.ts';
import { benchRegex } from './regex.ts';
import { benchWhole, type CaseName } from './whole.ts';

const BYTES = '16M';
/** Small, so that all of it takes less than a minute; the start takes a good part of a scan of it. */
const WHOLE_BYTES = '30M';
/** Once: processor seconds vary little, and what is below its floor is measured again. */
const WHOLE_RUNS = 1;
const RUNS = 3;
const ATTEMPTS = 3;

/** Measures, and returns a line for each ratio that is below its floor. */
type Check = () => Promise<readonly string[]>;

const readerCheck =
  (format: keyof typeof floors.reader): Check =>
  async () => {
    const floor = floors.reader[format];
    const ratio = (await benchReader(BYTES, RUNS, [format])).get(format) ?? 0;
    if (ratio >= floor) return [];
    return [`${format} is read ${ratio.toFixed(1)} times as fast as by stream-json, not ${floor}`];
  };

const gslCheck: Check = async () => {
  const { timesInterpreter, timesPredicate } = await benchGsl(400);
  const low: string[] = [];
  if (!(timesInterpreter >= floors.gsl.timesInterpreter))
    low.push(`the compiled rule is ${timesInterpreter.toFixed(1)} times as fast as the interpreter`);
  if (!(timesPredicate <= floors.gsl.timesPredicateAtMost))
    low.push(`the compiled rule takes ${timesPredicate.toFixed(2)} times as long as the predicate`);
  return low;
};

const regexCheck: Check = async () => {
  const ratios = benchRegex(60);
  return (['anchored', 'unanchored'] as const)
    .filter((kind) => !(ratios[kind] >= floors.regex[kind]))
    .map((kind) => `${kind} patterns are searched for ${ratios[kind].toFixed(1)} times as fast as by re2js`);
};

/** Whole scans beside their rivals, by processor seconds: on a busy machine they say more than time. */
const wholeCheck =
  (name: CaseName, rivals: Readonly<Record<string, number>>): Check =>
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trustsieve-check-'));
    try {
      const options = { folder, bytes: WHOLE_BYTES, runs: WHOLE_RUNS };
      const medians = await benchWhole(name, options, (contender) => Object.hasOwn(rivals, contender.name));
      const own = medians.get(PROGRAM)?.cpuSeconds ?? Number.NaN;
      return Object.entries(rivals).flatMap(([rival, floor]) => {
        const ratio = (medians.get(rival)?.cpuSeconds ?? Number.NaN) / own;
        return ratio >= floor
          ? []
          : [`${name} is scanned ${ratio.toFixed(2)} times as fast as by ${rival}, not ${floor}`];
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

async function lowAfterAll(check: Check): Promise<readonly string[]> {
  let low: readonly string[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    low = await check();
    if (low.length === 0) break;
    for (const line of low) console.error(`below the floor, measurement ${attempt} of ${ATTEMPTS}: ${line}`);
  }
  return low;
}

const formats = Object.keys(floors.reader) as (keyof typeof floors.reader)[];
const cases = Object.entries(floors.whole) as [CaseName, Readonly<Record<string, number>>][];
const checks = [
  ...formats.map(readerCheck),
  gslCheck,
  regexCheck,
  ...cases.map(([name, rivals]) => wholeCheck(name, rivals)),
];
let low = 0;
for (const check of checks) low += (await lowAfterAll(check)).length;
console.log(
  low === 0
    ? 'all ratios are above their floors'
    : `${counted(low, 'ratio is', 'ratios are')} below the floor`,
);
process.exitCode = low === 0 ? 0 : 1;
