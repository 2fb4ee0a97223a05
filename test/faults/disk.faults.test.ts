import { beforeAll, describe, it } from 'vitest';
import { failingAtTheEnd, failingCalls, fullDisk, sizeLimit, unreadableEvidence } from './kinds/disk.ts';
import { undisturbed, type Whole } from './oracle.ts';
import {
  merge,
  mergeInto,
  organisationScan,
  repair,
  report,
  settle,
  smallScan,
  spillingScan,
  threadedScan,
  type Work,
} from './works.ts';

const whole = (work: () => Promise<Work>): (() => Whole) => {
  let made: Whole;
  beforeAll(async () => {
    made = await undisturbed(await work());
  }, 120_000);
  return () => made;
};

describe.each([
  ['scan', smallScan, 60, 15, 15],
  ['scan of an organisation', organisationScan, 30, 10, 10],
  ['report', () => report('html'), 20, 5, 5],
  ['merge', merge, 20, 5, 5],
  ['merge into a store', mergeInto, 20, 5, 5],
  ['repair', () => repair('damaged'), 20, 5, 5],
  ['repair by a signed manifest', () => repair('lost'), 10, 3, 3],
] as const)('a disk that fails %s', { timeout: 1_800_000 }, (_, work, calls, limits, disks) => {
  const made = whole(work);
  it('at one call or from it on', () => failingCalls(made(), calls));
  it('because no file may be larger', () => sizeLimit(made(), limits));
  it('because it is full', () => fullDisk(made(), disks));
});

describe.each([
  ['scan', smallScan],
  ['runs settle', settle],
  ['merge', merge],
  ['repair', () => repair('damaged')],
] as const)('a disk that fails when the store is closed: %s', { timeout: 900_000 }, (_, work) => {
  const made = whole(work);
  it('is told', () => failingAtTheEnd(made(), 10));
});

describe('the temporary files of a scan of more than it holds in memory', { timeout: 900_000 }, () => {
  const made = whole(spillingScan);
  it('meet a failing disk', () => failingCalls(made(), 6, [{ operation: 'write', path: 'etilqs' }]));
  it('cannot be read back', () => failingCalls(made(), 4, [{ operation: 'read', path: 'etilqs' }]));
});

describe('evidence that cannot be read to its end', { timeout: 900_000 }, () => {
  const small = whole(smallScan);
  const large = whole(() => threadedScan(2));
  it('in the main thread', () => unreadableEvidence(small(), '555500000001', 6));
  it('in a thread that reads ahead', () => unreadableEvidence(large(), 'large.json', 6));
  it('in a thread', () => unreadableEvidence(large(), 'medium.json', 6));
  it('as a Parquet table', () => unreadableEvidence(large(), '.parquet', 6));
});
