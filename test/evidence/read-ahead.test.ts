import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHUNK, SLOTS } from '../../src/evidence/landing.ts';
import { ReadAhead } from '../../src/evidence/read-ahead.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ahead = new ReadAhead();
const folder = temporaryFolder();

/** More than all slots hold; no two chunks are alike. */
const CONTENT = Buffer.alloc(3 * SLOTS * CHUNK + 1000);
for (let at = 0; at + 4 <= CONTENT.length; at += 4) CONTENT.writeUInt32LE((at * 2_654_435_761) >>> 0, at);

function opened(content: Uint8Array): { readonly path: string; readonly descriptor: number } {
  const path = join(folder, 'evidence');
  writeFileSync(path, content);
  return { path, descriptor: openSync(path, 'r') };
}

/** All chunks, each wiped once it is looked at, with what lies behind it. */
async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let chunk = await ahead.next(); chunk !== null; chunk = await ahead.next()) {
    expect(ahead.landing.roomBefore(chunk)).toBeGreaterThan(0);
    expect(ahead.landing.roomBefore(chunk.subarray(1))).toBe(0);
    chunks.push(Buffer.from(chunk));
    chunk.fill(0x58);
  }
  return Buffer.concat(chunks);
}

it('hands out the bytes of one file after the other and their hash, whatever becomes of the bytes', async () => {
  for (const content of [CONTENT, Buffer.from('{}'), CONTENT.subarray(0, CHUNK), Buffer.alloc(0)]) {
    const { descriptor } = opened(content);
    expect(ahead.begin(descriptor)).toBe(true);
    expect(ahead.begin(descriptor)).toBe(false);
    expect((await readAll()).equals(content)).toBe(true);
    expect(await ahead.next()).toBeNull();
    expect(await ahead.sha256()).toBe(createHash('sha256').update(content).digest('hex'));
    await ahead.end();
    closeSync(descriptor);
  }
});

it('reads the rest for the hash when it is asked for before the end', async () => {
  const { descriptor } = opened(CONTENT);
  ahead.begin(descriptor);
  await ahead.next();
  expect(await ahead.sha256()).toBe(createHash('sha256').update(CONTENT).digest('hex'));
  await ahead.end();
  closeSync(descriptor);
});

it('can be ended at any time, and reads another file then', async () => {
  for (const taken of [0, 1, 5]) {
    const { descriptor } = opened(CONTENT);
    ahead.begin(descriptor);
    for (let count = 0; count < taken; count++) await ahead.next();
    await ahead.end();
    closeSync(descriptor);
  }
  const { descriptor } = opened(CONTENT);
  expect(ahead.begin(descriptor)).toBe(true);
  expect((await readAll()).equals(CONTENT)).toBe(true);
  await ahead.end();
  closeSync(descriptor);
});

it('throws what the file system says, and reads another file then', async () => {
  const directory = openSync(folder, 'r');
  ahead.begin(directory);
  await expect(ahead.next()).rejects.toMatchObject({ code: 'EISDIR' });
  await ahead.end();
  closeSync(directory);
  const { descriptor } = opened(Buffer.from('[]'));
  ahead.begin(descriptor);
  expect((await readAll()).toString()).toBe('[]');
  await ahead.end();
  closeSync(descriptor);
});

it('ends where the file does when it is cut while it is read', async () => {
  const { path, descriptor } = opened(CONTENT);
  ahead.begin(descriptor);
  await ahead.next();
  const writer = openSync(path, 'r+');
  ftruncateSync(writer, 2 * SLOTS * CHUNK);
  closeSync(writer);
  let length = CHUNK;
  for (let chunk = await ahead.next(); chunk !== null; chunk = await ahead.next()) length += chunk.length;
  expect(length).toBe(2 * SLOTS * CHUNK);
  expect(await ahead.sha256()).toBe(createHash('sha256').update(CONTENT.subarray(0, length)).digest('hex'));
  await ahead.end();
  closeSync(descriptor);
});
