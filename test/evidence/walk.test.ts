import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { TrustsieveError } from '../../src/errors.ts';
import type { EvidenceInput } from '../../src/evidence/evidence.ts';
import { walkEvidence } from '../../src/evidence/walk.ts';
import { temporaryFolder, writeBelow } from '../temporary-folder.ts';

let root: string;

beforeEach(() => {
  root = temporaryFolder();
});

function put(...files: readonly string[]): void {
  for (const file of files) writeBelow(root, file);
}

async function list(...paths: readonly string[]): Promise<EvidenceInput[]> {
  const inputs: EvidenceInput[] = [];
  for await (const input of walkEvidence(paths)) inputs.push(input);
  return inputs;
}

async function shown(...paths: readonly string[]): Promise<string[]> {
  const prefix = `${root}/`;
  return (await list(...paths)).map((input) => {
    const path = input.path.startsWith(prefix) ? input.path.slice(prefix.length) : input.path;
    return input.kind === 'skipped' ? `${path} (${input.code})` : path;
  });
}

describe('walkEvidence', () => {
  it('lists folders by code unit, hidden and empty files included, and arguments in their order', async () => {
    put('b/ä.json', 'b/z.json', 'b/Z.json', 'b/.hidden', 'b/10/x', 'b/9', 'a.json');
    expect(await shown(join(root, 'b/'), join(root, 'a.json'))).toEqual([
      'b/.hidden',
      'b/10/x',
      'b/9',
      'b/Z.json',
      'b/z.json',
      'b/ä.json',
      'a.json',
    ]);
  });

  it.runIf(process.platform === 'linux')('reads no device, and no file of the kernel', async () => {
    put('d/a.json');
    symlinkSync('/proc/kmsg', join(root, 'd', 'messages.json'));
    symlinkSync('/dev/zero', join(root, 'd', 'zero.json'));
    expect(await shown('/dev/zero', join(root, 'd'))).toEqual([
      '/dev/zero (not-a-file)',
      'd/a.json',
      'd/messages.json (not-a-file)',
      'd/zero.json (not-a-file)',
    ]);
  });

  it('shows paths as they were named', async () => {
    put('d/e/f');
    const [input] = await list(`${root}/d/../d//`);
    expect(input?.path).toBe(`${root}/d/../d/e/f`);
  });

  it('lists standard input', async () => {
    expect(await list('-')).toEqual([{ kind: 'file', path: '-', file: 0 }]);
  });

  it('enters every folder once, however links lead to it', async () => {
    put('real/one', 'real/sub/two', 'other/three');
    symlinkSync(join(root, 'real'), join(root, 'real/sub/up'));
    symlinkSync(join(root, 'real'), join(root, 'a-link'));
    symlinkSync(join(root, 'real/one'), join(root, 'file-link'));
    expect(await shown(root)).toEqual([
      'file-link',
      'other/three',
      'real/one',
      'real/sub/two',
      'a-link (already-listed)',
      'real/sub/up (already-listed)',
    ]);
  });

  it('follows a link to a folder outside', async () => {
    put('outside/x', 'inside/y');
    symlinkSync(join(root, 'outside'), join(root, 'inside/link'));
    expect(await shown(join(root, 'inside'))).toEqual(['inside/y', 'inside/link/x']);
  });

  it('names links that lead nowhere', async () => {
    put('d/x');
    symlinkSync(join(root, 'gone'), join(root, 'd/broken'));
    symlinkSync(join(root, 'd/self'), join(root, 'd/self'));
    expect(await shown(join(root, 'd'))).toEqual(['d/broken (link-broken)', 'd/self (link-broken)', 'd/x']);
  });

  it('names devices, which need not end, and lists the empty one', async () => {
    expect(await shown('/dev/zero', '/dev/null')).toEqual(['/dev/zero (not-a-file)', '/dev/null']);
  });

  it('fails before listing anything when a path is missing', async () => {
    put('x');
    const walk = walkEvidence([join(root, 'x'), join(root, 'gone')]);
    const failure = await walk.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrustsieveError);
    expect(failure).toMatchObject({ code: 'file-not-found' });
  });
});
