import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { queried } from '../../report/parquet/duckdb.ts';
import { folderOfTest } from '../../temporary-folder.ts';
import { gaad, gaadRole, OPEN, put, putOrganisation } from '../evidence.ts';
import { cli } from '../harness.ts';

const at = folderOfTest();
const AS_OF = ['--as-of', '2026-05-01T00:00:00Z'];
const exported = (folder: string) =>
  cli(['export', '--format', 'parquet', '-o', folder, '--db', at('s.db'), ...AS_OF]);
const about = () =>
  JSON.parse(readFileSync(at('lake', '_trustsieve.json'), 'utf8')) as Record<string, unknown>;
const verdicts = () =>
  `read_parquet('${at('lake')}/verdicts/*/*/*.parquet', hive_partitioning = true, hive_types_autocast = false)`;

async function scanned(): Promise<void> {
  await cli(['scan', at('evidence'), '--db', at('s.db'), '--quiet', ...AS_OF]);
}

beforeEach(async () => {
  putOrganisation(at('evidence'));
  await scanned();
});

const parsed = (text: unknown): unknown => (text === null ? null : JSON.parse(String(text)));

/** Every file below a folder, with its digest. */
function digests(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')} ${name}`,
    )
    .sort();
}

describe('export --format parquet', { timeout: 120_000 }, () => {
  it('holds what `report --at` says at each capture, as another engine reads it', async () => {
    expect(await exported(at('lake'))).toMatchObject({ stdout: '' });
    const captures = await queried(
      `SELECT DISTINCT strftime(captured_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS time FROM '${at('lake')}/captures/*.parquet'`,
    );
    expect(captures.length).toBeGreaterThan(4);
    let all = 0;
    for (const { time } of captures) {
      const report = await cli([
        ...[
          'report',
          '--format',
          'json',
          '--status',
          'all',
          '--at',
          String(time),
          '--db',
          at('s.db'),
          ...AS_OF,
        ],
      ]);
      const rows = await queried(`SELECT * FROM ${verdicts()}
        WHERE captured_at = TIMESTAMP '${String(time).replace('Z', '')}' ORDER BY account, arn, role_id, rule`);
      const accounts = new Set(rows.map(({ account }) => account));
      const told = (JSON.parse(report.stdout) as readonly VerdictObject[]).filter(({ account }) =>
        accounts.has(account),
      );
      const essence = ({
        account,
        arn,
        roleId,
        rule,
        verdict,
        literal,
        severity,
        reason,
        state,
      }: VerdictObject) => [...[account, arn, roleId, rule, verdict, literal, severity, reason, state]];
      expect(
        rows.map((row) => [
          ...[row['account'], row['arn'], row['role_id'], row['rule'], row['verdict'], row['literal']],
          ...[
            row['severity'],
            row['reason'],
            row['state'],
            row['evidence_offset'],
            parsed(row['paths']),
            parsed(row['witness']),
            parsed(row['notes']),
          ],
        ]),
      ).toEqual(
        told.map((object) => [
          ...essence(object),
          String(object.evidence.offset),
          ...[object.paths, object.witness, object.notes],
        ]),
      );
      expect(rows.every((row) => row['account_id'] === row['account'])).toBe(true);
      all += rows.length;
    }
    expect([about()['verdicts'], about()['captures']]).toEqual([all, expect.any(Number)]);
    expect(all).toBeGreaterThan(10);
    const [{ policies } = {}] = await queried(
      `SELECT count(*) AS policies FROM ${verdicts()} WHERE policy_sha256 = sha256(policy)`,
    );
    const [{ known } = {}] = await queried(`SELECT count(policy) AS known FROM ${verdicts()}`);
    expect([policies, Number(known) > 10]).toEqual([known, true]);
  });

  it('gives the same bytes again', async () => {
    await exported(at('lake'));
    await exported(at('again'));
    expect(digests(at('again'))).toEqual(digests(at('lake')));
    expect(digests(at('lake')).length).toBeGreaterThan(6);
  });

  it('says what is missing in every table, in a file, and by exit code 3', async () => {
    put(
      at('evidence'),
      '2026-05-01/cut.json',
      gaad([gaadRole('Cut', { trust: OPEN })], { IsTruncated: true, Marker: 'x' }),
    );
    await scanned();
    const { exit, stderr } = await exported(at('lake'));
    expect([exit, stderr]).toEqual([3, expect.stringContaining('incomplete (exit 3)')]);
    expect(about()).toMatchObject({
      complete: false,
      missing: expect.arrayContaining([expect.stringContaining('captures')]),
    });
    const partial = await queried(
      `SELECT account, verdicts FROM '${at('lake')}/captures/*.parquet' WHERE NOT complete`,
    );
    expect(partial.length).toBe(about()['incompleteCaptures']);
    expect(partial.length).toBeGreaterThan(0);
    const rows = await queried(`SELECT DISTINCT arn FROM ${verdicts()} WHERE NOT complete`);
    expect(rows.map(({ arn }) => arn)).toContainEqual(expect.stringMatching(/role\/Cut$/));
    const files = await queried(
      `SELECT status, count(*) AS n FROM '${at('lake')}/evidence/*.parquet' GROUP BY 1`,
    );
    expect(files.map(({ status }) => status)).toContain('incomplete');
  });

  it('takes a folder that is new or empty, and never mixes two exports', async () => {
    mkdirSync(at('lake'));
    expect((await exported(at('lake'))).stderr).not.toContain('error');
    const before = digests(at('lake'));
    expect(await exported(at('lake'))).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('is not empty'),
    });
    expect(digests(at('lake'))).toEqual(before);
    writeFileSync(at('file'), '');
    expect(await exported(at('file'))).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('cannot write'),
    });
    expect(await exported('-')).toMatchObject({ exit: 2, stderr: expect.stringContaining('names a folder') });
    expect(await exported(at('not', 'there'))).toMatchObject({ exit: 2 });
    expect(existsSync(at('not'))).toBe(false);
    expect(readdirSync(at()).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(statSync(at('lake')).mode & 0o777).toBe(0o700);
  });
});
