import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const BROWSER = 'test/**/*.browser.test.ts';
const SLOW = 'test/**/*.slow.test.ts';
const FAULTS = 'test/**/*.faults.test.ts';

export default defineConfig({
  test: {
    // A test that needs longer than this on a busy machine says so itself.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // How long `expect.poll` waits for what a page shows; a second would be enough on an idle machine.
    expect: { poll: { timeout: 15_000 } },
    // Beyond a line for each file, only tests are listed that may have to say so.
    slowTestThreshold: 5_000,
    // Left to itself, it would use one core of two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // The name of a test file says to which set it belongs (CONTRIBUTING.md).
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [BROWSER, SLOW, FAULTS] },
      },
      { extends: true, test: { name: 'browser', include: [BROWSER] } },
      { extends: true, test: { name: 'slow', include: [SLOW] } },
      // Minutes, gigabytes of disk, and measured, so one file after the other; `npm run test:faults`, no part of `npm test`.
      { extends: true, test: { name: 'faults', include: [FAULTS], fileParallelism: false } },
    ],
  },
});
