#!/usr/bin/env node
import { runCli } from './run.ts';

const stop = new AbortController();
let signalled: 'SIGINT' | 'SIGTERM' | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time the user means it: leave at once, the store keeps whole files only.
    if (signalled !== null) process.exit(signal === 'SIGINT' ? 130 : 143);
    signalled = signal;
    process.stderr.write('\nstopping after the files under way; press again to stop at once\n');
    stop.abort();
  });
}
// A reader that closes the pipe early (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stop.signal,
});
process.exitCode = signalled === null ? code : signalled === 'SIGINT' ? 130 : 143;
