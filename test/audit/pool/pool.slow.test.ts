import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { JudgedPolicy, JudgedRole } from '../../../src/audit/judged-sink.ts';
import { openPool, type PartSink } from '../../../src/audit/pool/pool.ts';
import type { ThreadOptions } from '../../../src/audit/pool/thread.ts';
import type { FileReading } from '../../../src/formats/shared/file-reading.ts';
import { inCheckout } from '../../checkout.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const WORKER = pathToFileURL(inCheckout('dist', 'audit', 'pool', 'worker.js'));
const SETUP = {
  options: { account: null, capturedAt: null, format: null, receivedAt: '2026-05-01T00:00:00Z' },
  reader: 'auto',
  rules: [],
  asOf: '2026-05-01T00:00:00Z',
} as const;

const folder = temporaryFolder();

/** Policies differ by the account they name, seven in all; with `distinct` by their Sid, too. */
function evidence(
  name: string,
  roles: number,
  { text = '', distinct = false } = {},
): { kind: 'file'; path: string; file: string } {
  const file = join(folder, name);
  const role = (index: number) => ({
    RoleName: `R${index}`,
    RoleId: `AROA${String(index).padStart(17, '0')}`,
    Arn: `arn:aws:iam::111122223333:role/team/R${index}`,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: distinct ? `${text}${index}` : text,
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${String(222200000000 + (index % 7))}:root` },
          Action: 'sts:AssumeRole',
        },
      ],
    },
  });
  writeFileSync(file, JSON.stringify({ RoleDetailList: Array.from({ length: roles }, (_, i) => role(i)) }));
  return { kind: 'file', path: name, file };
}

/** Reads inputs one after the other and notes what comes of them. */
async function readAll(
  inputs: readonly ReturnType<typeof evidence>[],
  options: ThreadOptions = {},
  between: () => Promise<void> = async () => {},
) {
  const pool = openPool(SETUP, { worker: WORKER, ...options });
  const parts: { roles: JudgedRole[]; verdicts: string[]; reading: FileReading | null }[] = [];
  let abandoned = 0;
  const startPart = (): PartSink => {
    const part = { roles: [] as JudgedRole[], verdicts: [] as string[], reading: null as FileReading | null };
    return {
      add: (record, evaluated) => {
        part.roles.push(record);
        part.verdicts.push(evaluated?.verdicts[0]?.verdict ?? 'none');
      },
      addRoles: ({ runs, texts, lengths, offsets, policies, judged }) => {
        let row = 0;
        let at = 0;
        for (const { group, count } of runs) {
          for (const end = row + count; row < end; row++) {
            const id = at + (lengths[2 * row] as number);
            const next = id + (lengths[2 * row + 1] as number);
            const { trust, evaluated } = judged[policies[row] as number] as JudgedPolicy;
            const { account, capturedAt } = group;
            const names = { account, arn: texts.slice(at, id), roleId: texts.slice(id, next) };
            const offset = offsets[row] as number;
            part.roles.push({ ...names, trust, status: 'live', capturedAt, version: '', offset });
            part.verdicts.push(evaluated.verdicts[0]?.verdict ?? 'none');
            at = next;
          }
        }
      },
      managedPolicy: () => {},
      rolePolicy: () => {},
      reject: () => {},
      entity: () => {},
      entityCapture: () => {},
      organization: () => {},
      capture: () => {},
      end: (reading) => {
        parts.push({ ...part, reading });
      },
      abandon: () => {
        abandoned++;
      },
    };
  };
  let bytes = 0;
  const progress = { records: () => {}, bytes: (count: number) => (bytes += count) };
  try {
    for (const input of inputs) {
      await pool.read(input, startPart, progress);
      await between();
    }
  } finally {
    await pool.close();
  }
  return { parts, abandoned, bytes };
}

describe('reading in threads', () => {
  it('hands out every record in order, over many batches and files, and every byte', async () => {
    const inputs = [evidence('a.json', 5000), evidence('b.json', 3)];
    const { parts, bytes } = await readAll(inputs);
    expect(
      parts.map(({ reading }) => [reading?.evidence.path, reading?.recordsRead, reading?.status]),
    ).toEqual([
      ['a.json', 5000, 'complete'],
      ['b.json', 3, 'complete'],
    ]);
    const [first] = parts;
    expect(first?.roles.map(({ arn }) => arn.split('/').at(-1))).toEqual(
      Array.from({ length: 5000 }, (_, i) => `R${i}`),
    );
    expect(first?.roles[4999]).toMatchObject({
      account: '111122223333',
      arn: 'arn:aws:iam::111122223333:role/team/R4999',
      roleId: 'AROA00000000000004999',
      status: 'live',
      trust: { state: 'document', text: expect.stringContaining('222200000001') },
    });
    expect(new Set(first?.verdicts)).toEqual(new Set(['fail']));
    expect(bytes).toBe(parts.reduce((sum, { reading }) => sum + (reading?.evidence.bytes ?? 0), 0));
  });

  it('forgets policies longer than any that IAM takes: together they are larger than the heap', {
    timeout: 120_000,
  }, async () => {
    const huge = evidence('huge.json', 150, { text: 'x'.repeat(1_000_000), distinct: true });
    const { parts } = await readAll([huge], { heapMb: 100 });
    expect(parts.map(({ reading }) => [reading?.recordsRead, reading?.status])).toEqual([[150, 'complete']]);
    expect(new Set(parts[0]?.verdicts)).toEqual(new Set(['fail']));
  });

  it('reads a file again when its thread dies, and says so when it dies again; other files are not touched', {
    timeout: 60_000,
  }, async () => {
    // Larger than the heap of the thread.
    const hoard = evidence('hoard.json', 40, { text: 'x'.repeat(3_000_000) });
    const inputs = [evidence('before.json', 10), hoard, evidence('after.json', 10)];
    const { parts, abandoned } = await readAll(inputs, { heapMb: 16 });
    expect(
      parts.map(({ reading }) => [reading?.evidence.path, reading?.recordsRead, reading?.status]),
    ).toEqual([
      ['before.json', 10, 'complete'],
      ['hoard.json', 0, 'unreadable'],
      ['after.json', 10, 'complete'],
    ]);
    expect(parts[1]?.reading?.problems).toMatchObject([{ code: 'reader-died' }]);
    expect(abandoned).toBe(2);
  });

  it('replaces a thread that dies while it has nothing to read', { timeout: 60_000 }, async () => {
    const [die, dead] = [join(folder, 'die'), join(folder, 'dead')];
    const worker = join(folder, 'mortal.mjs');
    writeFileSync(
      worker,
      `import { existsSync, writeFileSync } from 'node:fs';
      setInterval(() => {
        if (!existsSync(${JSON.stringify(die)}) || existsSync(${JSON.stringify(dead)})) return;
        writeFileSync(${JSON.stringify(dead)}, '');
        process.exit(9);
      }, 5).unref();
      await import(${JSON.stringify(WORKER.href)});`,
    );
    const { parts, abandoned } = await readAll(
      [evidence('first.json', 10), evidence('second.json', 10)],
      { worker: pathToFileURL(worker) },
      async () => {
        writeFileSync(die, '');
        await expect.poll(() => existsSync(dead)).toBe(true);
        // Its end is heard before anybody asks it to read.
        await setTimeout(100);
      },
    );
    expect(parts.map(({ reading }) => [reading?.recordsRead, reading?.status])).toEqual([
      [10, 'complete'],
      [10, 'complete'],
    ]);
    expect(abandoned).toBe(0);
  });

  it('passes errors of the program on', async () => {
    const pool = openPool(
      { ...SETUP, options: { ...SETUP.options, format: 'nonsense' } },
      { worker: WORKER },
    );
    const read = pool.read(
      evidence('c.json', 1),
      () => ({
        addRoles: () => {},
        add: () => {},
        managedPolicy: () => {},
        rolePolicy: () => {},
        reject: () => {},
        entity: () => {},
        entityCapture: () => {},
        organization: () => {},
        capture: () => {},
        end: () => {},
        abandon: () => {},
      }),
      { records: () => {}, bytes: () => {} },
    );
    await expect(read).rejects.toMatchObject({ code: 'usage' });
    await pool.close();
  });
});
