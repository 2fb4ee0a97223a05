import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { beforeAll, describe, expect, it } from 'vitest';
import { expandEvidence } from '../../../src/evidence/archive/index.ts';
import type { EvidenceInput } from '../../../src/evidence/evidence.ts';
import { NotDealable } from '../../../src/evidence/shard/listed.ts';
import { dealPart, digestOfList } from '../../../src/evidence/shard/shard.ts';
import { walkEvidence } from '../../../src/evidence/walk.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const root = temporaryFolder();
const text = (letter: string, size: number): string => letter.repeat(size);

async function tar(entries: readonly (readonly [name: string, body: string])[]): Promise<Buffer> {
  const packed = await packTar(
    entries.map(([name, body]) => ({ header: { name, size: Buffer.byteLength(body) }, body })),
  );
  return Buffer.from(packed);
}

beforeAll(async () => {
  mkdirSync(join(root, 'sub'));
  const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(root, name), content);
  put('plain.json', text('p', 500));
  put('sub/small.json', text('s', 10));
  put('sub/empty.json', '');
  const names = Array.from({ length: 12 }, (_, index) => `m${index}.json`);
  put(
    'members.zip',
    zipSync(Object.fromEntries(names.map((name, index) => [name, strToU8(text('z', 40 + index))]))),
  );
  const twice = await tar([
    ['a/metadata.json', '{"created_at":"2026-03-01 10:00:00"}'],
    ['a/roles.csv', text('r', 90)],
    ['same.json', text('x', 30)],
    ['same.json', text('y', 31)],
    ['b.json', text('b', 300)],
  ]);
  put('twice.tar.gz', gzipSync(twice));
  put('nested.zip', zipSync({ 'inner.tar': twice, 'beside.json': strToU8(text('n', 77)) }));
  put('cut.tar', twice.subarray(0, 1500));
  put('cut.tar.gz', gzipSync(twice).subarray(0, -6));
  put('cut.zip', Buffer.from(zipSync({ 'a.json': strToU8('{}') })).subarray(0, 40));
  put('none.zip', zipSync({}));
  symlinkSync('nowhere', join(root, 'link'));
});

async function inputs(): Promise<readonly EvidenceInput[]> {
  const found: EvidenceInput[] = [];
  for await (const input of walkEvidence([root])) found.push(input);
  return found;
}

interface Told {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly says: readonly string[];
  readonly beside: string | null;
}

/** All that reading the inputs tells, each part of them read to its end. */
async function read(list: readonly EvidenceInput[]): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const input of list) {
    for await (const part of expandEvidence(input)) {
      if (part.kind === 'skipped') {
        told.push({ path: part.path, sha256: '', bytes: 0, says: [part.message], beside: null });
        continue;
      }
      if (part.kind === 'file') throw new Error(`${part.path} cannot be opened`);
      const beside = part.kind === 'opened' ? (part.kept?.beside(part.path, 'metadata.json') ?? null) : null;
      const { evidence, problems } = part.kind === 'archive' ? part.end : await part.stream.finish();
      told.push({ ...evidence, says: problems.map(({ message }) => message), beside });
    }
  }
  return told.sort((a, b) => (a.path < b.path ? -1 : 1));
}

describe('parts of inputs', () => {
  it.each([1, 2, 3, 7, 40])(
    '%i of them tell together what reading all tells, each thing once',
    async (parts) => {
      const all = await inputs();
      const told: Told[] = [];
      const lists = new Set<string>();
      let files = 0;
      for (let part = 1; part <= parts; part++) {
        const dealt = await dealPart(all, new Set(), part, parts);
        lists.add(dealt.list);
        files += dealt.files;
        expect(dealt.filesOfAll).toBe(27);
        told.push(...(await read(dealt.inputs)));
      }
      expect(files).toBe(27);
      expect(lists).toEqual(new Set([await digestOfList(all)]));
      expect(told.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual(await read(all));
    },
  );

  it('deals out members of archives, but no damaged archive and none within another', async () => {
    const all = await inputs();
    const { inputs: first } = await dealPart(all, new Set(), 1, 7);
    const partial = first.flatMap((one) => (one.kind === 'file' && one.only !== undefined ? [one] : []));
    expect(partial.length).toBeGreaterThan(0);
    const whole = new Map<string, number>();
    for (let part = 1; part <= 7; part++) {
      for (const input of (await dealPart(all, new Set(), part, 7)).inputs) {
        const name = input.path.slice(root.length + 1);
        whole.set(name, (whole.get(name) ?? 0) + 1);
      }
    }
    for (const name of ['cut.tar', 'cut.tar.gz', 'cut.zip', 'none.zip', 'link', 'plain.json']) {
      expect([name, whole.get(name)]).toEqual([name, 1]);
    }
    for (const name of ['members.zip', 'twice.tar.gz']) expect(whole.get(name)).toBeGreaterThan(2);
    expect(whole.get('nested.zip')).toBeLessThanOrEqual(2);
  });

  it('are the same whatever the order of the inputs, also when one is named twice', async () => {
    const all = await inputs();
    const facts = async (list: readonly EvidenceInput[]): Promise<unknown> => {
      const { inputs: own, ...rest } = await dealPart(list, new Set(), 2, 3);
      return { ...rest, told: await read(own) };
    };
    const expected = await facts(all);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...all], { minLength: all.length }), async (others) => {
        expect(await facts([...others, ...others.slice(0, 3)])).toEqual(expected);
      }),
      { numRuns: 5 },
    );
  });

  it('all read what is to be read everywhere', async () => {
    const all = await inputs();
    const everywhere = new Set([join(root, 'members.zip'), join(root, 'plain.json')]);
    for (const part of [1, 2, 3]) {
      const dealt = await dealPart(all, everywhere, part, 3);
      const paths = dealt.inputs.filter((one) => one.kind === 'file' && one.only === undefined);
      expect(paths.map(({ path }) => path)).toEqual(expect.arrayContaining([...everywhere]));
      expect(dealt.list).toBe(await digestOfList(all));
    }
  });

  it('say what went from an archive after it was dealt out', async () => {
    const file = join(root, 'members.zip');
    const only = { members: [`${file}!/m1.json`, `${file}!/gone.json`], itself: false };
    const told = await read([{ kind: 'file', path: file, file, only }]);
    expect(told.map(({ path, says }) => [path.slice(file.length), says])).toEqual([
      ['!/gone.json', ['is no longer in the archive, which has changed since the scan began']],
      ['!/m1.json', []],
    ]);
  });

  it.each([
    ['standard input', { kind: 'file', path: '-', file: 0 }],
    ['a device', { kind: 'file', path: '/dev/null', file: '/dev/null' }],
  ] as const)('cannot be made of %s', async (_, input) => {
    await expect(dealPart([input], new Set(), 1, 2)).rejects.toThrow(NotDealable);
  });
});
