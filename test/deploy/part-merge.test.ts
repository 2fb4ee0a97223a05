import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from './part.ts';

const shared = sharedFolder();
const { at, scan, merge, answer, names, read, lines, run } = shared;

async function scanAll(...codes: readonly number[]): Promise<void> {
  for (const [index, code] of codes.entries()) {
    answer('scan', code);
    await scan(index + 1).ended;
  }
}

describe('merge', () => {
  it('joins the parts in their order and writes the reports', async () => {
    await scanAll(0, 0, 0);
    expect(await merge('--client', 'Example')).toMatchObject({ code: 0 });
    expect(names()).toEqual(['part-1-of-3', 'part-2-of-3', 'part-3-of-3', 'result']);
    const [joined, html, csv] = lines('calls').slice(3);
    const stores = [1, 2, 3].map((part) => at('out', `part-${part}-of-3`, 'store.db')).join(' ');
    expect(joined).toMatch(new RegExp(`^merge ${stores} --db \\S+/store\\.db$`));
    expect(html).toMatch(/^report --db \S+\/store\.db --output \S+\/report\.html --client Example$/);
    expect(csv).toMatch(/--output \S+\/findings\.csv --client Example$/);
    for (const name of ['store.db', 'report.html', 'findings.csv'])
      expect(read('result', name)).toBe('merged\n');
    expect(read('result', 'done')).toMatch(
      /^exit code: 0\noptions: --client Example\nstore: .*\n\nsummary of merge/,
    );
  });

  it('writes the reports that are asked for', async () => {
    await scanAll(0, 0, 0);
    expect(await run(['merge', '3', at('out')], { REPORTS: 'a.sarif' })).toMatchObject({ code: 0 });
    expect(existsSync(at('out', 'result', 'a.sarif'))).toBe(true);
    expect(existsSync(at('out', 'result', 'report.html'))).toBe(false);
  });

  it.each([
    ['a part alone is always incomplete, the whole may not be', [3, 3, 3], 0, 0, 0],
    ['incomplete', [3, 3, 3], 3, 3, 3],
    ['a report that tells so', [3, 3, 3], 0, 3, 3],
    ['a gate of one part failed', [0, 1, 0], 0, 0, 1],
    ['both', [1, 3, 3], 3, 0, 3],
  ])('ends with the answer of all: %s', async (_, codes, ofMerge, ofReport, code) => {
    await scanAll(...codes);
    answer('merge', ofMerge);
    answer('report', ofReport);
    expect(await merge()).toMatchObject({ code });
    expect(read('result', 'done')).toMatch(new RegExp(`^exit code: ${code}\n`));
  });

  it.each([
    ['merge', 4],
    ['report', 2],
  ])('fails as %s fails, and shows nothing', async (command, code) => {
    await scanAll(0, 0, 0);
    answer(command, code);
    expect(await merge()).toMatchObject({ code });
    expect(names()).toEqual(['part-1-of-3', 'part-2-of-3', 'part-3-of-3']);
  });

  it('takes back the result before, also when it then fails', async () => {
    await scanAll(0, 0, 0);
    await merge();
    answer('merge', 4);
    await merge();
    expect(existsSync(at('out', 'result'))).toBe(false);
  });
});

describe('merge refuses', () => {
  it('when parts are not done, and names them', async () => {
    await scan(2).ended;
    expect(await merge()).toEqual({ code: 2, stderr: 'part.sh: of 3 parts these are not done: 1 3\n' });
    expect(lines('calls')).toHaveLength(1);
    expect(names()).toEqual(['part-2-of-3']);
  });

  it('parts of another division', async () => {
    await scanAll(0, 0, 0);
    expect(await run(['merge', '2', at('out')])).toEqual({
      code: 2,
      stderr: 'part.sh: of 2 parts these are not done: 1 2\n',
    });
  });

  it('parts that were scanned with other options', async () => {
    await scanAll(0, 0, 0);
    await scan(3, ['/evidence', '--as-of', '2026-07-01']).ended;
    expect(await merge()).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^part\.sh: part 3 was scanned with other options .*: \/evidence --as-of 2026-07-01\n$/,
      ),
    });
  });

  it('a store that is not what its part left', async () => {
    await scanAll(0, 0, 0);
    writeFileSync(at('out', 'part-1-of-3', 'store.db'), 'store of 1/3');
    expect(await merge()).toEqual({ code: 2, stderr: expect.stringMatching(/is not what its part left\n$/) });
  });
});
