import { beforeAll, describe, it } from 'vitest';
import { sizeLimit } from './kinds/disk.ts';
import { killAtTimes } from './kinds/kill.ts';
import { TAKEN, takeAway } from './kinds/permissions.ts';
import { interrupt } from './kinds/signals.ts';
import { killThread } from './kinds/threads.ts';
import { reportsMeanwhile, scansTogether } from './kinds/together.ts';
import { undisturbed, type Whole } from './oracle.ts';
import { ownScan, report, SMALL_PARTS, smallScan, threadedScan } from './works.ts';

/** A few rounds of what `npm run test:faults` does for minutes; none of it needs root or a compiler. */
describe('a scan', { timeout: 180_000 }, () => {
  let whole: Whole;
  beforeAll(async () => {
    whole = await undisturbed(await smallScan());
  }, 180_000);

  it('is killed', () => killAtTimes(whole, 3));
  it('is interrupted', () => interrupt(whole, 2));
  it('meets a full disk', () => sizeLimit(whole, 2));
  it('is read while it writes', () => reportsMeanwhile(whole, 1));
  it('is not alone', () => scansTogether(whole, SMALL_PARTS, 2, 1));
});

it('a report is killed', { timeout: 120_000 }, async () => {
  await killAtTimes(await undisturbed(await report('html')), 2);
});

it('a thread dies', { timeout: 180_000 }, async () => {
  const whole = await undisturbed(await threadedScan(2));
  await killThread(whole, 'ahead', 1);
  await killThread(whole, 'reader', 1);
});

it.each(TAKEN.slice(0, 4))('$name', { timeout: 120_000 }, async (taken) => {
  await takeAway(await undisturbed(await ownScan()), taken);
});
