import { describe, expect, it } from 'vitest';
import { currentRoles, lastKnownAt } from '../../../src/history/look/current-roles.ts';
import type { LookTimes } from '../../../src/history/look/looks.ts';
import type { ObservedRole } from '../../../src/store/read/role-reader.ts';
import { joined, lookAt, roleOf, rowsOf, type Told, time } from '../told.ts';

describe('lastKnownAt', () => {
  const cases: readonly [
    what: string,
    told: readonly Told[],
    look: LookTimes,
    expected: readonly [policy: number | null, at: number] | null,
  ][] = [
    ['seen at the complete capture', [[1, 1, 3]], lookAt(3, 3), [1, 3]],
    ['seen before and after it: seen at it', [[1, 1, 5]], lookAt(4, 3), [1, 3]],
    ['not seen at it', [[1, 1, 2]], lookAt(3, 3), null],
    ['seen only later', [[1, 4, 5]], lookAt(3, 3), null],
    [
      'a later point counts',
      [
        [1, 1, 3],
        [2, 4, 4, 'point'],
      ],
      lookAt(4, 3),
      [2, 4],
    ],
    [
      'the latest of the points counts',
      [
        [3, 4, 4, 'point'],
        [2, 5, 5, 'point'],
      ],
      lookAt(6, 3),
      [2, 5],
    ],
    [
      'a point after the moment does not',
      [
        [1, 1, 3],
        [2, 5, 5, 'point'],
      ],
      lookAt(4, 3),
      [1, 3],
    ],
    ['a point before the complete capture does not', [[2, 2, 2, 'point']], lookAt(3, 3), null],
    [
      'a deletion stands as such',
      [
        [1, 1, 3],
        [null, 4, 4, 'point'],
      ],
      lookAt(4, 3),
      [null, 4],
    ],
    ['without a complete capture the points are all there is', [[1, 1, 1, 'point']], lookAt(2, null), [1, 1]],
  ];
  it.each(cases)('%s', (_what, told, at, expected) => {
    const known = lastKnownAt(rowsOf(told), at);
    expect(known && [known.rows[0]?.policy, known.at]).toEqual(expected && [expected[0], time(expected[1])]);
  });
});

describe('currentRoles', () => {
  const cases: readonly [
    what: string,
    roles: readonly ObservedRole[],
    look: LookTimes,
    ids: readonly string[],
  ][] = [
    [
      'each id is a role',
      [roleOf('A', [[1, 1, 3]], 1), roleOf('B', [[1, 3, 3]], 2)],
      lookAt(3, 3),
      ['A', 'B'],
    ],
    [
      'made anew: the old one is gone',
      [roleOf('A', [[1, 1, 2]], 1), roleOf('B', [[1, 3, 3]], 2)],
      lookAt(3, 3),
      ['B'],
    ],
    [
      'made anew, as an incomplete capture shows',
      [roleOf('A', [[1, 1, 3]], 1), roleOf('B', [[1, 4, 4, 'point']], 2)],
      lookAt(4, 3),
      ['B'],
    ],
    [
      'with and without id at once',
      [roleOf('', [[1, 3, 3]], 1), roleOf('A', [[1, 3, 3]], 2)],
      lookAt(3, 3),
      ['A'],
    ],
    [
      'also when they disagree',
      [roleOf('', [[1, 3, 3]], 1), roleOf('A', [[2, 3, 3]], 2)],
      lookAt(3, 3),
      ['A'],
    ],
    [
      'a later sighting without id',
      [roleOf('', [[1, 4, 4, 'point']], 1), roleOf('A', [[2, 3, 3]], 2)],
      lookAt(4, 3),
      ['A'],
    ],
    [
      'a later deletion of another one',
      [
        roleOf(
          'A',
          [
            [1, 1, 2],
            [null, 4, 4, 'point'],
          ],
          1,
        ),
        roleOf('B', [[1, 3, 3]], 2),
      ],
      lookAt(4, 3),
      ['B'],
    ],
    [
      'a later deletion without id',
      [roleOf('', [[null, 4, 4, 'point']], 1), roleOf('A', [[2, 3, 3]], 2)],
      lookAt(4, 3),
      [],
    ],
    [
      'deleted',
      [
        roleOf('A', [
          [1, 1, 3],
          [null, 4, 4, 'point'],
        ]),
      ],
      lookAt(4, 3),
      [],
    ],
  ];
  it.each(cases)('%s', (_what, roles, at, ids) => {
    expect(currentRoles(joined(roles), at).map(({ role }) => role.roleId)).toEqual(ids);
  });
});

/** Policies from 10 fail; those with the same last digit let the same account in, those from 100 by another rule text. */
