import { expect, it } from 'vitest';
import type { RepairScan } from '../../../src/cli/repair/repair-scan.ts';
import { FilesRead } from '../../../src/cli/repair/repeat.ts';

const OPTIONS = {
  account: null,
  capturedAt: null,
  format: null,
  receivedAt: '2026-01-01T00:00:00Z',
  whole: false,
};

function scan(more: object = {}): RepairScan {
  return {
    readOptions: OPTIONS,
    furtherRules: [],
    asOf: '2026-01-01T00:00:00Z',
    ...more,
  } as unknown as RepairScan;
}

const RULE = [{ metadata: { id: 'MY.1', logic: 'IamRole should have name' }, kind: 'IamRole' }];
const FILE = { path: 'a.json', sha256: '00' };

it.each([
  [
    'at another time',
    {},
    { asOf: '2026-02-01T00:00:00Z', readOptions: { ...OPTIONS, receivedAt: '2026-02-01T00:00:00Z' } },
    true,
  ],
  ['by the same rules', { furtherRules: RULE }, { furtherRules: RULE }, true],
  ['by a further rule', {}, { furtherRules: RULE }, false],
  ['by a rule fewer', { furtherRules: RULE }, {}, false],
  [
    'by rules for what has ages, at another time',
    { furtherRules: RULE },
    { furtherRules: RULE, asOf: '2026-02-01T00:00:00Z' },
    false,
  ],
  ['for another account', {}, { readOptions: { ...OPTIONS, account: '111122223333' } }, false],
] as const)('a file that was scanned again %s', (_, first, second, isRead) => {
  const before = new FilesRead();
  before.startScan(scan(first));
  before.add(FILE);
  before.startScan(scan(second));
  expect(before.has(FILE)).toBe(isRead);
  expect(before.has({ ...FILE, sha256: '01' })).toBe(false);
});

it('is read again after a scan of another kind', () => {
  const before = new FilesRead();
  for (const one of [scan(), scan({ furtherRules: RULE }), scan()]) {
    before.startScan(one);
    expect(before.has(FILE)).toBe(false);
    before.add(FILE);
  }
});
