import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inCheckout } from '../checkout.ts';

/** Of what needs no import: clocks, chance, the process and the network. `new Date(moment)` asks no clock. */
const IMPURE =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\b(?:crypto|performance|process|globalThis)\.|\b(?:fetch|setTimeout|setInterval|queueMicrotask)\(/;

it.each(['text', 'model', 'iam', 'gsl', 'exposure', 'rules', 'fix'])(
  'src/%s asks neither clock nor chance nor the process',
  (folder) => {
    const files = globSync(`${inCheckout(`src/${folder}`)}/**/*.ts`);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => IMPURE.test(readFileSync(file, 'utf8')))).toEqual([]);
  },
);
