import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { loadSqlite } from '../../src/store/sqlite-binary.ts';

describe('loadSqlite', () => {
  it('is content where SQLite loads', () => {
    expect(() => loadSqlite()).not.toThrow();
  });

  it('opens nothing on a Node.js that its binary would crash', () => {
    const open = () => {
      throw new Error('SQLite was opened');
    };
    expect(() => loadSqlite(open, { node: '22.13.1', napi: '9' })).toThrowError(
      expect.objectContaining({
        code: 'platform-unsupported',
        exitCode: 2,
        message: 'SQLite needs Node.js 22.14 or newer (of line 23, 23.6), and this is 22.13.1',
      }),
    );
    expect(() => loadSqlite(undefined, { node: '22.14.0', napi: '10' })).not.toThrow();
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
