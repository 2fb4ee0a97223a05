import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReportSource } from '../../../src/model/report-source.ts';
import { EVIDENCE_COLUMNS } from '../../../src/report/csv/evidence.ts';
import { SPREADSHEET_ROWS, writeCsvFiles, writeEvidenceCsv } from '../../../src/report/csv/files.ts';
import { renderCsv } from '../../../src/report/csv/index.ts';
import { evidenceDigest } from '../../../src/report/shared/evidence-digest.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { makeEvidence, makeVerdict, memorySource, OPTIONS, OWN, SHA } from '../sample-source.ts';
import { renderToString } from '../sink.ts';
import { readCsv } from './read-csv.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'findings.csv');
});

function rolesIn(name: string): readonly (string | undefined)[] {
  const [header = [], ...rows] = readCsv(readFileSync(join(folder, name), 'utf8'));
  return rows.map((row) => row[header.indexOf('role_name')]);
}

function source(count: number): ReportSource {
  const verdicts = Array.from({ length: count }, (_, n) =>
    makeVerdict({ account: String(100_000_000_000 + n), roleName: `role-${n}` }),
  );
  verdicts.push(makeVerdict({ account: '999999999999', verdict: 'pass', severity: null }));
  return memorySource({ verdicts });
}

describe('writeCsvFiles', () => {
  it('leaves room for the header in what Excel opens', () => {
    expect(SPREADSHEET_ROWS + 1).toBe(2 ** 20);
  });

  it.each([0, 1, 5])('writes one file of %i rows when that is what fits', async (rows) => {
    const files = await writeCsvFiles(path, source(rows), { ...OPTIONS, rowsPerFile: 5 });
    expect(files).toEqual([{ path, rows }]);
    expect(readdirSync(folder)).toEqual(['findings.csv']);
    expect(readFileSync(path, 'utf8')).toBe(await renderToString(renderCsv, source(rows)));
  });

  it('splits what does not fit, in order, and lists the parts in the file asked for', async () => {
    const files = await writeCsvFiles(path, source(11), { ...OPTIONS, rowsPerFile: 5 });
    const names = ['findings-001.csv', 'findings-002.csv', 'findings-003.csv'];
    expect(files).toEqual(names.map((name, n) => ({ path: join(folder, name), rows: n < 2 ? 5 : 1 })));
    expect(readdirSync(folder).sort()).toEqual([...names, 'findings.csv']);
    expect(names.flatMap(rolesIn)).toEqual(Array.from({ length: 11 }, (_, n) => `role-${n}`));
    const sha256 = (name: string): string =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
    expect(readCsv(readFileSync(path, 'utf8'))).toEqual([
      ['file', 'rows', 'first_account', 'last_account', 'sha256'],
      [names[0], '5', '100000000000', '100000000004', sha256('findings-001.csv')],
      [names[1], '5', '100000000005', '100000000009', sha256('findings-002.csv')],
      [names[2], '1', '100000000010', '100000000010', sha256('findings-003.csv')],
    ]);
  });

  it('names the lowest and the highest account of each part, whose rows come the worst first', async () => {
    const verdicts = (['low', 'medium', 'critical', 'medium'] as const).map((severity, n) =>
      makeVerdict({ account: String(100_000_000_000 + n), roleName: `role-${n}`, severity }),
    );
    await writeCsvFiles(path, memorySource({ verdicts }), { ...OPTIONS, rowsPerFile: 3 });
    expect(['findings-001.csv', 'findings-002.csv'].flatMap(rolesIn)).toEqual(
      [2, 1, 3, 0].map((n) => `role-${n}`),
    );
    const [, ...parts] = readCsv(readFileSync(path, 'utf8'));
    expect(parts.map(([, rows, first, last]) => [rows, first, last])).toEqual([
      ['3', '100000000001', '100000000003'],
      ['1', '100000000000', '100000000000'],
    ]);
  });

  it('fills the last part to the brim without an empty one after it', async () => {
    const files = await writeCsvFiles(path, source(10), { ...OPTIONS, rowsPerFile: 5 });
    expect(files.map(({ rows }) => rows)).toEqual([5, 5]);
  });

  it('gives every part the options and the outcomes asked for', async () => {
    const csv = { bom: true, delimiter: ';' } as const;
    const options = { ...OPTIONS, csv, outcomes: ['fail', 'pass'] as const, rowsPerFile: 2 };
    const files = await writeCsvFiles(path, source(2), options);
    expect(files.map(({ rows }) => rows)).toEqual([2, 1]);
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text.startsWith('\ufeff'), name).toBe(true);
      expect(text.split('\r\n')[0]?.split(';').length, name).toBeGreaterThan(4);
    }
  });

  it('never splits what goes into a pipe or device', async () => {
    const files = await writeCsvFiles('/dev/null', source(9), { ...OPTIONS, rowsPerFile: 2 });
    expect(files).toEqual([{ path: '/dev/null', rows: 9 }]);
  });

  it('lets go of the source when a part cannot be written', async () => {
    let released = false;
    const plain = source(9);
    const watched: ReportSource = {
      ...plain,
      *verdicts(filter) {
        try {
          yield* plain.verdicts(filter);
        } finally {
          released = true;
        }
      },
    };
    const missing = join(folder, 'missing', 'findings.csv');
    await expect(writeCsvFiles(missing, watched, { ...OPTIONS, rowsPerFile: 2 })).rejects.toMatchObject({
      code: 'output-unwritable',
    });
    expect(released).toBe(true);
  });
});

