import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FormatEvent } from '../../src/formats/shared/file-reading.ts';
import { createFastReader } from '../../src/json/fast/fast-reader.ts';
import type { ReaderFactory } from '../../src/json/reader.ts';
import { createReferenceReader } from '../../src/json/reference/reference-reader.ts';
import { fixture, ORGANIZATION_PATH, ROLE_PATH, readContent, recordsIn } from './read.ts';

const NAMES = readdirSync(new URL('fixtures', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.includes('.'))
  .sort();
const READERS: readonly (readonly [string, ReaderFactory])[] = [
  ['the reference reader', createReferenceReader],
  ['the fast reader', createFastReader],
];
const pathOf = (name: string) => {
  if (name.startsWith('iam-collect-organization')) return ORGANIZATION_PATH;
  if (name.startsWith('iam-collect')) return ROLE_PATH;
  // Its name says that it lists all.
  return name.startsWith('organizations-cli') ? 'dump/list-accounts.json' : `dump/${name}`;
};
/** The list of all accounts of an organisation; null where there is none. */
const allAccounts = (events: readonly FormatEvent[]): string | null =>
  events
    .flatMap((event) => (event.kind === 'organization' ? event.capture.facts : []))
    .find(({ kind }) => kind === 'accounts')?.value ?? null;

/** Lengths at which a fixture is cut, none of them behind a whole line. */
function cuts(content: Buffer): readonly number[] {
  const end = content.toString('latin1').trimEnd().length;
  const lengths = [
    3,
    ...Array.from({ length: 12 }, (_, step) => Math.floor((end * (step + 0.5)) / 12)),
    end - 1,
  ];
  return lengths.filter((length) => content[length] !== 0x0a && content[length - 1] !== 0x0a);
}

describe.each(READERS)('every fixture, by %s', (_, createReader) => {
  const read = async (name: string, content: Uint8Array) => {
    const found = await readContent(content, {}, pathOf(name), createReader);
    expect(found.reading.recordsRead).toBe(recordsIn(found));
    return found;
  };

  it.each(NAMES)('%s, empty or cut, is never called whole', async (name) => {
    const content = fixture(name);
    const whole = await read(name, content);
    expect((await read(name, Buffer.alloc(0))).reading.status).toBe('unreadable');
    for (const length of cuts(content)) {
      const { reading, captures, roles } = await read(name, content.subarray(0, length));
      expect([length, reading.status]).not.toEqual([length, 'complete']);
      expect(captures.filter(({ complete }) => complete)).toEqual([]);
      // What is there before the cut is what the whole file says.
      expect(whole.roles).toEqual(expect.arrayContaining(roles as unknown[]));
    }
  });

  it.each(NAMES)('%s with flipped bits loses nothing in silence', async (name) => {
    const content = fixture(name);
    const whole = await read(name, content);
    const accounts = allAccounts(whole.events);
    const losesAccount = (list: string | null) => list !== null && list !== accounts;
    for (let at = 0; at < content.length; at += Math.ceil(content.length / 40)) {
      const flipped = Buffer.from(content);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 7));
      const { reading, captures, events } = await read(name, flipped);
      if (reading.recordsRead >= whole.reading.recordsRead) continue;
      const complete = captures.some((capture) => capture.complete) || losesAccount(allAccounts(events));
      const shown = { at, status: reading.status, complete };
      expect(shown).not.toEqual({ at, status: 'complete', complete: true });
    }
  });
});
