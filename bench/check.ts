/**
 * A short bench for every test run. It fails when a ratio, never a time, is below its floor: what was measured
 * (docs/PERFORMANCE.md) less a third or more, since machines and neighbours differ. What is below its floor is measured
 * again: something that became slower stays below it, a busy moment of the machine does not.
 */
import { counted } from '../src/text/counted.ts';
import floors from './floors.json' with { type: 'json' };
import { benchGsl } from './gsl.ts';
import { benchReader } from './reader.ts';
import { benchRegex } from './regex.ts';

const BYTES = '16M';
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
let low = 0;
for (const check of [...formats.map(readerCheck), gslCheck, regexCheck])
  low += (await lowAfterAll(check)).length;
console.log(
  low === 0
    ? 'all ratios are above their floors'
    : `${counted(low, 'ratio is', 'ratios are')} below the floor`,
);
process.exitCode = low === 0 ? 0 : 1;
