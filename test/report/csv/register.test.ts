import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReportSource } from '../../../src/model/report-source.ts';
import { REPORT_FORMATS, writeReport } from '../../../src/report/index.ts';
import type { ReportOptions } from '../../../src/report/shared/options.ts';
import { REGISTER_COLUMNS } from '../../../src/report/shared/third-party-columns.ts';
import { countedCodes } from '../../../src/report/shared/words/third-party-words.ts';
import { inCheckout } from '../../checkout.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { makeException, makePath, makeVerdict, memorySource, OPTIONS } from '../sample-source.ts';
import { renderToString } from '../sink.ts';
import { readCsv } from './read-csv.ts';

const { render } = REPORT_FORMATS.register;

async function records(
  source: ReportSource,
  options: Partial<ReportOptions> = {},
): Promise<readonly Readonly<Record<string, string>>[]> {
  const [header = [], ...rows] = readCsv(await renderToString(render, source, options));
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}

const SOURCE = memorySource({
  verdicts: [
    makeVerdict({
      suppressedBy: 'EX-1',
      impact: {
        privileges: 'limited',
        why: '',
        policies: [],
        boundary: null,
        lastUsed: '2026-01-31T00:00:00Z',
        created: null,
        maxSession: null,
        tags: {},
      },
    }),
    makeVerdict({
      roleName: 'Guarded',
      verdict: 'pass',
      severity: 'medium',
      notes: ['extid-any'],
      paths: [makePath({ guards: ['external-id'] })],
    }),
    makeVerdict({ roleName: 'Damaged', verdict: 'error', reason: 'policy-damaged', paths: [] }, null),
  ],
  exceptions: [makeException({ id: 'EX-1' })],
});

describe('the register', () => {
  it('has a row for each outside account, and one for what names nobody', async () => {
    expect(await records(SOURCE)).toEqual([
      {
        outside_account: '444455556666',
        vendor: 'Example Vendor',
        relation: 'third-party',
        severity: 'high',
        open_roles: '1',
        accepted_roles: '1',
        guarded_roles: '1',
        weakly_guarded_roles: '1',
        closed_roles: '0',
        weakly_closed_roles: '0',
        not_evaluated_roles: '0',
        own_accounts: '1',
        guards: 'external-id 1',
        notes: 'extid-any 1',
        worst_privileges: 'limited',
        last_used: '2026-01-31T00:00:00Z',
        exceptions: 'EX-1',
        exception_owners: 'storage team',
        exception_ends: '2026-10-31',
        first_seen: '2025-11-01T00:00:00Z',
        last_seen: '2026-02-01T00:00:00Z',
        not_evaluated_why: '',
        open_role_arns:
          'arn:aws:iam::111122223333:role/Partner (privileges limited, last used 2026-01-31T00:00:00Z, accepted by EX-1)',
        guarded_role_arns: 'arn:aws:iam::111122223333:role/Guarded (external-id, extid-any)',
        closed_role_arns: '',
        not_evaluated_role_arns: '',
        roles_left_out: '0',
        evidence: 'incomplete',
        carried_forward_roles: '0',
      },
      expect.objectContaining({
        outside_account: 'not known',
        not_evaluated_roles: '1',
        not_evaluated_why: 'policy-damaged 1',
        not_evaluated_role_arns: 'arn:aws:iam::111122223333:role/Damaged (policy-damaged)',
        first_seen: '',
      }),
    ]);
  });

  it('says in every row whether the evidence is complete', async () => {
    const verdicts = [makeVerdict()];
    const standing = async (source: ReportSource) => (await records(source)).map(({ evidence }) => evidence);
    expect(await standing(memorySource({ verdicts }))).toEqual(['complete']);
    expect(await standing(memorySource({ verdicts, completeness: { membersKnown: false } }))).toEqual([
      'unknown',
    ]);
    expect(await standing(memorySource({ verdicts, interrupted: [{ id: 1, paths: [] }] }))).toEqual([
      'incomplete',
    ]);
  });

  it('is a header alone only where evidence that is complete shows nobody', async () => {
    expect(await records(memorySource({ verdicts: [] }))).toEqual([]);
    const interrupted = memorySource({ verdicts: [], interrupted: [{ id: 1, paths: [] }] });
    expect(await records(interrupted)).toMatchObject([
      { outside_account: 'not known', relation: 'unknown', open_roles: '0', evidence: 'incomplete' },
    ]);
  });

  it('holds no formula and nothing hidden, whatever the evidence says', async () => {
    const text = await renderToString(render, hostileSource());
    const rows = readCsv(text);
    expect(rows).toHaveLength(HOSTILE.length + 1);
    for (const cell of rows.flat()) {
      expect(cell).not.toMatch(/^\s*[=+\-@]/);
      expect(cell).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
    const delimited = await renderToString(render, hostileSource(), { csv: { bom: true, delimiter: ';' } });
    expect(delimited.startsWith('\ufeffoutside_account;vendor;')).toBe(true);
  });

  it('has what is missing in a file beside it', async () => {
    const path = join(temporaryFolder(), 'register.csv');
    const written = await writeReport(REPORT_FORMATS.register, path, SOURCE, OPTIONS);
    const companion = path.replace('.csv', '.evidence.csv');
    expect(written.files).toEqual([path, companion]);
    expect(readFileSync(companion, 'utf8')).toContain('1 verdicts could not be decided');
    expect(existsSync(path)).toBe(true);
  });
});

describe('the columns in docs/register.md', () => {
  it('are those of the code, in their order and with their descriptions', () => {
    const docs = readFileSync(inCheckout('docs', 'register.md'), 'utf8');
    const title = docs.indexOf('| column |');
    const table = docs.slice(title, docs.indexOf('\n\n', title));
    const rows = [...table.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(REGISTER_COLUMNS.map(({ name, description }) => [name, description]));
  });
});

it('counts in plain digits, which programs read', () => {
  expect(countedCodes({ 'extid-any': 1_234, mfa: 0 })).toEqual(['extid-any 1234']);
});
