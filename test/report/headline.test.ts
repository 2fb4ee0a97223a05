import { describe, expect, it } from 'vitest';
import type { StoredVerdict } from '../../src/model/report-source.ts';
import { gatherStatistics } from '../../src/report/shared/statistics.ts';
import {
  FailingCounts,
  furtherRulesWords,
  headline,
  ruleCounts,
} from '../../src/report/shared/words/headline.ts';
import { makePath, makeVerdict, memorySource, RULES } from './sample-source.ts';

type Kind =
  | 'anyone'
  | 'third'
  | 'unknown'
  | 'network'
  | 'member'
  | 'other'
  | 'own'
  | 'error'
  | 'pass'
  | 'none';

const KINDS: Readonly<Record<Kind, Parameters<typeof makeVerdict>[0]>> = {
  anyone: { severity: 'critical', paths: [makePath({ account: '*', relation: 'any' })] },
  third: { severity: 'high' },
  unknown: { severity: 'medium', paths: [makePath({ relation: 'unknown' })] },
  network: { severity: 'medium', notes: ['network-confined'] },
  member: { severity: 'medium', notes: ['network-confined', 'org-confined'] },
  // What confines it is of a guardrail, and no note tells of it.
  other: { severity: 'medium' },
  own: { severity: 'low', paths: [makePath({ relation: 'same-organisation' })] },
  error: { verdict: 'error', literal: 'error', severity: null, paths: [], witness: null },
  pass: { verdict: 'pass', literal: 'pass', severity: null, paths: [makePath({ guards: ['mfa'] })] },
  none: { verdict: 'not-applicable', literal: 'not-applicable', severity: null, paths: [] },
};

function roles(counts: Partial<Record<Kind, number>>, accepted: Partial<Record<Kind, number>> = {}) {
  const made = (kind: string, count: number, suppressedBy: string | null): readonly StoredVerdict[] =>
    Array.from({ length: count }, (_, n) =>
      makeVerdict({ ...KINDS[kind as Kind], suppressedBy, roleName: `${kind}-${suppressedBy}-${n}` }),
    );
  return [
    ...Object.entries(counts).flatMap(([kind, count]) => made(kind, count, null)),
    ...Object.entries(accepted).flatMap(([kind, count]) => made(kind, count, 'EX-1')),
  ];
}

/** The sum of the counts that begin the parts of a list; what stands in brackets is of one of them. */
function addedUp(list: string): number {
  const parts = list.replace(/ \([^)]*\)/g, '').split(', ');
  return parts.reduce((sum, part) => sum + Number.parseInt(part, 10), 0);
}

function firstNumber(text: string): number {
  return Number(/\d+/.exec(text)?.[0]);
}

function countOnes(bits: number): number {
  return bits.toString(2).replaceAll('0', '').length;
}

function told(verdicts: readonly StoredVerdict[]) {
  const { count, rest, apart } = headline(
    ruleCounts(gatherStatistics(memorySource({ verdicts })), 'D9.AWS.IAM.99'),
  );
  return [`${count}${rest}`, ...apart];
}

