import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReportSource } from '../../../src/model/report-source.ts';
import { writeHtmlFiles } from '../../../src/report/html/files.ts';
import { renderHtml } from '../../../src/report/html/index.ts';
import { DEFAULT_LIMITS } from '../../../src/report/html/page/limits.ts';
import type { PayloadLine } from '../../../src/report/html/shared/payload.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { pageData } from '../page-data.ts';
import { makeVerdict, memorySource, OPTIONS } from '../sample-source.ts';
import { renderToString } from '../sink.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'my report.html');
});

function source(count: number): ReportSource {
  const verdicts = Array.from({ length: count }, (_, n) =>
    makeVerdict({
      account: String(100_000_000_000 + n),
      roleName: `role-${n}`,
      severity: n === count - 1 ? 'critical' : 'low',
    }),
  );
  verdicts.push(makeVerdict({ account: '999999999999', verdict: 'pass', severity: null, paths: [] }));
  return memorySource({ verdicts });
}

function linesIn(name: string): readonly PayloadLine[] {
  return pageData(readFileSync(join(folder, name), 'utf8'));
}

function rolesIn(name: string): readonly string[] {
  return linesIn(name).flatMap((line) => (line.kind === 'findings' ? line.columns.roleName : []));
}

const limits = { ...DEFAULT_LIMITS, findings: 5 };

describe('writeHtmlFiles', () => {
  it.each([0, 1, 5])('writes one page of %i findings when that is what fits', async (count) => {
    expect(await writeHtmlFiles(path, source(count), { ...OPTIONS, limits })).toEqual([]);
    expect(readdirSync(folder)).toEqual(['my report.html']);
    const page = readFileSync(path, 'utf8');
    expect(page).toBe(await renderToString(renderHtml, source(count)));
    expect(page).not.toContain('All findings, in');
  });

  it('puts every finding into parts when they do not fit, and lists the worst in the index', async () => {
    const parts = await writeHtmlFiles(path, source(12), { ...OPTIONS, limits });
    expect(parts.map(({ rows }) => rows)).toEqual([5, 5, 2]);
    expect(readdirSync(folder).sort()).toEqual(['my report-parts', 'my report.html']);
    const names = parts.map((part) => part.path);
    expect(names).toEqual([1, 2, 3].map((n) => `my report-parts/part-00${n}.html`));
    expect(names.flatMap(rolesIn)).toEqual(Array.from({ length: 12 }, (_, n) => `role-${n}`));
    for (const { path: name, sha256 } of parts) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ).toBe(sha256);
    }
    const index = readFileSync(path, 'utf8');
    expect(index).toContain('<strong>showing 5 of 12</strong>');
    expect(rolesIn('my report.html')).toContain('role-11');
    expect(index).toContain('<a href="my%20report-parts/part-002.html">');
    expect(index).toContain(parts[1]?.sha256);
    const part = readFileSync(join(folder, names[1] ?? ''), 'utf8');
    expect(part).toContain('Findings, part 2 of 3');
    expect(part).toContain('href="../my%20report.html#findings"');
    expect(part).toContain('from account <code>100000000005</code> to account <code>100000000009</code>');
    expect(linesIn(names[2] ?? '').at(-1)).toEqual({ kind: 'end', findings: 2 });
  });

  it('gives the same bytes for the same source', async () => {
    const written = async () => {
      const parts = await writeHtmlFiles(path, source(12), { ...OPTIONS, limits });
      return [path, ...parts.map((part) => join(folder, part.path))].map((file) =>
        readFileSync(file, 'utf8'),
      );
    };
    expect(await written()).toEqual(await written());
  });

  it('counts text too: long policies fill a page before many rows do', async () => {
    const policy = (n: number): string =>
      JSON.stringify({ Version: String(n), Statement: ['x'.repeat(8_000)] });
    const verdicts = Array.from({ length: 10 }, (_, n) => makeVerdict({ roleName: `role-${n}` }, policy(n)));
    const narrow = { ...DEFAULT_LIMITS, text: 50_000 };
    const parts = await writeHtmlFiles(path, memorySource({ verdicts }), { ...OPTIONS, limits: narrow });
    expect(parts.map(({ rows }) => rows)).toEqual([3, 3, 3, 1]);
    expect(rolesIn('my report.html')).toEqual(['role-0', 'role-1', 'role-2']);
    expect(readFileSync(path, 'utf8')).toContain('<strong>showing 3 of 10</strong>');
    const shared = Array.from({ length: 10 }, (_, n) => makeVerdict({ roleName: `role-${n}` }, policy(0)));
    expect(
      await writeHtmlFiles(path, memorySource({ verdicts: shared }), { ...OPTIONS, limits: narrow }),
    ).toEqual([]);
  });

  it('lists fewer of the other verdicts when their policies are long, and says how many', async () => {
    const verdicts = Array.from({ length: 10 }, (_, n) =>
      makeVerdict(
        { roleName: `role-${n}`, verdict: 'pass', literal: 'pass', severity: null },
        JSON.stringify({ Version: String(n), Statement: ['x'.repeat(8_000)] }),
      ),
    );
    const narrow = { ...DEFAULT_LIMITS, others: 10, text: 50_000 };
    expect(await writeHtmlFiles(path, memorySource({ verdicts }), { ...OPTIONS, limits: narrow })).toEqual(
      [],
    );
    expect(rolesIn('my report.html')).toEqual(['role-0', 'role-1', 'role-2']);
    expect(readFileSync(path, 'utf8')).toContain('<strong>showing 3 of 10</strong>');
  });

  it('cuts only what is asked for', async () => {
    const options = { ...OPTIONS, limits, outcomes: ['pass'] as const };
    expect(await writeHtmlFiles(path, source(12), options)).toEqual([]);
  });
});
