import { openStore } from '../../src/store/index.ts';
import { beginRun, writeFile } from './files.ts';
import { killFiles } from './kill-files.ts';

// Runs in a child process which the test kills. Says on standard output which files are in the store.
const store = openStore(String(process.argv[2]), {
  mode: 'write',
  limits: { rows: 300 },
});
const run = beginRun(store);
for (const file of killFiles()) {
  process.stdout.write(`start ${file.path}\n`);
  writeFile(run, file);
  process.stdout.write(`done ${file.path}\n`);
}
// The test decides when this ends.
setInterval(() => {}, 1000);
