/** The demonstration behind `npm run demo`: scans the samples into demo-output/ and says where the report lies. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** `incomplete`: the samples hold broken evidence on purpose, and a scan that does not notice is at fault. */
const EXPECTED = 3;

/** A role that fails by its trust policy, and that a resource control policy closes. */
const CLOSED = 'arn:aws:iam::444455556666:role/payments-reconciler';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join('dist', 'cli', 'main.js');
const options = {
  '--accounts': 'samples/accounts.json',
  '--known-accounts': 'samples/vendors.yaml',
  '--exceptions': 'samples/exceptions.yaml',
  '--as-of': '2026-05-01T00:00:00Z',
  '--db': 'demo-output/trustsieve.db',
  '--csv': 'demo-output/findings.csv',
  '--html': 'demo-output/report.html',
};
process.exitCode = demo();

function demo() {
  if (!existsSync(join(root, program))) return failed(`there is no ${program}; run \`npm run build\` first`);
  rmSync(join(root, 'demo-output'), { recursive: true, force: true });
  mkdirSync(join(root, 'demo-output'));

  const args = ['scan', 'samples/evidence', ...Object.entries(options).flat()];
  console.log(`$ trustsieve ${args.join(' ')}\n`);
  const { status, signal, error } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error !== undefined) return failed(`the scan could not be started: ${error.message}`);
  if (status === null) return failed(`the scan was ended by ${signal}`);
  if (status !== EXPECTED) return failed(`the scan ended with exit code ${status} instead of ${EXPECTED}`);

  const report = join(root, options['--html']);
  if (!existsSync(report)) return failed(`the scan left no ${report}`);
  console.log(
    `\nExit code ${EXPECTED} (incomplete) is right here: some of the samples are broken on purpose.`,
  );
  console.log(`Report:   ${report}`);
  console.log(`          ${pathToFileURL(report).href}`);
  console.log(`Findings: ${join(root, options['--csv'])}`);
  console.log(`Store:    ${join(root, options['--db'])}`);
  console.log('How the organisation closes a finding:');
  console.log(`          npx trustsieve explain ${CLOSED} --db ${options['--db']}`);
  return 0;
}

function failed(why) {
  console.error(`demo: ${why}`);
  return 1;
}
