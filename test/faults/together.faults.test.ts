import { describe, expect, it } from 'vitest';
import { changeEvidence } from './kinds/changing.ts';
import { TAKEN, takeAway } from './kinds/permissions.ts';
import { reportsMeanwhile, scansTogether } from './kinds/together.ts';
import { undisturbed } from './oracle.ts';
import { organisationScan, ownScan, SMALL_PARTS, smallScan, threadedScan } from './works.ts';

describe('one store and many commands', { timeout: 1_800_000 }, () => {
  it.each([
    [2, 6],
    [4, 4],
    [8, 3],
  ])('%d scans at once', async (many, count) => {
    await scansTogether(await undisturbed(await smallScan()), SMALL_PARTS, many, count);
  });

  it('reports and comparisons while a scan writes', async () => {
    await reportsMeanwhile(await undisturbed(await organisationScan()), 5);
  });
});

describe('evidence that changes', { timeout: 1_800_000 }, () => {
  it('in the main thread', async () => {
    await changeEvidence(await undisturbed(await smallScan()), '2026-04-30/555500000001.json', 10);
  });
  it.each(['large.json', 'aws_iam_roles.parquet'])('in threads: %s', async (name) => {
    await changeEvidence(await undisturbed(await threadedScan(2)), `2026-04-30/${name}`, 5);
  });
});

describe('what is taken away', { timeout: 600_000 }, () => {
  it.each(TAKEN)('$name', async (taken) => {
    const whole = await undisturbed(await ownScan());
    expect(whole.exit).toBe(0);
    await takeAway(whole, taken);
  });
});
