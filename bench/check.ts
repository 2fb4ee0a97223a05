/**
 * A short bench for every test run. It fails when a ratio, never a time, is below its floor: what was measured
 * (docs/PERFORMANCE.md) less a third or more, since machines and neighbours differ.
 */
import floors from './floors.json' with { type: 'json' };
import { benchGsl } from './gsl.ts';
import { benchReader } from './reader.ts';

const BYTES = '16M';
const RUNS = 3;

const low: string[] = [];
for (const [format, ratio] of await benchReader(BYTES, RUNS, Object.keys(floors.reader))) {
  const floor = floors.reader[format as keyof typeof floors.reader];
  if (!(ratio >= floor))
    low.push(`${format} is read ${ratio.toFixed(1)} times as fast as by stream-json, not ${floor}`);
}
const { timesInterpreter, timesPredicate } = await benchGsl(400);
if (!(timesInterpreter >= floors.gsl.timesInterpreter)) {
  low.push(`the compiled rule is ${timesInterpreter.toFixed(1)} times as fast as the interpreter`);
}
if (!(timesPredicate <= floors.gsl.timesPredicateAtMost)) {
  low.push(`the compiled rule takes ${timesPredicate.toFixed(2)} times as long as the predicate`);
}
for (const line of low) console.error(`below the floor: ${line}`);
console.log(
  low.length === 0 ? 'all ratios are above their floors' : `${low.length} ratios are below their floors`,
);
process.exitCode = low.length === 0 ? 0 : 1;
