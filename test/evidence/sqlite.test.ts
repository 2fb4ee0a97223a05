import { describe, expect, it } from 'vitest';
import { collectsUnsafely } from '../../src/evidence/sqlite.ts';

describe('versions of Node.js on which statements are kept', () => {
  it.each([
    ['20.20.2', false],
    ['22.22.0', false],
    ['24.18.1', false],
    ['24.19.0', true],
    ['24.21.0', true],
    ['25.1.0', false],
  ])('%s: %s', (version, expected) => {
    expect(collectsUnsafely(version)).toBe(expected);
  });
});
