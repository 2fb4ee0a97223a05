import { describe, expect, it } from 'vitest';
import { lifeOf } from '../../src/history/life.ts';
import { joinNameless, type KnownRole } from '../../src/history/nameless.ts';
import { type Base, currentRoles, standingAt } from '../../src/history/standing.ts';
import type { JudgedVerdict } from '../../src/store/policy-reader.ts';
import type { ObservedRole } from '../../src/store/role-reader.ts';
import { verdictOf } from '../store/files.ts';
import { roleOf, rowsOf, type Told, time } from './told.ts';

const base = (at: number, completeAt: number | null): Base => ({
  at: time(at),
  completeAt: completeAt === null ? null : time(completeAt),
});

/** Captures of five days, all of them complete. */
const TIMES = [1, 2, 3, 4, 5].map(time);

function known(roles: readonly ObservedRole[]): readonly KnownRole[] {
  return roles[0]?.roleId === '' ? joinNameless(roles, TIMES.slice(0, 3)) : roles;
}

describe('standingAt', () => {
  const cases: readonly [
    what: string,
    told: readonly Told[],
    base: Base,
    expected: readonly [policy: number | null, at: number] | null,
  ][] = [
    ['seen at the complete capture', [[1, 1, 3]], base(3, 3), [1, 3]],
    ['seen before and after it: seen at it', [[1, 1, 5]], base(4, 3), [1, 3]],
    ['not seen at it', [[1, 1, 2]], base(3, 3), null],
    ['seen only later', [[1, 4, 5]], base(3, 3), null],
    [
      'a later point counts',
      [
        [1, 1, 3],
        [2, 4, 4, 'point'],
      ],
      base(4, 3),
      [2, 4],
    ],
    [
      'the latest of the points counts',
      [
        [3, 4, 4, 'point'],
        [2, 5, 5, 'point'],
      ],
      base(6, 3),
      [2, 5],
    ],
    [
      'a point after the moment does not',
      [
        [1, 1, 3],
        [2, 5, 5, 'point'],
      ],
      base(4, 3),
      [1, 3],
    ],
    ['a point before the complete capture does not', [[2, 2, 2, 'point']], base(3, 3), null],
    [
      'a deletion stands as such',
      [
        [1, 1, 3],
        [null, 4, 4, 'point'],
      ],
      base(4, 3),
      [null, 4],
    ],
    ['without a complete capture the points are all there is', [[1, 1, 1, 'point']], base(2, null), [1, 1]],
  ];
  it.each(cases)('%s', (_what, told, at, expected) => {
    const standing = standingAt(rowsOf(told), at);
    expect(standing && [standing.rows[0]?.policy, standing.at]).toEqual(
      expected && [expected[0], time(expected[1])],
    );
  });
});

describe('currentRoles', () => {
  const cases: readonly [what: string, roles: readonly ObservedRole[], base: Base, ids: readonly string[]][] =
    [
      [
        'each id is a role',
        [roleOf('A', [[1, 1, 3]], 1), roleOf('B', [[1, 3, 3]], 2)],
        base(3, 3),
        ['A', 'B'],
      ],
      [
        'made anew: the old one is gone',
        [roleOf('A', [[1, 1, 2]], 1), roleOf('B', [[1, 3, 3]], 2)],
        base(3, 3),
        ['B'],
      ],
      [
        'made anew, as an incomplete capture shows',
        [roleOf('A', [[1, 1, 3]], 1), roleOf('B', [[1, 4, 4, 'point']], 2)],
        base(4, 3),
        ['B'],
      ],
      [
        'with and without id at once',
        [roleOf('', [[1, 3, 3]], 1), roleOf('A', [[1, 3, 3]], 2)],
        base(3, 3),
        ['A'],
      ],
      [
        'also when they disagree',
        [roleOf('', [[1, 3, 3]], 1), roleOf('A', [[2, 3, 3]], 2)],
        base(3, 3),
        ['A'],
      ],
      [
        'a later sighting without id',
        [roleOf('', [[1, 4, 4, 'point']], 1), roleOf('A', [[2, 3, 3]], 2)],
        base(4, 3),
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
        base(4, 3),
        ['B'],
      ],
      [
        'a later deletion without id',
        [roleOf('', [[null, 4, 4, 'point']], 1), roleOf('A', [[2, 3, 3]], 2)],
        base(4, 3),
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
        base(4, 3),
        [],
      ],
    ];
  it.each(cases)('%s', (_what, roles, at, ids) => {
    expect(currentRoles(known(roles), at).map(({ role }) => role.roleId)).toEqual(ids);
  });
});

/** Policies from 10 fail; those with the same last digit let the same account in, those from 100 by another rule text. */
function judge(policy: number): JudgedVerdict {
  const account = `44445555666${policy % 10}`;
  return {
    ...verdictOf({ verdict: policy >= 10 ? 'fail' : 'pass' }),
    paths: [{ statement: 0, sid: null, principal: account, account, guards: policy >= 10 ? [] : ['mfa'] }],
    ruleDigest: policy >= 100 ? 'later' : 'sooner',
  };
}

describe('lifeOf, policies from 10 fail', () => {
  const cases: readonly [
    what: string,
    told: readonly Told[],
    at: readonly [at: number, completeAt: number | null],
    life: readonly [first: number, last: number],
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
      'passing at the base, failing by a later change',
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
    const [current] = currentRoles([roleOf('A', told)], base(at, completeAt));
    if (current === undefined) throw new Error('the role is not there');
    expect(lifeOf(current, judge, () => TIMES)).toEqual({ firstSeen: time(first), lastSeen: time(last) });
  });

  it('counts sightings without a role id into the life of a role that has one', () => {
    const roles = known([roleOf('', [[10, 1, 2]], 1), roleOf('A', [[10, 3, 3]], 2)]);
    const [current] = currentRoles(roles, base(3, 3));
    expect(current && lifeOf(current, judge, () => TIMES)).toEqual({ firstSeen: time(1), lastSeen: time(3) });
  });
});
