import { expect, it } from 'vitest';
import { openProblemGroups, RejectCounts } from '../../src/cli/scan/problem-groups.ts';

it('tells files that are not whole at once, up to a number of each kind, and gathers the rest', () => {
  const told: string[] = [];
  const groups = openProblemGroups((line) => told.push(line));
  for (let n = 0; n < 105; n++) {
    groups.file(`cut-${n}.json`, [{ code: 'json-truncated', message: 'ends too early' }]);
    groups.file(`log-${n}.gz`, [{ code: 'not-evidence', kind: 'a CloudTrail log', message: 'is a log' }]);
    groups.file(`role-${n}`, [{ code: 'name-from-path', message: 'took its name from the path' }]);
  }
  const rejects = new RejectCounts();
  for (const offset of [7, 9]) rejects.add({ code: 'arn-invalid', offset, message: 'no ARN' });
  groups.rejects('a.json', rejects.byCode);
  expect(told).toHaveLength(100);
  expect(told[0]).toBe('cut-0.json: ends too early');
  expect(groups.lines()).toEqual([
    '105 files, such as log-0.gz: is a log',
    '105 files, such as role-0: took its name from the path',
    '5 files, such as cut-100.json: ends too early, beside the 100 above',
    '2 records were rejected (arn-invalid), such as in a.json at byte 7: no ARN',
  ]);
});
