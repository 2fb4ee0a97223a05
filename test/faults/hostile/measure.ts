import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES } from './cases.ts';
import { faultsOf } from './faults-of.ts';
import { runCase } from './run-case.ts';

/**
 * Runs the cases whose names hold one of the given texts, or all, and prints a row of a table for each; what is not as it
 * should be goes to stderr. `--short` for the sizes of the short suite.
 */
const args = process.argv.slice(2);
const size = args.includes('--short') ? 'short' : 'full';
const wanted = args.filter((arg) => !arg.startsWith('--'));
let failed = false;
for (const one of CASES) {
  if (wanted.length > 0 && !wanted.some((part) => one.name.includes(part))) continue;
  const folder = mkdtempSync(join(tmpdir(), 'trustsieve-hostile-'));
  try {
    const outcome = await runCase(one, size, folder);
    for (const { command, seconds, megabytes, exit } of [outcome.scan, ...outcome.reports]) {
      const name = command[0] === 'report' ? `${command.slice(3, 5).join(' ')}` : one.what;
      console.log(
        `| \`${one.name}\` | ${name} | ${seconds.toFixed(1)} | ${megabytes.toFixed(0)} | ${exit} |`,
      );
    }
    for (const fault of faultsOf(one, outcome, size)) {
      failed = true;
      console.error(`${one.name}: ${fault}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
if (failed) process.exitCode = 1;
