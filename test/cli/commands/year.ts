import { join } from 'node:path';
import { allow, extRoot, OTHER, OWN, policy } from '../../exposure/cases/index.ts';
import { CLOSED, GUARDED, gaad, gaadRole, OPEN, put } from '../evidence.ts';

/** A year of an invented organisation, month by month, with everything that can become of a finding. */

/** The last days of the months of 2025. */
export const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map(
  (day, index) => `2025-${String(index + 1).padStart(2, '0')}-${day}`,
);
const [JAN, FEB, MAR, APR, MAY, JUN, JUL, AUG, SEP, OCT, NOV, DEC] = MONTHS.map((_, index) => index) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

export const LATE = '333344445555';
const vendor2 = { AWS: 'arn:aws:iam::777788889999:root' };
const WIDENED = policy(allow(extRoot), allow(vendor2));
const TURNED = policy(allow(vendor2), allow(extRoot));

/** What a role is from a month on; null: it is gone. */
type Phase = readonly [from: number, trust: unknown, roleId?: string];

interface RoleStory {
  readonly account: string;
  readonly name: string;
  readonly phases: readonly Phase[];
}

const STORIES: readonly RoleStory[] = [
  { account: OWN, name: 'Steady', phases: [[JAN, OPEN]] },
  { account: OWN, name: 'Closed', phases: [[JAN, CLOSED]] },
  {
    account: OWN,
    name: 'Fixed',
    phases: [
      [JAN, OPEN],
      [APR, GUARDED],
    ],
  },
  {
    account: OWN,
    name: 'Removed',
    phases: [
      [JAN, OPEN],
      [JUN, CLOSED],
    ],
  },
  {
    account: OWN,
    name: 'Deleted',
    phases: [
      [JAN, OPEN],
      [JUL, null],
    ],
  },
  {
    account: OWN,
    name: 'Remade',
    phases: [
      [JAN, OPEN, 'AROAREMADE1'],
      [AUG, null],
      [SEP, OPEN, 'AROAREMADE2'],
    ],
  },
  {
    account: OWN,
    name: 'Swapped',
    phases: [
      [JAN, OPEN, 'AROASWAPPED1'],
      [OCT, OPEN, 'AROASWAPPED2'],
    ],
  },
  {
    account: OWN,
    name: 'Back',
    phases: [
      [JAN, OPEN],
      [MAR, GUARDED],
      [MAY, OPEN],
    ],
  },
  {
    account: OWN,
    name: 'Widened',
    phases: [
      [JAN, OPEN],
      [NOV, WIDENED],
    ],
  },
  {
    account: OWN,
    name: 'Turned',
    phases: [
      [JAN, WIDENED],
      [NOV, TURNED],
    ],
  },
  { account: OWN, name: 'Newcomer', phases: [[NOV, OPEN]] },
  {
    account: OWN,
    name: 'Loosened',
    phases: [
      [JAN, GUARDED],
      [DEC, OPEN],
    ],
  },
  { account: OTHER, name: 'Vendor', phases: [[JAN, OPEN]] },
  {
    account: OTHER,
    name: 'FixedUnseen',
    phases: [
      [JAN, OPEN],
      [APR, GUARDED],
    ],
  },
  { account: LATE, name: 'Seen', phases: [[JUN, OPEN]] },
  { account: LATE, name: 'Unseen', phases: [[JUN, OPEN]] },
];

/** OTHER is not captured in April, LATE not before June. */
function isCaptured(account: string, month: number): boolean {
  return account === OTHER ? month !== APR : account !== LATE || month >= JUN;
}

/** In September the export of LATE breaks off after its first role. */
const isCut = (account: string, month: number): boolean => account === LATE && month === SEP;

function trustIn({ phases }: RoleStory, month: number): Phase | null {
  const phase = phases.filter(([from]) => from <= month).at(-1);
  return phase === undefined || phase[1] === null ? null : phase;
}

/** Writes the files; returns their paths. Two captures are in two files each. */
export function putYear(folder: string): readonly string[] {
  const paths: string[] = [];
  for (const [month, day] of MONTHS.entries()) {
    for (const account of [OWN, OTHER, LATE]) {
      if (!isCaptured(account, month)) continue;
      const roles = STORIES.filter((story) => story.account === account).flatMap((story) => {
        const phase = trustIn(story, month);
        if (phase === null || (isCut(account, month) && story.name === 'Unseen')) return [];
        const [, trust, roleId] = phase;
        return [gaadRole(story.name, { account, trust, ...(roleId !== undefined && { roleId }) })];
      });
      const content = gaad(roles, isCut(account, month) ? { IsTruncated: true, Marker: 'next' } : {});
      paths.push(put(folder, join(day, `${account}.json`), content));
      const twice = (account === OWN && month === MAR) || (account === OTHER && month === FEB);
      if (twice) paths.push(put(folder, join(day, `${account} (copy).json`), content));
    }
  }
  return paths;
}

/** What `diff` must tell of each month against the one before: change, cause, role, verdicts. */
export const EVENTS: Readonly<Record<string, readonly string[]>> = {
  [MONTHS[MAR] ?? '']: ['resolved guard-added Back fail pass'],
  // FixedUnseen was fixed too, which nobody can know before May.
  [MONTHS[APR] ?? '']: ['resolved guard-added Fixed fail pass'],
  [MONTHS[MAY] ?? '']: [
    'reopened policy-changed Back pass fail',
    'resolved guard-added FixedUnseen fail pass',
  ],
  [MONTHS[JUN] ?? '']: [
    'resolved path-removed Removed fail not-applicable',
    'not-comparable account-not-covered Seen null fail',
    'not-comparable account-not-covered Unseen null fail',
  ],
  [MONTHS[JUL] ?? '']: ['resolved role-deleted Deleted fail null'],
  [MONTHS[AUG] ?? '']: ['resolved role-deleted Remade fail null'],
  [MONTHS[SEP] ?? '']: [
    'new role-recreated Remade null fail',
    'not-comparable incomplete-evidence Unseen fail null',
  ],
  [MONTHS[OCT] ?? '']: [
    'resolved role-recreated Swapped fail null',
    'new role-recreated Swapped null fail',
    'not-comparable incomplete-evidence Unseen null fail',
  ],
  [MONTHS[NOV] ?? '']: ['new role-created Newcomer null fail', 'changed policy-changed Widened fail fail'],
  [MONTHS[DEC] ?? '']: ['new policy-changed Loosened pass fail'],
};

/** What `trend --by month` must show: accounts, carried forward, roles, failing, new, resolved. */
export const POINTS: readonly (readonly number[])[] = [
  [2, 0, 13, 11, 0, 0],
  [2, 0, 13, 11, 0, 0],
  [2, 0, 13, 10, 0, 1],
  [2, 1, 13, 9, 0, 1],
  [2, 0, 13, 9, 1, 1],
  [3, 0, 15, 10, 0, 1],
  [3, 0, 14, 9, 0, 1],
  [3, 0, 13, 8, 0, 1],
  [3, 0, 14, 9, 1, 0],
  [3, 0, 14, 9, 1, 1],
  [3, 0, 15, 10, 1, 0],
  [3, 0, 15, 11, 1, 0],
];
