/** All benchmarks in one run; see docs/PERFORMANCE.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchGsl } from './gsl.ts';
import { benchAgain, benchDaily, benchFolder } from './many-files.ts';
import { benchMicro } from './micro.ts';
import { benchReader } from './reader.ts';
import { benchRegex } from './regex.ts';
import { benchStart } from './start.ts';
import { benchWhole, CASES, type CaseName, type WholeOptions } from './whole.ts';

const WHOLE = Object.keys(CASES) as CaseName[];

const PARTS: Readonly<Record<string, (options: WholeOptions) => Promise<unknown>>> = {
  // First, because what runs before it in this process makes the engine keep slower code for it.
  gsl: () => benchGsl(1500),
  regex: async () => benchRegex(500),
  start: benchStart,
  ...Object.fromEntries(WHOLE.map((name) => [name, (options: WholeOptions) => benchWhole(name, options)])),
  again: benchAgain,
  folder: benchFolder,
  daily: benchDaily,
  reader: ({ runs }) => benchReader('100M', runs),
  micro: () => benchMicro(1500),
};

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '200M' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: Object.keys(PARTS).join(',') },
  },
});
const wanted = values.only.split(',').flatMap((name) => (name === 'whole' ? WHOLE : [name]));
for (const name of wanted) {
  if (!Object.hasOwn(PARTS, name)) {
    throw new Error(`there is no part \`${name}\`; choose of whole, ${Object.keys(PARTS).join(', ')}`);
  }
}
const folder = mkdtempSync(join(tmpdir(), 'trustsieve-bench-'));
try {
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} processors, load ${loadavg()[0]?.toFixed(1)}`;
  console.log(`Node ${process.version}, ${machine}`);
  for (const [name, run] of Object.entries(PARTS)) {
    if (wanted.includes(name)) await run({ folder, bytes: values.bytes, runs: Number(values.runs) });
  }
} finally {
  rmSync(folder, { recursive: true });
}
