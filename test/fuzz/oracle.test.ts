import { describe, expect, it } from 'vitest';
import type { JsonEvent, ReaderFactory } from '../../src/json/reader.ts';
import { createReferenceReader } from '../../src/json/reference/reference-reader.ts';
import { edit } from './edits.ts';
import { fewest, fewestBytes, fewestEdits } from './minimise.ts';
import { baseNamed, type Mutant, mutantOf, remade } from './mutants.ts';
import { READERS } from './observe.ts';
import { run } from './run.ts';
import { seedNamed } from './seeds.ts';
import { tryMutant } from './try-one.ts';
import { scanFolder, scanWithProgram } from './whole-scan.ts';
import type { Find } from './worker.ts';

const changed = (name: string, edits: Mutant['edits']): Mutant =>
  remade({ what: 'bytes', base: baseNamed(name), inside: true, keeps: false }, edits);

/** Another reader in the place of both, without the elements that `drop` names. */
const dropping =
  (drop: (event: JsonEvent) => boolean): ReaderFactory =>
  (plan, start) => {
    const sources = plan.sources.map(({ row: _, ...source }) => source);
    const reader = createReferenceReader({ ...plan, sources }, start);
    const kept = (events: readonly JsonEvent[]) => events.filter((event) => !drop(event));
    return {
      push: (bytes) => kept(reader.push(bytes)),
      end: () => kept(reader.end()),
      get stopped() {
        return reader.stopped;
      },
    };
  };
const open = dropping(
  (event) => event.kind === 'element' && (event.fields.get('Arn') ?? '').includes('role/Open"'),
);
const broken = dropping((event) => event.kind === 'malformed');

describe('the oracle', () => {
  const text = seedNamed('gaad-compact').bytes;
  const sound = changed('gaad-compact', [
    edit(text.indexOf('UserDetailList'), text.indexOf('UserDetailList') + 4, 'Pear'),
  ]);

  it('finds nothing in a change that is nobody’s, or a role’s own', async () => {
    expect(await tryMutant(sound)).toEqual([]);
    const own = text.indexOf('role/Open"') + 5;
    expect(await tryMutant(changed('gaad-compact', [edit(own, own + 1, 'P')]))).toEqual([]);
  });

  it('finds a failing role that a reader leaves out, and that readers differ', async () => {
    expect(await tryMutant(sound, { reference: open, fast: open })).toEqual([
      'lost in silence, untouched: arn:aws:iam::111122223333:role/Open',
    ]);
    const found = await tryMutant(sound, { ...READERS, fast: open });
    expect(found.filter((violation) => violation.startsWith('fault: ')).length).toBeGreaterThan(0);
  });

  it('finds a line that breaks off where nothing says so', async () => {
    const lines = seedNamed('cloudquery-lines').bytes;
    const quote = lines.indexOf('role/Open"') + 'role/Open'.length;
    const cut = changed('cloudquery-lines', [edit(quote, quote + 1)]);
    expect(await tryMutant(cut)).toEqual([]);
    const unsaid = await tryMutant(cut, { reference: broken, fast: broken });
    expect(unsaid).toEqual(['lost in silence, in damaged text: arn:aws:iam::111122223333:role/Open']);
  });

  it('takes a role that can no longer be decided for a warning, whoever else is undecided', async () => {
    const { bytes } = seedNamed('cloudquery-authorization-details.json');
    // One role's policy breaks off, and all that follows goes with it: another that fails, and one that is undecided anyway.
    const from = bytes.indexOf('%7B%22StringEquals') + 4;
    const cut = changed('cloudquery-authorization-details.json', [edit(from, bytes.length, '"}]}\n')]);
    expect(await tryMutant(cut)).toEqual([]);
  });

  it('finds a page marker that nobody heeds', async () => {
    const seed = seedNamed('gaad-truncated').bytes;
    const unmarked = (...keys: readonly string[]) =>
      changed(
        'gaad-truncated',
        keys.map((key) => edit(seed.indexOf(key), seed.indexOf(key) + 1, 'X')),
      );
    expect(await tryMutant(unmarked('IsTruncated'))).toEqual([]);
    expect(await tryMutant(unmarked('Marker'))).toEqual([]);
    const deaf: ReaderFactory = (plan, start) => createReferenceReader({ ...plan, facts: [] }, start);
    expect(await tryMutant(unmarked('Marker'), { reference: deaf, fast: deaf })).toContain(
      'a page marker is left and nothing says that more pages follow',
    );
  });
});

describe('the minimiser', () => {
  it('leaves the fewest parts, bytes and edits that show it', async () => {
    const join = (parts: readonly number[]) => parts;
    const parts = Array.from({ length: 100 }, (_, index) => index);
    expect(await fewest(parts, join, async (left) => left.includes(17) && left.includes(83))).toEqual([
      17, 83,
    ]);
    const bytes = Buffer.from(`${'x'.repeat(3_000)}bad${'y'.repeat(2_000)}`);
    expect((await fewestBytes(bytes, async (left) => left.includes('bad'))).toString()).toBe('bad');
    const mutant = changed('gaad-compact', [edit(0, 0, ' '), edit(5, 6, 'q!q'), edit(9, 9, 'z')]);
    const { edits } = await fewestEdits(mutant, async (other) => other.bytes.includes('q!q'));
    expect(edits).toMatchObject([{ from: 5, to: 6 }]);
  });
});

describe('a run', () => {
  it('tries inputs in a process of its own, and says how many', { timeout: 180_000 }, async () => {
    const finds: Find[] = [];
    const onFind = (find: Find) => finds.push(find);
    const options = {
      runSeed: 3,
      from: 0,
      inputs: 120,
      seconds: 150,
      jobs: 1,
      block: 60,
      onFind,
      onProgress() {},
    };
    const { tried, scanned, byProgram, next } = await run(options);
    expect({ tried, scanned, byProgram, next, finds }).toEqual({
      tried: 120,
      scanned: 3,
      byProgram: 1,
      next: 120,
      finds: [],
    });
  });

  it('finds the input that hangs', { timeout: 120_000 }, async () => {
    const finds: Find[] = [];
    // With no patience at all every input hangs, and is given up by its number.
    const onFind = (find: Find) => finds.push(find);
    await run({
      runSeed: 3,
      from: 40,
      inputs: 2,
      seconds: 60,
      jobs: 1,
      patience: 1,
      onFind,
      onProgress() {},
    });
    expect(finds.map(({ index }) => index)).toEqual([40, 41]);
    expect(finds[0]?.violations[0]).toMatch(/^hang: /);
  });

  it('scans inputs into a store and reports, here and by the built program', {
    timeout: 120_000,
  }, async () => {
    const mutants = [1, 2, 3, 5, 8].map((index) => mutantOf(3, index));
    expect(await scanFolder(mutants)).toEqual([]);
    expect(await scanWithProgram(mutants.slice(0, 2))).toEqual([]);
  });
});
