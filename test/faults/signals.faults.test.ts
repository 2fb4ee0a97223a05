import { expect, it } from 'vitest';
import { interrupt } from './kinds/signals.ts';
import { killThread, type ThreadKind } from './kinds/threads.ts';
import { undisturbed } from './oracle.ts';
import { mergeInto, organisationScan, repair, report, threadedScan, type Work } from './works.ts';

const WORKS: readonly (readonly [name: string, work: () => Promise<Work>, count: number])[] = [
  ['scan, two threads', () => threadedScan(2), 20],
  ['scan of an organisation', organisationScan, 30],
  ['report', () => report('html'), 10],
  ['merge', mergeInto, 15],
  ['repair', () => repair('damaged'), 15],
];

it.each(WORKS)('signals end %s in order', { timeout: 1_800_000 }, async (_, work, count) => {
  await interrupt(await undisturbed(await work()), count);
});

const THREADS: readonly ThreadKind[] = ['reader', 'ahead', 'table'];

it.each(THREADS)('a thread dies: %s', { timeout: 1_800_000 }, async (kind) => {
  const whole = await undisturbed(await threadedScan(2));
  expect(whole.exit).toBe(0);
  await killThread(whole, kind, 10);
});
