import { expect, it } from 'vitest';
import { openProblemGroups, RejectCounts } from '../../../src/cli/scan/problem-groups.ts';

const FILES = Array.from({ length: 105 }, (_, n) => n);

function messagesOf(order: readonly number[]): readonly string[] {
  const groups = openProblemGroups();
  const whole: boolean[] = [];
  for (const n of order) {
    whole.push(
      groups.file(`cut-${n}.json`, [{ code: 'json-truncated', message: 'ends too early' }]),
      groups.file(`log-${n}.gz`, [{ code: 'not-evidence', kind: 'a CloudTrail log', message: 'is a log' }]),
      groups.file(`role-${n}`, [{ code: 'name-from-path', message: 'took its name from the path' }]),
    );
  }
  expect(whole.filter(Boolean)).toHaveLength(FILES.length);
  const rejects = new RejectCounts();
  for (const offset of [7, 9]) rejects.add({ code: 'arn-invalid', offset, message: 'no ARN' });
  groups.rejects('a.json', rejects.byCode);
  return groups.messages().map(({ kind, text }) => `${kind}: ${text}`);
}

it('tells files that are not whole one by one, up to a number of each kind, and what matters most last', () => {
  const messages = messagesOf(FILES);
  expect(messages.slice(0, 3)).toEqual([
    'note: 105 files, such as log-0.gz: is a log',
    'note: 105 files, such as role-0: took its name from the path',
    'warning: 2 records were rejected (arn-invalid), such as in a.json at byte 7: no ARN',
  ]);
  const told = messages.slice(3);
  expect(told).toHaveLength(101);
  expect(told[0]).toBe('warning: cut-0.json: ends too early');
  expect(told.at(-1)).toBe('warning: 5 more files like the 100 above (json-truncated)');
});

it('says the same whatever the order in which files end', () => {
  const inOrder = messagesOf(FILES);
  expect(messagesOf(FILES.toReversed())).toEqual(inOrder);
  expect(messagesOf([...FILES].sort((a, b) => ((a * 37) % 105) - ((b * 37) % 105)))).toEqual(inOrder);
});