describe('the headline', () => {
  it('counts outsiders, and says apart what else fails, so that it adds up', () => {
    expect(told(roles({ anyone: 3, third: 19, own: 8, pass: 286 }))).toEqual([
      '22 of 316 roles are open to outsiders: 3 to anyone, 19 to third parties.',
      '30 of 316 fail: 22 open to outsiders, 8 open only within the own organisation.',
    ]);
    expect(told(roles({ third: 1, none: 1 }))).toEqual(['1 of 2 roles is open to third parties.']);
    expect(told(roles({ anyone: 2 }))).toEqual(['2 of 2 roles are open to anyone.']);
  });

  it('counts accepted ones apart, and says whom they let in', () => {
    expect(told(roles({ anyone: 1, third: 6, own: 34 }, { third: 2, own: 8 }))).toEqual([
      '7 of 51 roles are open to outsiders: 1 to anyone, 6 to third parties; 2 more accepted by exceptions.',
      '51 of 51 fail: 7 open to outsiders, 34 open only within the own organisation, 10 accepted by exceptions (2 to third parties).',
    ]);
    expect(told(roles({ pass: 1 }, { anyone: 1, third: 3 }))).toEqual([
      '4 of 5 roles are open to outsiders: 1 to anyone, 3 to third parties, all accepted by exceptions.',
    ]);
  });

  it('calls nobody of unknown relation the own organisation, nor an outsider', () => {
    expect(told(roles({ anyone: 1, unknown: 2, none: 3 }))).toEqual([
      'At least 1 of 6 roles is open to anyone.',
      '3 of 6 fail: 1 open to outsiders, 2 open to accounts whose relation is not graded.',
    ]);
    expect(told(roles({ unknown: 2 }))).toEqual([
      '2 of 2 roles are open to accounts whose relation is not graded.',
    ]);
    expect(told(roles({ unknown: 2 }, { anyone: 1 }))[0]).toBe(
      '2 of 3 roles are open to accounts whose relation is not graded; 1 open to outsiders, accepted by exceptions.',
    );
    expect(told(roles({ third: 1, member: 1, other: 1 }))).toEqual([
      'At least 1 of 3 roles is open to third parties.',
      '3 of 3 fail: 1 open to outsiders, 1 open to members of a named organisation only, 1 open under a condition that is no guard.',
    ]);
    expect(told(roles({ unknown: 2, member: 1 }))[0]).toBe(
      '3 of 3 roles are open: 2 to accounts whose relation is not graded, 1 to members of a named organisation only.',
    );
  });

  it('counts outsiders who come through a network, which is no guard', () => {
    expect(told(roles({ anyone: 3, third: 284, network: 2, pass: 1 }))).toEqual([
      '289 of 290 roles are open to outsiders: 3 to anyone, 284 to third parties, 2 through a named network only.',
    ]);
    expect(told(roles({ network: 2 }))).toEqual([
      '2 of 2 roles are open to outsiders through a named network only.',
    ]);
    expect(told(roles({ own: 1 }, { network: 1 }))).toEqual([
      '1 of 2 roles is open to outsiders through a named network only, accepted by an exception.',
      '2 of 2 fail: 1 open only within the own organisation, 1 accepted by exceptions (1 through a named network only).',
    ]);
  });

  it('adds up to all that fail, whatever there is', () => {
    const kinds = ['anyone', 'third', 'network', 'unknown', 'member', 'other', 'own'] as const;
    for (let chosen = 0; chosen < 1 << (2 * kinds.length); chosen++) {
      const pick = (from: number) =>
        Object.fromEntries(kinds.map((kind, at) => [kind, (chosen >> (from + at)) & 1]));
      const counts = new FailingCounts();
      const [open, accepted] = [pick(0), pick(kinds.length)];
      for (const { object, ways } of roles(open, accepted)) counts.add(object, ways);
      const fail = countOnes(chosen);
      const outcomes = { fail, error: 0, pass: 1, 'not-applicable': 0 };
      const { count, rest, apart } = headline({ ...counts, outcomes });
      const text = [`${count}${rest}`, ...apart].join(' ');
      const listed = / fails?: (.*)\.$/.exec(text)?.[1];
      if (fail > 0) expect(listed === undefined ? firstNumber(count) : addedUp(listed), text).toBe(fail);
      const outsiders = (open.anyone ?? 0) + (open.third ?? 0) + (open.network ?? 0);
      if (outsiders > 0) expect(firstNumber(count), text).toBe(outsiders);
      const named = /to outsiders: ([^;.]*)[;.]/.exec(rest)?.[1];
      if (named !== undefined && outsiders > 0) expect(addedUp(named), text).toBe(outsiders);
    }
  });

  it('makes no good news of what was not read or not decided', () => {
    expect(told([])).toEqual(['No role was read, so nothing is known of who gets in.']);
    expect(told(roles({ error: 3 }))).toEqual([
      'None of 3 roles could be decided, so nothing is known of who gets in.',
    ]);
    expect(told(roles({ error: 2, pass: 1 }))).toEqual([
      'No role was found open among 1 that could be decided.',
      '2 could not be decided, so nothing is claimed about them.',
    ]);
    expect(told(roles({ pass: 2, none: 1 }))).toEqual(['No role was found open among 3.']);
    expect(told(roles({ own: 1, error: 1 }))).toEqual([
      'None of 2 roles was found open to outsiders.',
      '1 of 2 fails: 1 open only within the own organisation.',
      '1 could not be decided, so nothing is claimed about it.',
    ]);
  });

  it('is about the built-in rule, and counts rules of rule files apart', () => {
    const [first] = RULES;
    if (first === undefined) throw new Error('there is a rule');
    const verdicts = [
      ...roles({ third: 1, pass: 1 }),
      makeVerdict({ rule: 'X.1', severity: 'critical' }),
      makeVerdict({ rule: 'X.1', roleName: 'other', ...KINDS.error }),
    ];
    expect(told(verdicts)).toEqual(['1 of 2 roles is open to third parties.']);
    const statistics = gatherStatistics(memorySource({ verdicts }));
    expect(furtherRulesWords(statistics, [...RULES, { ...first, id: 'X.1' }])).toBe(
      '1 further rule: 1 of 2 verdicts fails; 1 could not be decided.',
    );
    expect(furtherRulesWords(statistics, RULES)).toBeNull();
  });
});

describe('the worst findings', () => {
  const leading = (verdicts: readonly StoredVerdict[]) =>
    (gatherStatistics(memorySource({ verdicts })).leading.get('D9.AWS.IAM.99') ?? []).map(
      ({ roleName, suppressedBy }) => `${roleName.split('-')[0]}${suppressedBy === null ? '' : ' accepted'}`,
    );

  it('are five of those that no exception accepts, worst first, and no errors', () => {
    expect(leading(roles({ own: 4, third: 3, error: 2, unknown: 1 }, { anyone: 60 }))).toEqual([
      'third',
      'third',
      'third',
      'unknown',
      'own',
    ]);
  });

  it('say who gets in by the first few and a count, however many ways there are', () => {
    const paths = Array.from({ length: 9_000 }, (_, n) =>
      makePath({
        statement: n,
        account: String(200_000_000_000 + (n % 3_000)),
        guards: n < 6_000 ? [] : ['mfa'],
      }),
    );
    const anyone = makePath({ account: '*', relation: 'any' });
    const { worst } = gatherStatistics(
      memorySource({ verdicts: [makeVerdict({ paths: [...paths, anyone] })] }),
    );
    expect(worst.map(({ outsiders }) => outsiders.count)).toEqual([3_001]);
    expect(worst.flatMap(({ outsiders }) => outsiders.first.map(({ account }) => account))).toEqual([
      '*',
      '200000000000',
    ]);
    expect(worst[0]).not.toHaveProperty('paths');
    expect(JSON.stringify(worst).length).toBeLessThan(2_000);
  });

  it('are accepted ones only where there is nothing else', () => {
    expect(leading(roles({ pass: 1 }, { own: 1, anyone: 1 }))).toEqual(['anyone accepted', 'own accepted']);
  });
});
