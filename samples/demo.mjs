/** The demonstration behind `npm run demo`: scans the samples into demo-output/, says where the report lies, and what to type next. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** `incomplete`: the samples hold broken evidence on purpose, and a scan that does not notice is at fault. */
const EXPECTED = 3;

/** How the program is called in this folder, for the commands that it shows. */
const TRUSTSIEVE = 'npx trustsieve';

/** A role that fails by its trust policy, and that a resource control policy closes; no other has its name. */
const CLOSED = 'payments-reconciler';

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
    env: { ...process.env, TRUSTSIEVE_COMMAND: TRUSTSIEVE },
  });
  if (error !== undefined) return failed(`the scan could not be started: ${error.message}`);
  if (status === null) return failed(`the scan was ended by ${signal}`);
  if (status !== EXPECTED) return failed(`the scan ended with exit code ${status} instead of ${EXPECTED}`);

  const report = join(root, options['--html']);
  if (!existsSync(report)) return failed(`the scan left no ${report}`);
  console.log(
    `\nExit code ${EXPECTED} (incomplete) is right here: some of the samples are broken on purpose.`,
  );
  console.log(`The report, for a browser:\n  ${pathToFileURL(report).href}`);
  // The last line works as it stands, in the folder that this was run in.
  console.log(
    `How the organisation closes a finding:\n  ${TRUSTSIEVE} explain ${CLOSED} --db ${options['--db']}`,
  );
  return 0;
}

function failed(why) {
  console.error(`demo: ${why}`);
  return 1;
}
