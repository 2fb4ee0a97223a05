import { beforeAll, describe, expect, it } from 'vitest';
import { expandPattern } from '../../src/evidence/path-pattern.ts';
import { walkEvidence } from '../../src/evidence/walk.ts';
import { temporaryFolder, writeBelow } from '../temporary-folder.ts';

const root = temporaryFolder();

beforeAll(() => {
  for (const name of [
    'a.json',
    'b.json',
    'B.json',
    'c.csv',
    '.hidden.json',
    'x[1].json',
    'q1/d.json',
    'q1/deep/e.json',
    'q2/f.json',
    'q+(2)/g.json',
  ]) {
    writeBelow(root, name);
  }
});

describe('expandPattern', () => {
  it.each([
    ['*.json', ['B.json', 'a.json', 'b.json', 'x[1].json']],
    ['?.json', ['B.json', 'a.json', 'b.json']],
    ['[ab].json', ['a.json', 'b.json']],
    ['[!a-b].json', ['B.json']],
    ['.h*', ['.hidden.json']],
    ['q?/*.json', ['q1/d.json', 'q2/f.json']],
    ['q*', ['q+(2)', 'q1', 'q2']],
    ['q+(2)/*', ['q+(2)/g.json']],
    [
      '**/*.json',
      ['B.json', 'a.json', 'b.json', 'q+(2)/g.json', 'q1/d.json', 'q1/deep/e.json', 'q2/f.json', 'x[1].json'],
    ],
    ['q1/**', ['q1']],
    ['[z-a].json', ['[z-a].json']],
    ['x[1].json', ['x[1].json']],
    ['a.json', ['a.json']],
    ['*.xml', ['*.xml']],
    ['[', ['[']],
    ['a.json/*', ['a.json/*']],
  ])('%s', async (pattern, expected) => {
    const found = await expandPattern(`${root}/${pattern}`);
    expect(found).toEqual(expected.map((name) => `${root}/${name}`));
  });

  it('serves the walk, which says when nothing matches', async () => {
    const paths: string[] = [];
    for await (const { path } of walkEvidence([`${root}/q*/*.json`])) paths.push(path.slice(root.length + 1));
    expect(paths).toEqual(['q+(2)/g.json', 'q1/d.json', 'q2/f.json']);
    await expect(walkEvidence([`${root}/*.xml`]).next()).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
