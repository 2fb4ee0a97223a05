/**
 * `npm run audit`: whether the licences of all packages are known, which needs no network, and whether the registry
 * knows a grave vulnerability of one that the program needs to run. Says so when it could not ask.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readLock } from '../src/kit/lock.ts';
import { type Asked, conclusionOf } from './known-vulnerabilities.ts';
import { type Locked, licenceFaults } from './licences.ts';

/** How long the registry has to answer. */
const SECONDS = 20;

function ask(): Asked {
  const command = `npm audit --omit=dev --json --fetch-retries=0 --fetch-timeout=${SECONDS * 500}`;
  const { stdout, error } = spawnSync(command, { shell: true, encoding: 'utf8', timeout: SECONDS * 1000 });
  return {
    stdout: stdout ?? '',
    isLate: error !== undefined && 'code' in error && error.code === 'ETIMEDOUT',
  };
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const { production, compiledIn } = await readLock('.');
const faults = licenceFaults(
  packages,
  compiledIn.map(({ path }) => path),
);
for (const fault of faults) console.log(`failed ${fault}`);
if (faults.length === 0) {
  console.log(
    `ok     licences of ${Object.keys(packages).length - 1} packages, ${production.length} of them passed on`,
  );
}
const { outcome, line } = conclusionOf(ask());
const marks = { failed: 'failed', clean: 'ok    ', unknown: 'note  ' } as const;
console.log(`${marks[outcome]} ${line}`);
process.exitCode = outcome === 'failed' || faults.length > 0 ? 1 : 0;
