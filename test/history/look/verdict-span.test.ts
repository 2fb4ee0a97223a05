import { describe, expect, it } from 'vitest';
import { currentRoles } from '../../../src/history/look/current-roles.ts';
import type { Seen } from '../../../src/history/look/judge.ts';
import { verdictSpan } from '../../../src/history/look/verdict-span.ts';
import type { JudgedVerdict } from '../../../src/store/read/policy-reader.ts';
import { verdictOf } from '../../store/files.ts';
import { joined, lookAt, roleOf, TIMES, type Told, time } from '../told.ts';

function judge({ policy }: Seen): JudgedVerdict {
  const account = `44445555666${policy % 10}`;
  return {
    ...verdictOf({ verdict: policy >= 10 ? 'fail' : 'pass' }),
    paths: [{ statement: 0, sid: null, principal: account, account, guards: policy >= 10 ? [] : ['mfa'] }],
    ruleDigest: policy >= 100 ? 'later' : 'sooner',
  };
}

describe('verdictSpan, policies from 10 fail', () => {
  const cases: readonly [
    what: string,
    told: readonly Told[],
    at: readonly [at: number, completeAt: number | null],
    span: readonly [first: number, last: number],
  ][] = [
    ['failing from its first capture', [[10, 3, 3]], [3, 3], [3, 3]],
    [
      'failing since a policy change',
      [
        [1, 1, 2],
        [10, 3, 3],
      ],
      [3, 3],
      [3, 3],
    ],
    ['failing as before', [[10, 1, 3]], [3, 3], [1, 3]],
    [
      'failing with another policy',
      [
        [10, 1, 2],
        [11, 3, 3],
      ],
      [3, 3],
      [1, 3],
    ],
    [
      'failing with another policy that lets the same in',
      [
        [10, 1, 2],
        [20, 3, 3],
      ],
      [3, 3],
      [1, 3],
    ],
    [
      'failing under another text of the rule',
      [
        [10, 1, 2],
        [110, 3, 3],
      ],
      [3, 3],
      [1, 3],
    ],
    [
      'failing under another text than it passed under',
      [
        [1, 1, 2],
        [110, 3, 3],
      ],
      [3, 3],
      [3, 3],
    ],
    [
      'failing again after a pass',
      [
        [10, 1, 1],
        [1, 2, 2],
        [10, 3, 3],
      ],
      [3, 3],
      [1, 3],
    ],
    [
      'failing again after it was gone',
      [
        [10, 1, 1],
        [10, 3, 3],
      ],
      [3, 3],
      [1, 3],
    ],
    [
      'a pass in between, seen by an incomplete capture',
      [
        [10, 1, 4],
        [1, 2, 2, 'point'],
      ],
      [4, 4],
      [1, 4],
    ],
    [
      'a deletion in between',
      [
        [10, 1, 4],
        [null, 2, 2, 'point'],
      ],
      [4, 4],
      [1, 4],
    ],
    [
      'failing by a later change',
      [
        [1, 1, 3],
        [10, 4, 4, 'point'],
      ],
      [5, 3],
      [4, 4],
    ],
    [
      'failing before and after a later change',
      [
        [10, 1, 3],
        [11, 4, 4, 'point'],
      ],
      [5, 3],
      [1, 4],
    ],
    [
      'passing at the complete capture, failing by a later change',
      [
        [10, 1, 2],
        [1, 3, 3],
        [10, 4, 4, 'point'],
      ],
      [5, 3],
      [1, 4],
    ],
    ['later changes do not mention it', [[10, 3, 3]], [5, 3], [3, 3]],
    [
      'points only',
      [
        [1, 1, 1, 'point'],
        [10, 2, 2, 'point'],
      ],
      [2, null],
      [2, 2],
    ],
    [
      'points only, failing twice',
      [
        [10, 1, 1, 'point'],
        [10, 2, 2, 'point'],
      ],
      [2, null],
      [1, 2],
    ],
    ['nothing after the moment counts', [[10, 3, 9]], [4, 3], [3, 3]],
    [
      'not failing',
      [
        [10, 1, 1],
        [1, 2, 3],
      ],
      [3, 3],
      [2, 3],
    ],
    [
      'not failing, and before',
      [
        [2, 1, 1],
        [10, 2, 2],
        [1, 3, 3],
      ],
      [3, 3],
      [1, 3],
    ],
    [
      'not failing since a moment on which files disagree',
      [
        [1, 1, 3],
        [1, 1, 1],
        [10, 1, 1],
      ],
      [3, 3],
      [2, 3],
    ],
    [
      'failing since a moment on which files disagree',
      [
        [1, 1, 1],
        [1, 1, 1],
        [10, 1, 1],
        [10, 3, 3],
      ],
      [3, 3],
      [1, 3],
    ],
    ['not failing, seen once', [[1, 3, 3]], [3, 3], [3, 3]],
    [
      'not failing, deleted once',
      [
        [null, 1, 1],
        [1, 3, 3],
      ],
      [3, 3],
      [3, 3],
    ],
  ];
  it.each(cases)('%s', (_what, told, [at, completeAt], [first, last]) => {
    const [current] = currentRoles([roleOf('A', told)], lookAt(at, completeAt));
    if (current === undefined) throw new Error('the role is not there');
    expect(verdictSpan(current, judge, () => TIMES)).toEqual({
      firstSeen: time(first),
      lastSeen: time(last),
    });
  });

  it('counts sightings without a role id into the life of a role that has one', () => {
    const roles = joined([roleOf('', [[10, 1, 2]], 1), roleOf('A', [[10, 3, 3]], 2)]);
    const [current] = currentRoles(roles, lookAt(3, 3));
    expect(current && verdictSpan(current, judge, () => TIMES)).toEqual({
      firstSeen: time(1),
      lastSeen: time(3),
    });
  });
});
