import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { loadSqlite } from '../../src/store/sqlite-binary.ts';

describe('loadSqlite', () => {
  it('is content where SQLite loads', () => {
    expect(() => loadSqlite()).not.toThrow();
  });

  it('says in one line what SQLite needs where its binary does not load', () => {
    const load = () =>
      new Database(':memory:', { nativeBinding: new URL('../../package.json', import.meta.url).pathname });
    expect(() => loadSqlite(load)).toThrowError(
      expect.objectContaining({
        code: 'platform-unsupported',
        exitCode: 2,
        message: expect.stringMatching(/^SQLite does not load on this machine .*glibc 2\.34 or newer.*$/),
      }),
    );
  });
});
