import { describe, expect, it } from 'vitest';
import { judgeGuarded, statementsFor } from '../../../src/exposure/guarded.ts';
import type { Organization } from '../../../src/model/organizations/organization.ts';
import { allow, anyone, policy } from '../cases/building.ts';
import { guard, ORG_ID, ORGANIZATION, OWN, parsed, ROLE_ARN, rcp } from './world.ts';

/** Far above what any of these takes; they must end at all. */
const HANG_GUARD = 60_000;

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const unit = (index: number): string => `${ORG_ID}/r-ab12/ou-ab12-${String(index).padStart(8, '0')}/`;

/** As large as organisations get. */
const LARGE: Organization = {
  ...ORGANIZATION,
  members: new Map([
    ...ORGANIZATION.members,
    ...times(20_000, (index) => {
      const account = String(300_000_000_000 + index * 7919);
      return [account, { account, name: null, status: 'ACTIVE', path: unit(index % 2000) }] as const;
    }),
  ]),
};
const PATHS = 'aws:PrincipalOrgPaths';
const odd = (index: number) => ({ Bool: { 'aws:SecureTransport': String(index % 2 === 0) } });

const tagged = (index: number) => guard({ StringNotEquals: { [`aws:PrincipalTag/t${index}`]: 'v' } });

/** No cheap answer exists for most of these; none may hang, crash or close what is open. */
const HOSTILE: readonly (readonly [string, unknown])[] = [
  [
    'tangled patterns of callers',
    rcp(
      ...times(40, (i) =>
        guard({
          StringNotLike: { 'aws:PrincipalArn': times(10, (j) => `*${i.toString(36)}*${j}?${i * j}*`) },
        }),
      ),
    ),
  ],
  [
    'patterns of accounts',
    rcp(...times(40, (i) => guard({ StringNotLike: { 'aws:PrincipalAccount': `*${i}*` }, ...odd(i) }))),
  ],
  [
    'patterns of units',
    rcp(...times(40, (i) => guard({ 'ForAllValues:StringNotLike': { [PATHS]: `*${i}*/` }, ...odd(i) }))),
  ],
  [
    'many units',
    rcp(
      ...times(20, (i) =>
        guard({ 'ForAnyValue:StringEquals': { [PATHS]: times(50, (j) => unit(i * 50 + j)) } }),
      ),
    ),
  ],
  [
    'many accounts',
    rcp(
      ...times(5, (i) =>
        guard({
          StringNotEqualsIfExists: {
            'aws:PrincipalOrgID': ORG_ID,
            'aws:PrincipalAccount': times(300, (j) => String(400_000_000_000 + i * 300 + j)),
          },
        }),
      ),
    ),
  ],
  [
    'many tags of principals',
    rcp(
      ...times(40, (i) =>
        guard({
          StringNotEquals: {
            [`aws:PrincipalTag/t${i}`]: ['a', 'b'],
            [`aws:PrincipalTag/t${(i * 7 + 1) % 40}`]: 'c',
          },
        }),
      ),
    ),
  ],
];

describe('guardrails that nobody writes', () => {
  it.each(HOSTILE)('%s', { timeout: HANG_GUARD }, (_, content) => {
    const { statements } = statementsFor(parsed(content), ROLE_ARN);
    const { verdict } = judgeGuarded(
      JSON.stringify(policy(allow(anyone))),
      { account: OWN, partition: 'aws', tags: null, arn: ROLE_ARN },
      { organization: LARGE, statements },
    );
    // Some member, or somebody outside, gets past each of them.
    expect(['fail', 'error']).toContain(verdict);
  });

  const judged = (content: unknown) => {
    const statements = statementsFor(parsed(content), ROLE_ARN).statements;
    return judgeGuarded(
      JSON.stringify(policy(allow(anyone))),
      { account: OWN, partition: 'aws', tags: null, arn: ROLE_ARN },
      { organization: null, statements },
    );
  };
  const ofPrincipal = (index: number) => guard({ StringNotEquals: { 'aws:PrincipalTag/t': `v${index}` } });

  it('names those that close among hundreds', { timeout: HANG_GUARD }, () => {
    // Nobody has one tag with two values; which ones close hangs on their order alone.
    const { verdict, closedBy } = judged(rcp(...times(300, tagged), ofPrincipal(1), ofPrincipal(2)));
    expect(verdict).toBe('not-applicable');
    expect(closedBy.map(({ statement }) => statement)).toEqual(expect.arrayContaining([301]));
  });

  it('names none, and claims nothing, where it cannot be told which of thousands close', {
    timeout: HANG_GUARD,
  }, () => {
    const { verdict, reason, message, closedBy } = judged(rcp(...times(1_000, () => guard())));
    expect({ verdict, reason, closedBy }).toEqual({ verdict: 'error', reason: 'too-complex', closedBy: [] });
    expect(message).toBe(
      'The trust policy and its guardrails have more combinations of patterns than can be searched; review them by hand.',
    );
  });

  it('reads a block of thousands of keys', { timeout: HANG_GUARD }, () => {
    const keys = Object.fromEntries(times(10_000, (index) => [`aws:PrincipalTag/t${index}`, 'v']));
    expect(judged(rcp(guard({ StringNotEquals: keys }))).verdict).toBe('fail');
  });
});
