import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import project from '../../package.json' with { type: 'json' };
import { OLDEST_NODE, refusalOf } from '../../src/cli/node-version.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { run } from './built.ts';

describe('refusalOf', () => {
  it.each(['10.24.1', '18.20.8', '20.20.2', '22.11.0'])('refuses Node.js %s', (version) => {
    expect(refusalOf(version)).toBe(`Node.js 22.12 or newer is needed, and this is ${version}`);
  });
  it.each(['22.12.0', '22.23.3', '23.0.0', '24.21.0', '26.12.1'])('accepts Node.js %s', (version) => {
    expect(refusalOf(version)).toBeNull();
  });
  it('knows the version that package.json demands', () => {
    expect(project.engines.node).toBe(`>=${OLDEST_NODE}`);
  });
});

describe('the built program under an older Node.js', () => {
  const folder = temporaryFolder();

  it('says in one sentence what it needs, and loads nothing that is native', async () => {
    const pretend = `data:text/javascript,
      Object.defineProperty(process.versions, 'node', { value: '20.20.2' });
      process.dlopen = () => process.stderr.write('something native was loaded');`;
    const { code, stdout, stderr } = await run(['scan', '.', '--db', 'new.db'], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: `--import "${pretend.replaceAll('\n', ' ')}"` },
    });
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: Node.js 22.12 or newer is needed, and this is 20.20.2\n',
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
