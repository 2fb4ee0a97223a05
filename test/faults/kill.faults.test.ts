import { beforeAll, describe, it } from 'vitest';
import { killAtEvents, killAtTimes } from './kinds/kill.ts';
import { undisturbed, type Whole } from './oracle.ts';
import {
  FORMATS,
  merge,
  mergeInto,
  organisationScan,
  repair,
  report,
  settle,
  smallScan,
  threadedScan,
  type Work,
} from './works.ts';

/** The command, its rounds at random moments, and at calls that change files. A further command is a further line. */
const WORKS: readonly (readonly [name: string, work: () => Promise<Work>, times: number, events: number])[] =
  [
    ['scan', smallScan, 30, 30],
    ['scan, one thread', () => threadedScan(1), 30, 10],
    ['scan, two threads', () => threadedScan(2), 40, 10],
    ['scan of an organisation', organisationScan, 40, 30],
    ['merge', merge, 30, 15],
    ['merge into a store', mergeInto, 15, 10],
    ['runs settle', settle, 5, 10],
    ['repair', () => repair('damaged'), 20, 20],
    ['repair of a store with a log', () => repair('damaged with a log'), 10, 20],
    ['repair by a signed manifest', () => repair('lost'), 10, 10],
    ...FORMATS.map((format) => [`report as ${format}`, () => report(format), 7, 3] as const),
  ];

describe.each(WORKS)('killed: %s', { timeout: 1_800_000 }, (_, work, times, events) => {
  let whole: Whole;
  beforeAll(async () => {
    whole = await undisturbed(await work());
  }, 120_000);

  it('at random moments', () => killAtTimes(whole, times));
  it('at calls that change files', () => killAtEvents(whole, events));
});
