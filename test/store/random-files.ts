import fc from 'fast-check';
import type { DataProblem } from '../../src/errors.ts';
import type { RoleRecord } from '../../src/model/record.ts';
import { roleRecord, type TestFile } from './files.ts';

// The third and fourth differ only in a fraction, which must sort between whole seconds.
export const times = [
  '2026-01-01T00:00:00Z',
  '2026-02-01T00:00:00Z',
  '2026-03-01T00:00:00Z',
  '2026-03-01T00:00:00.25Z',
  '2026-03-01T00:00:01Z',
  '2026-04-01T00:00:00Z',
];
const accounts = ['000000000001', '000000000002'];
const reasons: fc.Arbitrary<readonly DataProblem[]> = fc.constantFrom<(readonly DataProblem[])[]>(
  ['truncated'],
  ['next-page-missing'],
  ['partial-inventory'],
  ['maybe-filtered'],
  ['no-iam-recorded'],
  ['changes-only', 'no-iam-recorded'],
  ['maybe-filtered', 'truncated'],
);
const whole = fc.constantFrom(true, true, true, true, false);

const record: fc.Arbitrary<RoleRecord> = fc
  .record({
    account: fc.constantFrom(...accounts),
    roleName: fc.constantFrom('A', 'B'),
    roleId: fc.constantFrom('', '', 'AROA1'),
    policy: fc.constantFrom('{"pass":1}', '{"fail":1}', '{"fail":2}'),
    status: fc.constantFrom<RoleRecord['status'][]>('live', 'live', 'live', 'deleted', 'not-recorded'),
    capturedAt: fc.constantFrom(...times),
    version: fc.constantFrom('', '1', '2'),
    offset: fc.integer({ min: 0, max: 2 ** 40 }),
  })
  .map((given) => roleRecord(given));

const mixed = (path: string): fc.Arbitrary<TestFile> =>
  fc
    .record({
      records: fc.uniqueArray(record, { maxLength: 12, selector: (item) => item.offset }),
      captures: fc.array(
        fc.record({
          account: fc.constantFrom(...accounts),
          capturedAt: fc.constantFrom(...times),
          complete: fc.constantFrom(true, true, true, false),
          reasons,
        }),
        { maxLength: 8 },
      ),
      whole,
    })
    .map(({ records, captures, whole }) => ({
      path,
      records,
      whole,
      captures: captures.map((claim) => ({ ...claim, reasons: claim.complete ? [] : claim.reasons })),
    }));

/** The usual case: one account at one time. */
const snapshot = (path: string): fc.Arbitrary<TestFile> =>
  fc
    .record({
      capturedAt: fc.constantFrom(...times.slice(0, 4)),
      complete: fc.constantFrom(true, true, false),
      reasons,
      whole,
      records: fc.uniqueArray(record, { maxLength: 4, selector: (item) => item.offset }),
    })
    .map(({ capturedAt, complete, reasons, whole, records }) => ({
      path,
      whole,
      records: records.map((one) => ({ ...roleRecord({ ...one, account: '000000000001' }), capturedAt })),
      captures: [{ account: '000000000001', capturedAt, complete, reasons: complete ? [] : reasons }],
    }));

/** A file of one capture, or of several. */
export const file = (path: string): fc.Arbitrary<TestFile> =>
  fc.oneof({ weight: 1, arbitrary: mixed(path) }, { weight: 4, arbitrary: snapshot(path) });

/** Up to seven files, each of another path. */
export const files = fc
  .integer({ min: 1, max: 7 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => file(`folder/${index}.json`))));
