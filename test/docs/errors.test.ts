import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DATA_PROBLEMS, ERRORS, type ErrorCode, TrustsieveError } from '../../src/errors.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/errors.md', () => {
  it('has every error of a command with its exit code, and no other', () => {
    const documented = rows.filter((row) => row.length === 6).map(([, code, exit]) => [code, exit]);
    expect(documented).toEqual(
      Object.entries(ERRORS).map(([code, { exit }]) => [`\`${code}\``, String(exit)]),
    );
  });

  it('has every problem of evidence with its meaning, and no other', () => {
    const documented = rows.filter((row) => row.length === 5).map(([, code, meaning]) => [code, meaning]);
    expect(documented).toEqual(
      Object.entries(DATA_PROBLEMS).map(([code, meaning]) => [`\`${code}\``, meaning]),
    );
  });
});

it('an error knows its exit code', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    expect(new TrustsieveError(code, 'text').exitCode).toBe(ERRORS[code].exit);
  }
});
