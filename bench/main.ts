/** All benchmarks in one run; see docs/PERFORMANCE.md. */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchGsl } from './gsl.ts';
import { benchMicro } from './micro.ts';
import { benchReader } from './reader.ts';
import { benchRegex } from './regex.ts';
import { benchWhole } from './whole.ts';

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '200M' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: 'gsl,regex,whole,reader,micro' },
  },
});
const parts = values.only.split(',');
const runs = Number(values.runs);
console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} processors`);
// First, because what runs before it in this process makes the engine keep slower code for it.
if (parts.includes('gsl')) await benchGsl(1500);
if (parts.includes('regex')) benchRegex(500);
if (parts.includes('whole')) await benchWhole({ bytes: values.bytes, runs });
if (parts.includes('reader')) await benchReader('100M', runs);
if (parts.includes('micro')) await benchMicro(1500);
