import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { plannedOnce, planOnce } from '../../../src/store/schema/plan-once.ts';

describe('statements that are planned once', () => {
  it.each([
    ['SELECT a FROM t WHERE b = ? AND c <= $upTo', 'SELECT a FROM t WHERE b = +? AND c <= +$upTo'],
    [
      'SELECT a FROM t WHERE b IN (SELECT value FROM json_each(?))',
      'SELECT a FROM t WHERE b IN (SELECT value FROM json_each(+?))',
    ],
    [
      '\n  WITH x AS (SELECT 1) SELECT * FROM x WHERE a<>?',
      '\n  WITH x AS (SELECT 1) SELECT * FROM x WHERE a<>+?',
    ],
    ['DELETE FROM t WHERE a = ?', 'DELETE FROM t WHERE a = +?'],
    ['INSERT INTO t VALUES (?, ?)', 'INSERT INTO t VALUES (?, ?)'],
    ['SELECT a FROM t ORDER BY a LIMIT ?', 'SELECT a FROM t ORDER BY a LIMIT ?'],
  ])('have a sign before what is compared: %s', (sql, expected) => {
    expect(plannedOnce(sql)).toBe(expected);
  });

  it('find the same rows by the same index', () => {
    const db = new Database(':memory:');
    db.exec(`CREATE TABLE t (a TEXT NOT NULL, b INTEGER, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
      INSERT INTO t VALUES ('000000000001', 1), ('000000000001', 2), ('1', 3);`);
    const sql = 'SELECT b FROM t WHERE a = ? AND b <= ? ORDER BY b DESC';
    const plain = db.prepare<[string, number], number>(sql).pluck().all('000000000001', 2);
    planOnce(db);
    const once = db.prepare<[string, number], number>(sql).pluck();
    expect(once.source).toContain('a = +? AND b <= +?');
    expect(once.all('000000000001', 2)).toEqual(plain);
    const [plan] = db
      .prepare<[string, number], { detail: string }>(`EXPLAIN QUERY PLAN ${plannedOnce(sql)}`)
      .all('1', 3);
    expect(plan?.detail).toBe('SEARCH t USING PRIMARY KEY (a=? AND b<?)');
  });
});
