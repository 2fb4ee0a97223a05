import { describe, expect, it } from 'vitest';
import { causeOfResolution } from '../../../src/history/compare/change.ts';
import { compareArn } from '../../../src/history/compare/compare-arn.ts';
import type { ComparedRule } from '../../../src/history/compare/compare-pair.ts';
import type { Judge } from '../../../src/history/look/judge.ts';
import type { Look } from '../../../src/history/look/looks.ts';
import { joinNameless, type KnownRole } from '../../../src/history/look/nameless.ts';
import type { Outcome, PathIn } from '../../../src/model/exposure.ts';
import type { ObservedRole } from '../../../src/store/read/role-reader.ts';
import { verdictOf } from '../../store/files.ts';
import { roleOf, type Told, time } from '../told.ts';

const PASS = 1;
const FAIL = 2;
const FAIL_OTHERWISE = 3;
const ERROR = 4;
const UNJUDGED = 5;
const FAIL_BY_NEW_TEXT = 6;

const role = (roleId: string, ...told: readonly Told[]): ObservedRole => roleOf(roleId, told);

/** `gap`: an incomplete capture that should have shown all. */
function look(at: number, completeAt: number | null, gap: number | null = null): Look {
  return {
    at: time(at),
    completeAt: completeAt === null ? null : time(completeAt),
    gapAt: gap === null ? null : time(gap),
    complete: completeAt !== null && gap === null,
  };
}

const path = (account: string, ...guards: PathIn['guards']): PathIn => ({
  statement: 0,
  sid: null,
  principal: account,
  account,
  guards,
});

const judge: Judge = ({ policy }) => {
  if (policy === UNJUDGED) return null;
  const verdict: Outcome = policy === PASS ? 'pass' : policy === ERROR ? 'error' : 'fail';
  const paths =
    policy === PASS
      ? [path('444455556666', 'mfa')]
      : [path(policy === FAIL_OTHERWISE ? '*' : '444455556666')];
  return {
    ...verdictOf({ verdict, paths: verdict === 'error' ? [] : paths }),
    ruleDigest: policy === FAIL_BY_NEW_TEXT ? 'new' : 'old',
  };
};
const RULE: ComparedRule = { rule: 'R', judgeFrom: judge, judgeTo: judge, judgeAt: () => judge };

/** Captures of four days, all of them complete. */
const TIMES = [1, 2, 3, 4].map(time);

function known(roles: readonly ObservedRole[]): readonly KnownRole[] {
  return roles.length > 1 && roles[0]?.roleId === '' ? joinNameless(roles, TIMES) : roles;
}

