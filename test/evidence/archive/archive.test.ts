import { createHash } from 'node:crypto';
import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { packTar, type TarEntry } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { expandEvidence } from '../../../src/evidence/archive/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { bzip2 } from '../compression/bzip2.ts';

const root = temporaryFolder();

interface Part {
  readonly path: string;
  readonly text: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly modifiedAt: string | null;
  readonly codes: readonly string[];
  readonly truncated: boolean;
}

/** Expands `content` as if it were a file shown as `a`, reading every part to its end. */
async function expand(content: Uint8Array, viaDescriptor = false): Promise<Part[]> {
  const file = join(root, 'file');
  writeFileSync(file, content);
  const parts: Part[] = [];
  for await (const part of expandEvidence({
    kind: 'file',
    path: 'a',
    file: viaDescriptor ? openSync(file, 'r') : file,
  })) {
    if (part.kind === 'skipped') {
      const { path, code } = part;
      parts.push({ path, text: '', bytes: 0, sha256: '', modifiedAt: null, codes: [code], truncated: true });
      continue;
    }
    if (part.kind === 'file') throw new Error('an input that exists is opened');
    const chunks: Buffer[] = [];
    if (part.kind === 'opened') {
      for (let bytes = await part.stream.next(); bytes !== null; bytes = await part.stream.next()) {
        chunks.push(Buffer.from(bytes));
      }
    }
    const end = part.kind === 'opened' ? await part.stream.finish() : part.end;
    parts.push({
      ...end.evidence,
      text: Buffer.concat(chunks).toString(),
      codes: end.problems.map(({ code }) => code),
      truncated: end.truncated,
    });
  }
  return parts;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const MODIFIED = new Date('2026-02-01T10:20:30Z');
const zip = (members: Zippable, level: 0 | 6 = 6) => zipSync(members, { level, mtime: MODIFIED });
const tar = async (members: Readonly<Record<string, string | Uint8Array>>, more: TarEntry[] = []) => {
  const entries = Object.entries(members).map(([name, body]): TarEntry => {
    const bytes = typeof body === 'string' ? strToU8(body) : body;
    return { header: { name, size: bytes.length, type: 'file', mtime: MODIFIED }, body: bytes };
  });
  return packTar([...entries, ...more]);
};
const spelled = (parts: readonly Part[]) => parts.map(({ path, text }) => [path, text]);

describe('expandEvidence', () => {
  it('hands on what is no archive, opened', async () => {
    const content = gzipSync('{"a":1}');
    expect(await expand(content)).toMatchObject([
      { path: 'a', text: '{"a":1}', bytes: content.length, sha256: sha256(content), codes: [] },
    ]);
    const skipped = { kind: 'skipped', path: 'l', code: 'link-broken', message: 'm' } as const;
    const gone = { kind: 'file', path: 'gone', file: join(root, 'gone') } as const;
    for (const input of [skipped, gone]) {
      const parts = expandEvidence(input);
      expect(await parts.next()).toEqual({ done: false, value: input });
      expect((await parts.next()).done).toBe(true);
    }
  });

  const members = { 'one.json': '{"a":1}', 'deep/er/two.json': 'x'.repeat(3_000_000), empty: '' };

  it.each([
    [
      'zip, deflated',
      () =>
        zip({
          'one.json': strToU8('{"a":1}'),
          'deep/er/two.json': strToU8(members['deep/er/two.json']),
          empty: strToU8(''),
        }),
    ],
    [
      'zip, stored',
      () =>
        zip(
          {
            'one.json': strToU8('{"a":1}'),
            'deep/er/two.json': strToU8(members['deep/er/two.json']),
            empty: strToU8(''),
          },
          0,
        ),
    ],
    ['tar', () => tar(members)],
    ['tar.gz', async () => gzipSync(await tar(members))],
  ])('lists the members of %s, then itself', async (_, make) => {
    const content = await make();
    for (const viaDescriptor of [false, true]) {
      const parts = await expand(content, viaDescriptor);
      const found = parts.slice(0, -1).sort((a, b) => (a.path < b.path ? -1 : 1));
      expect(found).toEqual(
        Object.entries(members)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, text]) => ({
            path: `a!/${name}`,
            text,
            bytes: text.length,
            sha256: sha256(text),
            modifiedAt: '2026-02-01T10:20:30Z',
            codes: [],
            truncated: false,
          })),
      );
      expect(parts.at(-1)).toMatchObject({
        path: 'a',
        bytes: content.length,
        sha256: sha256(content),
        codes: ['archive'],
        truncated: false,
      });
    }
  });

  it('unpacks compressed members and hashes them as they are stored', async () => {
    const packed = gzipSync('{"a":1}');
    const [member] = await expand(zip({ 'x.json.gz': packed }));
    expect(member).toMatchObject({ text: '{"a":1}', bytes: packed.length, sha256: sha256(packed) });
  });

  it('unpacks bzip2 around an archive and inside of one', async () => {
    const packed = bzip2('{"a":1}');
    const inner = bzip2(await tar({ 'x.json.bz2': packed }));
    const parts = await expand(zip({ 'inner.tbz2': inner }));
    expect(parts).toMatchObject([
      { path: 'a!/inner.tbz2!/x.json.bz2', text: '{"a":1}', bytes: packed.length, sha256: sha256(packed) },
      { path: 'a!/inner.tbz2', bytes: inner.length, sha256: sha256(inner), codes: ['archive'] },
      { path: 'a', codes: ['archive'] },
    ]);
  });

  it('opens archives in archives, and no further', async () => {
    const inner = zip({ x: strToU8('X') });
    const middle = await tar({ 'inner.zip': inner, y: 'Y' });
    const parts = await expand(zip({ 'middle.tgz': gzipSync(middle), z: strToU8('Z') }));
    expect(parts.map(({ path }) => path)).toEqual([
      'a!/middle.tgz!/inner.zip',
      'a!/middle.tgz!/y',
      'a!/middle.tgz',
      'a!/z',
      'a',
    ]);
    expect(parts[0]).toMatchObject({ bytes: inner.length, sha256: sha256(inner) });
    expect(spelled(await expand(zip({ 'b.zip': zip({ x: strToU8('X') }) })))[0]).toEqual([
      'a!/b.zip!/x',
      'X',
    ]);
  });

  it('shows hostile names on one line, and equal names apart', async () => {
    const hostile = '../../etc/\u001b[31mred\n\u202egnp.json';
    const long = `${'n'.repeat(5000)}/x`;
    const parts = await expand(
      await tar({ [hostile]: '1', [long]: '2', ...{} }, [
        { header: { name: 'same', size: 1 }, body: strToU8('3') },
        { header: { name: 'same', size: 1 }, body: strToU8('4') },
      ]),
    );
    expect(spelled(parts.slice(0, -1))).toEqual([
      ['a!/../../etc/\ufffd[31mred\ufffd\ufffdgnp.json', '1'],
      [`a!/${'n'.repeat(1024)}`, '2'],
      ['a!/same', '3'],
      ['a!/same#2', '4'],
    ]);
    const [zipped] = await expand(zip({ [hostile]: strToU8('1') }));
    expect(zipped?.path).toBe('a!/../../etc/\ufffd[31mred\ufffd\ufffdgnp.json');
  });

  it('names what a tar holds beside files', async () => {
    const parts = await expand(
      await tar({}, [
        { header: { name: 'folder/', size: 0, type: 'directory' } },
        { header: { name: 'folder/link', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
        { header: { name: 'folder/x', size: 1 }, body: strToU8('1') },
      ]),
    );
    expect(parts.map(({ path, codes }) => [path, ...codes])).toEqual([
      ['a!/folder/link', 'not-a-file'],
      ['a!/folder/x'],
      ['a', 'archive'],
    ]);
  });

  it('reads a tar without magic, and tells of what stands behind the end', async () => {
    const whole = Buffer.from(await tar({ x: 'X', y: 'Y' }));
    const old = Buffer.from(whole);
    for (const at of [0, 1024]) {
      old.fill(0, at + 257, at + 265);
      old.write(checksum(old.subarray(at, at + 512)), at + 148, 'latin1');
    }
    expect(spelled(await expand(old)).slice(0, 2)).toEqual([
      ['a!/x', 'X'],
      ['a!/y', 'Y'],
    ]);
    const twice = await expand(Buffer.concat([whole, whole]));
    expect(twice).toHaveLength(3);
    expect(twice.at(-1)).toMatchObject({ codes: ['archive', 'archive-trailing'], truncated: true });
    const gap = await expand(Buffer.concat([whole.subarray(0, 2048), Buffer.alloc(512), whole]));
    expect(gap.at(-1)).toMatchObject({ codes: ['archive', 'archive-trailing'], truncated: true });
  });

  it('never takes a part of a tar for the whole', async () => {
    const whole = Buffer.from(await tar({ x: 'X'.repeat(600), y: 'Y' }));
    // Two members, of which the first takes three blocks; the end is two empty blocks.
    const end = 512 * 7;
    for (let length = 512; length <= whole.length; length += 64) {
      for (const content of [whole.subarray(0, length), gzipSync(whole.subarray(0, length))]) {
        const parts = await expand(content);
        expect([length, parts.at(-1)?.truncated]).toEqual([length, length < end]);
        if (length < end) expect(parts.at(-1)?.codes).toContain('archive-truncated');
        const cut = parts.slice(0, -1).find(({ truncated }) => truncated);
        if (length < 512 + 600) expect(cut).toMatchObject({ path: 'a!/x', codes: ['archive-truncated'] });
      }
    }
    const zipped = await expand(gzipSync(whole).subarray(0, 30));
    expect(zipped.some(({ truncated }) => truncated)).toBe(true);
  });

  it('names a tar header that is damaged', async () => {
    const whole = Buffer.from(await tar({ x: 'X', y: 'Y' }));
    whole[1024 + 5] = 0x41;
    const parts = await expand(whole);
    expect(spelled(parts)[0]).toEqual(['a!/x', 'X']);
    expect(parts.at(-1)).toMatchObject({ codes: ['archive', 'archive-damaged'], truncated: true });
  });

  it('ends at extended headers that are damaged, or speak of no member', async () => {
    const pax = (content: string): Buffer => {
      const header = Buffer.alloc(512);
      header.write('PaxHeader');
      header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
      header.write('x', 156);
      header.write(checksum(header), 148, 'latin1');
      const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
      body.write(content, 'latin1');
      return Buffer.concat([header, body]);
    };
    const member = Buffer.from(await tar({ x: 'X' }));
    const sound = await expand(Buffer.concat([pax('10 path=y\n'), member]));
    expect(spelled(sound)[0]).toEqual(['a!/y', 'X']);
    for (const content of [
      '\0',
      'path=y\n',
      '10 path=y\n\0',
      '99 path=y\n',
      '0 \n',
      '1e1 path=y\n',
      '10 path=yy',
      ' path=y\n',
    ]) {
      const parts = await expand(Buffer.concat([pax(content), member]));
      expect(parts.at(-1), content).toMatchObject({ path: 'a', codes: ['archive-damaged'], truncated: true });
    }
    const alone = await expand(Buffer.concat([pax('10 path=y\n'), Buffer.alloc(1024)]));
    expect(alone.at(-1)).toMatchObject({ codes: ['archive-truncated'], truncated: true });
  });

  it('checks what a zip unpacks to', async () => {
    const content = Buffer.from(zip({ x: strToU8('{"a":1}') }, 0));
    content[content.indexOf('{"a":1}') + 5] = 0x32;
    const [member, archive] = await expand(content);
    expect(member).toMatchObject({ codes: ['archive-damaged'], truncated: true });
    expect(archive).toMatchObject({ codes: ['archive'] });
  });

  it('says that a cut zip is cut', async () => {
    const whole = zip({ x: strToU8('{"a":1}'.repeat(100)) });
    for (const length of [4, 30, whole.length - 1]) {
      expect(await expand(whole.subarray(0, length))).toMatchObject([
        { path: 'a', codes: ['archive-truncated'], truncated: true, bytes: length },
      ]);
    }
    expect(await expand(zip({}))).toMatchObject([{ path: 'a', codes: ['evidence-empty'], truncated: true }]);
  });

  it('names encrypted members, other methods, and Office documents', async () => {
    const marked = (at: number, value: number) => {
      const content = Buffer.from(zip({ x: strToU8('X') }));
      content.writeUInt16LE(value, content.indexOf('PK\x01\x02') + at);
      return content;
    };
    expect((await expand(marked(8, 1)))[0]).toMatchObject({ path: 'a!/x', codes: ['member-encrypted'] });
    expect((await expand(marked(10, 14)))[0]).toMatchObject({ path: 'a!/x', codes: ['member-unreadable'] });
    const workbook = await expand(
      zip({ '[Content_Types].xml': strToU8('<x/>'), 'xl/a.xml': strToU8('<x/>') }),
    );
    expect(workbook).toMatchObject([{ path: 'a', codes: ['format-unknown'], truncated: true }]);
  });

  it('sets a workbook of this program aside, and passes over nothing where another member lies with its parts', async () => {
    const mark = strToU8('<Application>trustsieve</Application>');
    const parts = { 'docProps/app.xml': mark, 'xl/workbook.xml': strToU8('<x/>') };
    for (const viaDescriptor of [false, true]) {
      expect(await expand(zip(parts), viaDescriptor)).toMatchObject([{ path: 'a', codes: ['not-evidence'] }]);
      const mixed = await expand(zip({ ...parts, x: strToU8('X') }), viaDescriptor);
      expect(mixed.map(({ path }) => path)).toEqual([
        'a!/docProps/app.xml',
        'a!/xl/workbook.xml',
        'a!/x',
        'a',
      ]);
    }
  });

  it('reads what a zip calls a folder and gives content', async () => {
    const zip = zipSync({ 'a/': new Uint8Array(0), 'b/': strToU8('{"b":1}'), 'c\\': strToU8('{"c":1}') });
    expect(await expand(zip)).toMatchObject([
      { path: 'a!/b/', text: '{"b":1}', codes: [] },
      { path: 'a!/c/', text: '{"c":1}', codes: [] },
      { path: 'a', codes: ['archive'] },
    ]);
  });

  it('refuses members that share their bytes', async () => {
    const content = Buffer.from(zip({ x: strToU8('X'.repeat(2000)), y: strToU8('Y') }, 0));
    const directory = content.indexOf('PK\x01\x02');
    const second = content.indexOf('PK\x01\x02', directory + 4);
    content.copy(content, second + 20, directory + 20, directory + 28);
    content.writeUInt32LE(0, second + 42);
    const parts = await expand(content);
    expect(parts.map(({ codes }) => codes)).toEqual([[], ['archive', 'archive-damaged']]);
  });

  it('finds that a directory goes on behind the members that it counts', async () => {
    const content = Buffer.from(zip({ x: strToU8('X'), y: strToU8('Y') }));
    content.writeUInt16LE(1, content.indexOf('PK\x05\x06') + 10);
    for (const packed of [content, gzipSync(content)]) {
      const parts = await expand(packed);
      expect(parts.map(({ codes }) => codes)).toEqual([[], ['archive', 'archive-damaged']]);
      expect(parts.at(-1)?.truncated).toBe(true);
    }
  });

  it.each(['L', 'K', 'g', 'x'])('takes no member for an extended header of type %s', async (type) => {
    const content = Buffer.from(await tar({ 'one.json': '{"a":1}', 'two.json': '{"b":2}' }));
    content.write(type, 156);
    content.write(checksum(content.subarray(0, 512)), 148);
    const parts = await expand(content);
    expect(parts.at(-1)).toMatchObject({ path: 'a', truncated: true });
    expect(parts.at(-1)?.codes).toContain('archive-damaged');
  });

  it('holds little of a member that unpacks to much', { timeout: 60_000 }, async () => {
    const size = 100_000_000;
    const file = join(root, 'bomb');
    writeFileSync(file, zip({ x: new Uint8Array(size).fill(97) }));
    const held = () => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers;
    };
    const before = held();
    let length = 0;
    let checked = 0;
    for await (const part of expandEvidence({ kind: 'file', path: 'a', file })) {
      if (part.kind !== 'opened') continue;
      for (let bytes = await part.stream.next(); bytes !== null; bytes = await part.stream.next()) {
        length += bytes.length;
        if (length < checked) continue;
        checked += size / 10;
        expect(held() - before).toBeLessThan(8_000_000);
      }
    }
    expect(length).toBe(size);
  });

  it('counts the bytes of files, not of members', async () => {
    const content = zip({ x: strToU8('X'.repeat(5000)), y: strToU8('Y') });
    writeFileSync(join(root, 'counted'), content);
    let count = 0;
    const onBytes = (bytes: number) => {
      count += bytes;
    };
    for await (const part of expandEvidence(
      { kind: 'file', path: 'a', file: join(root, 'counted') },
      { onBytes },
    )) {
      if (part.kind === 'opened') await part.stream.finish();
    }
    expect(count).toBe(content.length);
  });

  it('survives any bytes in the place of any others, and members left unread', async () => {
    const text = '{"a":1}'.repeat(50);
    const contents = [zip({ x: strToU8(text), 'y/z': strToU8('1') }), await tar({ x: text, 'y/z': '1' })];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...contents),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (content, at, noise, read) => {
          const spoilt = Buffer.from(content);
          spoilt.set(noise, at % (spoilt.length - noise.length));
          if (read) {
            const parts = await expand(spoilt);
            expect(parts.at(-1)?.path).toBe('a');
            return;
          }
          writeFileSync(join(root, 'file'), spoilt);
          const input = { kind: 'file', path: 'a', file: join(root, 'file') } as const;
          for await (const part of expandEvidence(input)) expect(part.path).toMatch(/^a/);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function checksum(header: Buffer): string {
  const blank = Buffer.from(header);
  blank.fill(0x20, 148, 156);
  const sum = blank.reduce((total, byte) => total + byte, 0);
  return `${sum.toString(8).padStart(6, '0')}\0 `;
}
