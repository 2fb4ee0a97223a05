import { roleRecord, type TestFile } from './files.ts';

/** Six captures of two accounts, out of time order, some too large to stage in memory. */
export function killFiles(): readonly TestFile[] {
  const files: TestFile[] = [];
  for (const [month, size] of [
    [3, 400],
    [1, 2500],
    [5, 900],
    [2, 2500],
    [4, 100],
    [6, 2500],
  ] as const) {
    for (const account of ['111122223333', '444455556666']) {
      const capturedAt = `2026-0${month}-01T00:00:00Z`;
      const records = Array.from({ length: size }, (_, index) =>
        roleRecord({
          account,
          roleName: `Role${index}`,
          capturedAt,
          offset: index * 700,
          policy: (index + month) % 9 === 0 ? '{"fail":1}' : `{"pass":${index % 40}}`,
        }),
      );
      files.push({
        path: `${account}/${month}.json`,
        captures: [{ account, capturedAt, complete: month !== 5, reasons: month === 5 ? ['truncated'] : [] }],
        records,
      });
    }
  }
  return files;
}
