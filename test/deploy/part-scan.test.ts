import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCAN_OPTIONS, sharedFolder } from './part.ts';

const shared = sharedFolder();
const { at, run, scan, answer, names, read, lines } = shared;

describe('what the program ends with', () => {
  it.each([0, 1, 3])('%i is an answer: the part is done, and the marker tells', async (code) => {
    answer('scan', code);
    expect(await scan(2).ended).toMatchObject({ code: 0 });
    expect(names()).toEqual(['part-2-of-3']);
    expect(read('part-2-of-3', 'store.db')).toMatch(/^store of 2\/3 by \d+\n$/);
    expect(read('part-2-of-3', 'done')).toMatch(
      new RegExp(
        `^exit code: ${code}\noptions: /evidence --as-of 2026-06-30\nstore: \\d+ \\d+\n\nsummary of scan 2/3\n\n$`,
      ),
    );
  });

  it.each([2, 4, 5, 130, 141, 143])('%i is a failure, and nothing is shown', async (code) => {
    answer('scan', code);
    expect(await scan(2).ended).toEqual({
      code,
      stderr: `part.sh: part-2-of-3 failed with exit code ${code}\n`,
    });
    expect(names()).toEqual([]);
  });

  it('a kill of the program is a failure', async () => {
    answer('scan', 'kill');
    expect((await scan(2).ended).code).toBe(137);
    expect(names()).toEqual([]);
  });

  it('an answer without a store is a failure', async () => {
    answer('scan', 'empty');
    expect(await scan(2).ended).toEqual({ code: 5, stderr: 'part.sh: the program left no store\n' });
    expect(names()).toEqual([]);
  });
});

describe('which part it is', () => {
  it.each([
    [{ SLURM_ARRAY_TASK_ID: '1' }, '1/12'],
    [{ SLURM_ARRAY_TASK_ID: '12' }, '12/12'],
    [{ SLURM_ARRAY_TASK_ID: '0', FIRST_INDEX: '0' }, '1/12'],
    [{ SLURM_ARRAY_TASK_ID: '108', FIRST_INDEX: '100' }, '9/12'],
    [{ JOB_COMPLETION_INDEX: '0' }, '1/12'],
    [{ JOB_COMPLETION_INDEX: '11' }, '12/12'],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: '0' }, '1/12'],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: '9' }, '10/12'],
    [{ PART: '12' }, '12/12'],
  ])('%j is %s', async (env, part) => {
    expect(await run(['scan', '12', at('out'), ...SCAN_OPTIONS], env)).toMatchObject({ code: 0 });
    expect(lines('calls')).toEqual([
      expect.stringContaining(`scan /evidence --as-of 2026-06-30 --shard ${part} --db `),
    ]);
    expect(names()).toEqual([`part-${part.replace('/', '-of-')}`]);
  });

  it.each([
    [{}, /^part\.sh: none of PART, .* is set\n$/],
    [{ SLURM_ARRAY_TASK_ID: '0' }, /=0 is none of 12 parts, counted from 1\n$/],
    [{ SLURM_ARRAY_TASK_ID: '13' }, /=13 is none of 12 parts/],
    [{ JOB_COMPLETION_INDEX: '12' }, /=12 is none of 12 parts, counted from 0/],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: '1', SLURM_ARRAY_TASK_ID: '1' }, /^part\.sh: both .* and .* are set\n$/],
    [{ PART: '-1' }, /to be a number/],
    [{ PART: '010' }, /to be a number/],
    [{ SLURM_ARRAY_TASK_ID: '1', FIRST_INDEX: 'x' }, /to be a number/],
  ])('%j is refused', async (env, message) => {
    expect(await run(['scan', '12', at('out'), ...SCAN_OPTIONS], env)).toEqual({
      code: 2,
      stderr: expect.stringMatching(message),
    });
    expect(names()).toEqual([]);
    expect(lines('calls')).toEqual([]);
  });
});

