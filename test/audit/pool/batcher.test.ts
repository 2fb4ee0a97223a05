import { expect, it } from 'vitest';
import { Batcher } from '../../../src/audit/pool/batcher.ts';
import { BATCH_ROWS } from '../../../src/audit/pool/protocol.ts';

const capturedAt = '2026-01-01T00:00:00Z';
const arn = 'arn:aws:iam::111122223333:policy/deploy';
const role = 'arn:aws:iam::111122223333:role/deploy';

it.each([
  [
    'of roles',
    (batcher: Batcher) =>
      batcher.rolePolicy({ role, capturedAt, kind: 'attached', policy: arn, document: null, whole: false }),
  ],
  ['managed', (batcher: Batcher) => batcher.managedPolicy({ arn, capturedAt, version: '', document: null })],
])('a batch is full of as many policies %s as of roles, though they have no text', (_, add) => {
  const batcher = new Batcher();
  for (let row = 1; row < BATCH_ROWS; row++) add(batcher);
  expect(batcher.full).toBe(false);
  add(batcher);
  expect(batcher.full).toBe(true);
  batcher.take();
  expect(batcher.full).toBe(false);
});
