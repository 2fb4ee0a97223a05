import { describe, expect, it } from 'vitest';
import { joinNameless, knownAs } from '../../../src/history/look/nameless.ts';
import { roleOf, type Told, time } from '../told.ts';

const DAYS = [1, 2, 3, 4, 5, 6];

type Rows = Readonly<Record<string, readonly Told[]>>;

/** What each identity ends up with: policy, first and last day of every row, in the order of last days. */
function joined(told: Rows, completeDays: readonly number[]): Record<string, unknown> {
  const group = Object.entries(told).map(([id, rows], index) => roleOf(id, rows, index + 1));
  const day = (at: string): number => DAYS.find((n) => time(n) === at) ?? 0;
  const roles = joinNameless(group, completeDays.map(time));
  return Object.fromEntries(
    roles.map((role) => [
      role.roleId + (knownAs(role) === role.roleId ? '' : ' known without'),
      role.observations
        .map(({ policy, first, last }) => [policy, day(first), day(last)])
        .sort((a, b) => Number(a[2]) - Number(b[2])),
    ]),
  );
}

describe('joinNameless', () => {
  const cases: readonly [what: string, told: Rows, completeDays: readonly number[], expected: unknown][] = [
    [
      'what was seen before any id stays without one, and the next id takes it over',
      { '': [[1, 1, 2]], A: [[1, 3, 3]] },
      [1, 2, 3],
      { '': [[1, 1, 2]], 'A known without': [[1, 3, 3]] },
    ],
    [
      'a sighting without an id is one of the role that stands',
      { '': [[2, 2, 3]], A: [[1, 1, 1]] },
      [1, 2, 3],
      {
        A: [
          [1, 1, 1],
          [2, 2, 3],
        ],
      },
    ],
    [
      'but not when that was gone in between',
      { '': [[2, 3, 3]], A: [[1, 1, 1]] },
      [1, 2, 3],
      { '': [[2, 3, 3]], A: [[1, 1, 1]] },
    ],
    [
      'nor when it was told gone',
      {
        '': [[2, 3, 3, 'point']],
        A: [
          [1, 1, 1],
          [null, 2, 2, 'point'],
        ],
      },
      [1],
      {
        '': [[2, 3, 3]],
        A: [
          [1, 1, 1],
          [null, 2, 2],
        ],
      },
    ],
    [
      'it goes on standing when another one is told gone',
      { '': [[2, 3, 3, 'point']], A: [[1, 1, 1]], B: [[null, 2, 2, 'point']] },
      [1],
      {
        A: [
          [1, 1, 1],
          [2, 3, 3],
        ],
        B: [[null, 2, 2]],
      },
    ],
    [
      'a row that spans an id is parted, at the next complete capture',
      { '': [[1, 1, 5]], A: [[1, 3, 3, 'point']] },
      [1, 2, 4, 5],
      {
        '': [[1, 1, 2]],
        'A known without': [
          [1, 3, 3],
          [1, 4, 5],
        ],
      },
    ],
    [
      'at one moment it is the role that is shown then',
      { '': [[1, 1, 4]], A: [[1, 1, 1]], B: [[2, 3, 4]] },
      [1, 2, 3, 4],
      {
        A: [
          [1, 1, 1],
          [1, 1, 2],
        ],
        B: [
          [2, 3, 4],
          [1, 3, 4],
        ],
      },
    ],
    [
      'of several that with the same policy',
      { '': [[2, 1, 1]], A: [[1, 1, 1]], B: [[2, 1, 1]] },
      [1],
      {
        A: [[1, 1, 1]],
        B: [
          [2, 1, 1],
          [2, 1, 1],
        ],
      },
    ],
    [
      'a deletion without an id is one of the role that stands',
      { '': [[null, 2, 2, 'point']], A: [[1, 1, 1]] },
      [1],
      {
        A: [
          [1, 1, 1],
          [null, 2, 2],
        ],
      },
    ],
    [
      'of roles that come one after the other each has its own',
      {
        '': [
          [1, 2, 2],
          [3, 4, 4],
        ],
        A: [[1, 1, 1]],
        B: [[2, 3, 3]],
      },
      [1, 2, 3, 4],
      {
        A: [
          [1, 1, 1],
          [1, 2, 2],
        ],
        B: [
          [2, 3, 3],
          [3, 4, 4],
        ],
      },
    ],
  ];
  it.each(cases)('%s', (_what, told, completeDays, expected) => {
    expect(joined(told, completeDays)).toEqual(expected);
  });

  it('does not know where a parted row was last seen', () => {
    const [nameless, named] = joinNameless(
      [roleOf('', [[1, 1, 3]]), roleOf('A', [[1, 2, 2]], 2)],
      [1, 2, 3].map(time),
    );
    expect(nameless?.observations).toMatchObject([{ last: time(1), evidence: null, offset: null }]);
    expect(named?.observations).toMatchObject([{ role: 2 }, { role: 1, first: time(2), evidence: 1 }]);
    expect(named?.nameless).toEqual([{ rows: nameless?.observations, namedAt: time(2) }]);
  });
});
