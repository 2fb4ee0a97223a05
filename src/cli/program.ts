import { getEventListeners } from 'node:events';
import { removeUnfinished } from '../report/files/unfinished.ts';
import { calledAs } from './invocation.ts';
import { openStandardOutput } from './output/standard-output.ts';
import { runCli } from './run.ts';
import { failAtSizeLimit, onSignal } from './signals.ts';

const stop = new AbortController();
let signalled: number | null = null;
onSignal((code) => {
  const isFirst = signalled === null;
  signalled ??= code;
  if (isFirst && getEventListeners(stop.signal, 'abort').length > 0) {
    stop.abort();
    return;
  }
  // Nobody tidies up, or the user means it the second time: the store keeps whole files only.
  removeUnfinished();
  process.exit(code);
});
failAtSizeLimit();
// Who does not read our messages loses them, and nothing else.
process.stderr.on('error', () => {});

// Node.js ends when nothing is left to wait for; before the command has said how it ended, that is no success.
process.exitCode = 4;
const code = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: openStandardOutput(process.stdout),
  stderr: process.stderr,
  stop: stop.signal,
  calledAs: calledAs(process, process.env),
});
process.exitCode = signalled ?? code;