describe('refuses', () => {
  it.each([
    ['no time for all parts', ['scan', '3', 'OUT', '/evidence'], /--as-of/],
    [
      'a store of its own',
      ['scan', '3', 'OUT', ...SCAN_OPTIONS, '--db', 'x.db'],
      /--db and --shard are set here/,
    ],
    [
      'parts of its own',
      ['scan', '3', 'OUT', ...SCAN_OPTIONS, '--shard=1/2'],
      /--db and --shard are set here/,
    ],
    ['no count', ['scan', 'all', 'OUT', ...SCAN_OPTIONS], /PARTS is to be a number, not `all`/],
    ['another command', ['report', '3', 'OUT'], /`report` is neither scan nor merge/],
    ['too few words', ['scan', '3'], /^part\.sh: usage: /],
    ['no shared folder', ['scan', '3', '/nowhere/out', ...SCAN_OPTIONS], /there is no folder \/nowhere\/out/],
  ])('%s', async (_, args, message) => {
    const words = args.map((word) => (word === 'OUT' ? at('out') : word));
    expect(await run(words, { PART: '1' })).toEqual({ code: 2, stderr: expect.stringMatching(message) });
    expect(lines('calls')).toEqual([]);
    expect(names()).toEqual([]);
  });
});

describe('tried again', () => {
  it('after a kill of all that ran: nothing was shown, and what was left goes', async () => {
    shared.hold();
    const { child, ended } = scan(2);
    await shared.scansRunning(1);
    process.kill(-(child.pid as number), 'SIGKILL');
    await ended;
    expect(names()).toEqual([expect.stringMatching(/^trustsieve-part\./)]);
    mkdirSync(at('out', '.part-2-of-3.killed'));
    writeFileSync(at('out', '.part-2-of-3.killed', 'store.db'), 'half');
    mkdirSync(at('out', '.part-22-of-30.other'));
    shared.release();
    expect(await scan(2).ended).toMatchObject({ code: 0 });
    expect(names()).toEqual(['.part-22-of-30.other', 'part-2-of-3']);
  });

  it('a signal of the engine ends the program, and what it answers then is no answer', async () => {
    shared.hold();
    const { child, ended } = scan(2);
    await shared.scansRunning(1);
    child.kill('SIGTERM');
    shared.release();
    expect((await ended).code).toBe(143);
    expect(lines('signals')).toEqual(['TERM']);
    expect(names()).toEqual([]);
  });

  it('when it was done: the old part is not there while the new one is made', async () => {
    await scan(2).ended;
    const before = read('part-2-of-3', 'store.db');
    shared.hold();
    const { ended } = scan(2);
    await shared.scansRunning(2);
    expect(existsSync(at('out', 'part-2-of-3'))).toBe(false);
    shared.release();
    await ended;
    expect(read('part-2-of-3', 'store.db')).not.toBe(before);
    expect(names()).toEqual(['part-2-of-3']);
  });

  it('two copies at once: both succeed and one of them stands, whole', async () => {
    shared.hold();
    const copies = [scan(2), scan(2), scan(2)];
    await shared.scansRunning(3);
    shared.release();
    const ends = await Promise.all(copies.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(names()).toEqual(['part-2-of-3']);
    for (const part of [1, 3]) await scan(part).ended;
    // Where the marker of one stood beside the store of another, this would refuse.
    expect(await shared.merge()).toMatchObject({ code: 0 });
  });

  it('while the old copy still runs: the first to end stays, the other one sees that the work is done', async () => {
    shared.hold();
    const old = scan(2);
    await shared.scansRunning(1);
    // The old copy stands still, as on a node that answers no more.
    process.kill(-(old.child.pid as number), 'SIGSTOP');
    shared.release();
    expect(await scan(2).ended).toMatchObject({ code: 0 });
    const first = read('part-2-of-3', 'store.db');
    process.kill(-(old.child.pid as number), 'SIGCONT');
    expect(await old.ended).toMatchObject({ code: 0 });
    expect(read('part-2-of-3', 'store.db')).toBe(first);
    expect(names()).toEqual(['part-2-of-3']);
  });
});

it('a shared folder that takes nothing is a failure', async () => {
  const out = at('out', 'part-2-of-3');
  // A file of that name: a folder cannot be put in its place.
  writeFileSync(out, '');
  shared.hold();
  const { ended } = scan(2);
  await shared.scansRunning(1);
  writeFileSync(out, 'somebody else');
  shared.release();
  expect(await ended).toEqual({
    code: 5,
    stderr: expect.stringMatching(/part\.sh: cannot write .*part-2-of-3\n$/),
  });
});