describe('writeEvidenceCsv', () => {
  const companion = (): readonly (readonly (string | undefined)[])[] =>
    readCsv(readFileSync(join(folder, 'findings.evidence.csv'), 'utf8'));
  const NAMES = EVIDENCE_COLUMNS.map(({ name }) => name);
  /** Rows as objects without what is empty. */
  function lines(): readonly Record<string, string>[] {
    const [header = [], ...rows] = companion();
    expect(header).toEqual(NAMES);
    return rows.map((row) =>
      Object.fromEntries(
        row.flatMap((cell, n) => (cell === '' || cell === undefined ? [] : [[header[n] ?? '', cell]])),
      ),
    );
  }
  const gappy = (): ReportSource =>
    memorySource({
      verdicts: [],
      accounts: [
        {
          account: OWN,
          name: '=own',
          capturedAt: '2026-01-01T00:00:00Z',
          complete: false,
          carriedForward: 31,
          roles: 0,
          verdicts: { pass: 0, fail: 0, 'not-applicable': 0, error: 0 },
          closed: 0,
        },
      ],
      evidence: [
        makeEvidence({ path: 'a.json', recordsRead: 3, recordsAccepted: 1, recordsRejected: 2 }),
        makeEvidence({
          path: 'b.json',
          sha256: '',
          status: 'unreadable',
          recordsRead: 0,
          recordsAccepted: 0,
          problems: [
            { code: 'gzip-truncated', message: 'ends; too early' },
            { code: 'evidence-empty', message: '=cmd' },
          ],
        }),
      ],
      rejects: [
        { path: 'a.json', offset: 7, pointer: '/Roles/0', code: 'arn-missing', message: 'no ARN' },
        { path: 'a.json', offset: 99, pointer: '', code: 'line-malformed', message: 'no JSON' },
      ],
      completeness: {
        membersKnown: false,
        maxAge: 90,
        gaps: [
          { account: '222233334444', name: 'Lost', why: 'no-evidence', capturedAt: null, age: null },
          {
            account: '333344445555',
            name: null,
            why: 'too-old',
            capturedAt: '2025-01-01T00:00:00Z',
            age: 365,
          },
        ],
        closed: [{ account: '444455550000', name: 'Gone', status: 'SUSPENDED' }],
        reasons: ['2 accounts are missing'],
      },
    });

  it('has a row for every reason, missing account, file and rejected record', async () => {
    expect(await writeEvidenceCsv(path, gappy(), OPTIONS)).toEqual([join(folder, 'findings.evidence.csv')]);
    const file = { captured_at: '2026-02-01T00:00:00Z', captured_from: 'name', account: OWN };
    const none = { records_superseded: '0', records_duplicate: '0' };
    expect(lines()).toEqual([
      { kind: 'evidence-digest', sha256: evidenceDigest(gappy().evidence()) },
      { kind: 'coverage', status: 'incomplete', codes: 'incomplete', messages: '2 accounts are missing' },
      {
        kind: 'coverage',
        status: 'unknown',
        codes: 'members-unknown',
        messages: expect.stringContaining('--accounts') as string,
      },
      {
        kind: 'account-gap',
        account: '222233334444',
        account_name: 'Lost',
        status: 'no-evidence',
        codes: 'no-evidence',
        messages: 'no evidence of it was read',
      },
      {
        kind: 'account-gap',
        account: '333344445555',
        captured_at: '2025-01-01T00:00:00Z',
        age_days: '365',
        status: 'too-old',
        codes: 'too-old',
        messages:
          'its latest complete capture is older than 90 days\\; latest capture 2025-01-01 00:00 UTC, 365 days before the newest of all',
      },
      { kind: 'account-closed', account: '444455550000', account_name: 'Gone', status: 'SUSPENDED' },
      ...(['account-incomplete', 'account-carried-forward'] as const).map((kind) => ({
        kind,
        account: OWN,
        account_name: "'=own",
        captured_at: '2026-01-01T00:00:00Z',
        age_days: '31',
        ...(kind === 'account-incomplete'
          ? { status: 'incomplete', messages: 'not covered whole: roles may be missing' }
          : { messages: 'carried forward, 31 days' }),
      })),
      {
        ...{
          kind: 'evidence',
          path: 'a.json',
          sha256: SHA,
          bytes: '123456',
          format: 'gaad',
          ...file,
          ...none,
        },
        ...{ status: 'complete', records_read: '3', records_accepted: '1', records_rejected: '2' },
      },
      {
        ...{ kind: 'evidence', path: 'b.json', bytes: '123456', format: 'gaad', ...file, ...none },
        ...{ status: 'unreadable', records_read: '0', records_accepted: '0', records_rejected: '0' },
        ...{ codes: 'gzip-truncated; evidence-empty', messages: "ends\\; too early; '=cmd" },
      },
      {
        ...{ kind: 'rejected', path: 'a.json', sha256: SHA, offset: '7', pointer: '/Roles/0' },
        ...{ codes: 'arn-missing', messages: 'no ARN' },
      },
      {
        ...{ kind: 'rejected', path: 'a.json', sha256: SHA, offset: '99' },
        ...{ codes: 'line-malformed', messages: 'no JSON' },
      },
    ]);
  });

  it('says first what the report is called, for whom and by whom', async () => {
    const heading = { title: 'Third quarter', client: '=Crane', preparedBy: 'Audit & Sons' };
    await writeEvidenceCsv(path, gappy(), { ...OPTIONS, heading });
    expect(lines().slice(0, 3)).toEqual([
      { kind: 'heading', codes: 'title', messages: 'Third quarter' },
      { kind: 'heading', codes: 'client', messages: "'=Crane" },
      { kind: 'heading', codes: 'prepared-by', messages: 'Audit & Sons' },
    ]);
  });

  it('takes the options of the report and splits like it', async () => {
    const csv = { bom: true, delimiter: ';', raw: true } as const;
    const files = await writeEvidenceCsv(path, gappy(), { ...OPTIONS, csv, rowsPerFile: 8 });
    const names = ['', '-001', '-002'].map((number) => `findings.evidence${number}.csv`);
    expect(files).toEqual(names.map((name) => join(folder, name)));
    const parts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
    for (const part of parts) expect(part.startsWith('\ufeff')).toBe(true);
    expect(parts.map((part) => part.split('\r\n').length - 2)).toEqual([2, 8, 4]);
    expect(parts.join('')).toContain(';=own;');
  });

  it('stands beside a file only', async () => {
    expect(await writeEvidenceCsv('/dev/null', gappy(), OPTIONS)).toEqual([]);
    await writeEvidenceCsv(join(folder, 'plain'), gappy(), OPTIONS);
    expect(readdirSync(folder)).toEqual(['plain.evidence']);
  });
});