describe('compareArn', () => {
  const cases: readonly [
    what: string,
    roles: readonly ObservedRole[],
    from: Look | null,
    to: Look | null,
    strict: readonly string[],
    lenient?: readonly string[],
  ][] = [
    ['passes on both sides', [role('A', [PASS, 1, 2])], look(1, 1), look(2, 2), []],
    ['fails on both sides', [role('A', [FAIL, 1, 2])], look(1, 1), look(2, 2), ['unchanged null']],
    [
      'fails under another policy that lets others in',
      [role('A', [FAIL, 1, 1], [FAIL_OTHERWISE, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['changed policy-changed'],
    ],
    ['is made', [role('A', [FAIL, 2, 2])], look(1, 1), look(2, 2), ['new role-created']],
    ['is opened', [role('A', [PASS, 1, 1], [FAIL, 2, 2])], look(1, 1), look(2, 2), ['new policy-changed']],
    ['is guarded', [role('A', [FAIL, 1, 1], [PASS, 2, 2])], look(1, 1), look(2, 2), ['resolved guard-added']],
    ['is deleted', [role('A', [FAIL, 1, 1])], look(1, 1), look(2, 2), ['resolved role-deleted']],
    [
      'is made anew',
      [role('A', [FAIL, 1, 1]), role('B', [FAIL, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['resolved role-recreated', 'new role-recreated'],
    ],
    [
      'is made anew, guarded',
      [role('A', [FAIL, 1, 1]), role('B', [PASS, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['resolved role-recreated'],
    ],
    [
      'is made anew after it was gone for a while',
      [role('A', [FAIL, 1, 1]), role('B', [FAIL, 3, 3])],
      look(2, 2),
      look(3, 3),
      ['new role-recreated'],
    ],
    [
      'an export without ids is held to speak of the same role',
      [role('', [FAIL, 1, 1]), role('A', [FAIL, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['unchanged null'],
    ],
    [
      'comes back without ids',
      [role('', [FAIL, 1, 1], [FAIL, 3, 3])],
      look(2, 2),
      look(3, 3),
      ['reopened role-recreated'],
    ],
    [
      'fails again',
      [role('A', [FAIL, 1, 1], [PASS, 2, 2], [FAIL, 3, 3])],
      look(2, 2),
      look(3, 3),
      ['reopened policy-changed'],
    ],
    [
      'fails again, having failed under another text of the rule',
      [role('A', [FAIL, 1, 1], [PASS, 2, 2], [FAIL_BY_NEW_TEXT, 3, 3])],
      look(2, 2),
      look(3, 3),
      ['not-comparable rule-changed'],
    ],
    [
      'only one side is covered',
      [role('A', [FAIL, 2, 2])],
      null,
      look(2, 2),
      ['not-comparable account-not-covered'],
    ],
    ['nobody covered passes', [role('A', [PASS, 2, 2])], null, look(2, 2), []],
    [
      'is not in a cut capture',
      [role('A', [FAIL, 1, 1])],
      look(1, 1),
      look(2, 1, 2),
      ['not-comparable incomplete-evidence'],
      ['unchanged null'],
    ],
    [
      'is not in a cut capture, the same on both sides: nothing can have changed',
      [role('A', [FAIL, 1, 1])],
      look(2, 1, 2),
      look(2, 1, 2),
      ['unchanged null'],
    ],
    [
      'is in a cut capture that was the only one, the same on both sides',
      [role('A', [FAIL, 1, 1, 'point'])],
      look(2, null, 2),
      look(2, null, 2),
      ['unchanged null'],
    ],
    [
      'was not in a cut capture',
      [role('A', [FAIL, 1, 3])],
      look(2, 1, 2),
      look(3, 3),
      ['not-comparable incomplete-evidence'],
      ['unchanged null'],
    ],
    [
      'first shows after a cut capture',
      [role('A', [FAIL, 3, 3])],
      look(2, 1, 2),
      look(3, 3),
      ['not-comparable incomplete-evidence'],
      ['new role-created'],
    ],
    [
      'is gone after a cut capture',
      [role('A', [FAIL, 1, 1])],
      look(2, 1, 2),
      look(3, 3),
      ['resolved role-deleted'],
    ],
    [
      'is guarded after a cut capture',
      [role('A', [FAIL, 1, 1], [PASS, 3, 3])],
      look(2, 1, 2),
      look(3, 3),
      ['resolved guard-added'],
    ],
    [
      'was gone before a cut capture',
      [role('A', [FAIL, 1, 1])],
      look(1, 1),
      look(3, 2, 3),
      ['resolved role-deleted'],
    ],
    [
      'was gone before a cut capture, and is back after it',
      [role('A', [FAIL, 1, 1], [FAIL, 4, 4])],
      look(3, 2, 3),
      look(4, 4),
      ['reopened role-created'],
    ],
    [
      'is made anew after a cut capture',
      [role('A', [FAIL, 1, 1]), role('B', [FAIL, 3, 3])],
      look(2, 1, 2),
      look(3, 3),
      ['resolved role-recreated', 'new role-recreated'],
    ],
    [
      'is made anew in an account that never was complete',
      [role('A', [FAIL, 1, 1, 'point']), role('B', [FAIL, 2, 2, 'point'])],
      look(1, null, 1),
      look(2, null, 2),
      ['resolved role-recreated', 'new role-recreated'],
    ],
    [
      'is made anew, and the old one is told gone after that',
      [role('A', [FAIL, 1, 1], [null, 3, 3, 'point']), role('B', [FAIL, 2, 2])],
      look(1, 1),
      look(3, 2),
      ['resolved role-recreated', 'new role-recreated'],
    ],
    [
      'stands though another one that nobody saw is told gone',
      [role('A', [FAIL, 1, 1]), role('B', [null, 2, 2, 'point'])],
      look(1, 1),
      look(2, 1),
      ['unchanged null'],
    ],
    [
      'is made after one was told gone, in an account that never was complete',
      [role('A', [PASS, 1, 1, 'point'], [null, 2, 2, 'point']), role('B', [FAIL, 3, 3, 'point'])],
      look(2, null),
      look(3, null),
      ['new role-recreated'],
    ],
    [
      'is made after one was told gone and a cut capture',
      [role('A', [PASS, 1, 1, 'point'], [null, 2, 2, 'point']), role('B', [FAIL, 4, 4, 'point'])],
      look(3, null, 3),
      look(4, null, 4),
      ['not-comparable incomplete-evidence'],
      ['new role-recreated'],
    ],
    [
      'fails in one of two files of one moment',
      [role('A', [PASS, 1, 1], [PASS, 2, 2], [FAIL, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['new policy-changed'],
    ],
    [
      'is told gone by one of two files of one moment',
      [role('A', [FAIL, 1, 1], [FAIL, 2, 2, 'point'], [null, 2, 2, 'point'])],
      look(1, 1),
      look(2, 1),
      ['unchanged null'],
    ],
    [
      'could not be decided, and is not in one of two files',
      [role('A', [FAIL, 1, 1], [ERROR, 2, 2], [PASS, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['not-comparable incomplete-evidence'],
    ],
    [
      'has two ids at one moment',
      [role('A', [FAIL, 1, 2]), role('B', [FAIL, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['unchanged null', 'new role-recreated'],
    ],
    [
      'turned out to have an id, was gone, and is back without one',
      [role('', [FAIL, 1, 1], [PASS, 4, 4]), role('A', [FAIL, 2, 2])],
      look(1, 1),
      look(4, 4),
      ['resolved role-recreated'],
    ],
    [
      'is seen without its id in between',
      [role('', [FAIL, 2, 2]), role('A', [FAIL, 1, 1], [FAIL, 3, 3])],
      look(1, 1),
      look(2, 2),
      ['unchanged null'],
    ],
    [
      'is in a cut capture',
      [role('A', [FAIL, 1, 1], [PASS, 2, 2, 'point'])],
      look(1, 1),
      look(2, 1, 2),
      ['resolved guard-added'],
    ],
    [
      'was seen after the first look, and then not in a cut capture',
      [role('A', [PASS, 1, 1], [FAIL, 2, 2])],
      look(1, 1),
      look(3, 2, 3),
      ['new policy-changed'],
    ],
    [
      'let more in after the first look, and then was not in a cut capture',
      [role('A', [FAIL, 1, 1], [FAIL_OTHERWISE, 2, 2])],
      look(1, 1),
      look(3, 2, 3),
      ['changed policy-changed'],
    ],
    [
      'let fewer in after the first look, and then was not in a cut capture',
      [role('A', [FAIL_OTHERWISE, 1, 1], [FAIL, 2, 2])],
      look(1, 1),
      look(3, 2, 3),
      ['not-comparable incomplete-evidence'],
      ['changed policy-changed'],
    ],
    [
      'was guarded after the first look, and then was not in a cut capture',
      [role('A', [FAIL, 1, 1], [PASS, 2, 2])],
      look(1, 1),
      look(3, 2, 3),
      ['not-comparable incomplete-evidence'],
      ['resolved guard-added'],
    ],
    [
      'was the same after the first look, and then was not in a cut capture',
      [role('A', [FAIL, 1, 2])],
      look(1, 1),
      look(3, 2, 3),
      ['not-comparable incomplete-evidence'],
      ['unchanged null'],
    ],
    [
      'is said to be gone by a cut capture',
      [role('A', [FAIL, 1, 1], [null, 2, 2, 'point'])],
      look(1, 1),
      look(2, 1, 2),
      ['resolved role-deleted'],
    ],
    [
      'is replaced in a cut capture: one name is one role',
      [role('A', [FAIL, 1, 1]), role('B', [FAIL, 2, 2, 'point'])],
      look(1, 1),
      look(2, 1, 2),
      ['resolved role-recreated', 'new role-recreated'],
    ],
    ['is not mentioned among changes', [role('A', [FAIL, 1, 1])], look(1, 1), look(2, 1), ['unchanged null']],
    [
      'was never seen whole, and shows later',
      [role('A', [FAIL, 2, 2, 'point'])],
      look(1, null),
      look(2, null),
      ['not-comparable incomplete-evidence'],
      ['new role-created'],
    ],
    [
      'cannot be decided later',
      [role('A', [FAIL, 1, 1], [ERROR, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['not-comparable incomplete-evidence'],
    ],
    [
      'could not be decided before',
      [role('A', [ERROR, 1, 1], [FAIL, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['not-comparable incomplete-evidence'],
    ],
    ['never can be decided', [role('A', [ERROR, 1, 2])], look(1, 1), look(2, 2), []],
    [
      'was not judged before',
      [role('A', [UNJUDGED, 1, 1], [FAIL, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['not-comparable rule-changed'],
    ],
    [
      'was judged by another text',
      [role('A', [FAIL, 1, 1], [FAIL_BY_NEW_TEXT, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['not-comparable rule-changed'],
    ],
    [
      'is made under another text',
      [role('A', [FAIL_BY_NEW_TEXT, 2, 2])],
      look(1, 1),
      look(2, 2),
      ['new role-created'],
    ],
  ];
  it.each(cases)('%s', (_what, roles, from, to, strict, lenient = strict) => {
    const told = (isStrict: boolean): readonly string[] =>
      [...compareArn(known(roles), { from, to, strict: isStrict }, [RULE])].map(
        (one) => `${one.change} ${one.cause}`,
      );
    expect(told(true)).toEqual(strict);
    expect(told(false)).toEqual(lenient);
  });

  it('a rule that did not judge on one side makes findings of the other not comparable', () => {
    const roles = [role('A', [FAIL, 1, 2])];
    const looks = { from: look(1, 1), to: look(2, 2), strict: true };
    expect([...compareArn(roles, looks, [{ ...RULE, judgeFrom: null }])]).toMatchObject([
      { change: 'not-comparable', cause: 'rule-changed', fromVerdict: null, toVerdict: 'fail' },
    ]);
    expect([...compareArn(roles, looks, [{ ...RULE, judgeTo: null }])]).toMatchObject([
      { change: 'not-comparable', cause: 'rule-changed', fromVerdict: 'fail', toVerdict: null },
    ]);
  });
});

describe('causeOfResolution', () => {
  const A = '444455556666';
  const B = '777788889999';
  it.each<[string, readonly PathIn[], readonly PathIn[], string]>([
    ['the way in got a guard', [path(A)], [path(A, 'mfa')], 'guard-added'],
    [
      'it was narrowed to a role and got a guard',
      [path(A)],
      [{ ...path(A, 'external-id'), principal: 'role' }],
      'guard-added',
    ],
    ['anyone was narrowed to an account with a guard', [path('*')], [path(A, 'external-id')], 'guard-added'],
    ['the way in is gone', [path(A)], [], 'path-removed'],
    [
      'the way in is gone, a guarded one was there before',
      [path(A), path(B, 'mfa')],
      [path(B, 'mfa')],
      'path-removed',
    ],
    [
      'anyone is gone, a guarded one was there before',
      [path('*'), path(B, 'mfa')],
      [path(B, 'mfa')],
      'path-removed',
    ],
    ['the way in is gone, a guarded one of another came', [path(A)], [path(B, 'mfa')], 'path-removed'],
    ['one got a guard, one is gone', [path(A), path(B)], [path(A, 'mfa')], 'guard-added'],
    ['the rule knows no ways in', [], [], 'policy-changed'],
  ])('%s', (_what, before, after, cause) => {
    expect(causeOfResolution(verdictOf({ paths: before }), verdictOf({ paths: after }))).toBe(cause);
  });
});
