import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CSV_COLUMNS } from '../../src/report/shared/csv-columns.ts';
import { cli } from '../cli/harness.ts';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

describe('README.md', () => {
  it('lists the CSV columns in their order', () => {
    const section = readme.slice(readme.indexOf('## CSV columns'), readme.indexOf('## More'));
    const listed = section
      .slice(section.indexOf('`rule`'))
      .match(/`[a-z_0-9]+`/g)
      ?.map((name) => name.slice(1, -1));
    expect(listed).toEqual(CSV_COLUMNS.map(({ name }) => name));
  });

  it('names every command that the help names', async () => {
    const { stdout } = await cli(['--help']);
    const commands = [...stdout.matchAll(/^ {2}trustsieve (\w+)/gm)].map(([, name]) => name as string);
    expect(commands.length).toBeGreaterThan(4);
    for (const name of commands) expect(readme).toContain(`\`${name}`);
  });

  it('gives the commands that CI runs', () => {
    expect(readme).toContain('npm ci && npm test');
    expect(readFileSync(new URL('.ci/run', root), 'utf8')).toContain('npm ci && npm test');
  });
});
