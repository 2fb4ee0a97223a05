import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Left to itself, it would use one core of two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
