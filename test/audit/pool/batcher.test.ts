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

it('a batch is full of one policy with thousands of ways in', () => {
  const add = (batcher: Batcher, ways: number): void => {
    const trust = { state: 'document', text: '{}' } as const;
    const path = { statement: 0, sid: null, principal: '*', account: '*', guards: [] };
    const verdict = {
      rule: 'r',
      verdict: 'fail',
      literal: 'fail',
      reason: '',
      notes: [],
      message: '',
      paths: Array.from({ length: ways }, () => path),
      witness: null,
    } as const;
    batcher.add(
      {
        account: '111122223333',
        arn: role,
        roleId: '',
        trust,
        status: 'live',
        capturedAt,
        version: '',
        offset: 0,
      },
      { account: '', verdicts: [verdict] },
    );
  };
  const batcher = new Batcher();
  add(batcher, 2);
  expect(batcher.full).toBe(false);
  add(batcher, 10_000);
  expect(batcher.full).toBe(true);
  expect(batcher.heavy).toBe(true);
  batcher.take();
  expect(batcher.full).toBe(false);
});
