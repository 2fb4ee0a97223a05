import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../src/exposure/analyse.ts';
import { allow, deny, EXT, extRoot, OTHER, OWN, policy } from './cases/index.ts';

/** Far above what any of these takes; they must end at all. */
const HANG_GUARD = 60_000;

const GUARD = { StringEquals: { 'sts:ExternalId': 'a-secret-value' } };
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const tag = (name: string | number): string => `aws:PrincipalTag/${name}`;
const tangle = (i: number): string => `*${i.toString(36)}*${(i * 7).toString(36)}?${(i * 13).toString(36)}*`;
const session = (i: number): string => `arn:aws:sts::${EXT}:assumed-role/app${i}/s`;

/** No cheap answer exists for these; none may hang, crash or be called clean. */
const HOSTILE: readonly (readonly [string, unknown])[] = [
  [
    'tangled patterns, each in its own Deny',
    [
      allow({ AWS: '*' }, GUARD),
      ...times(50, (i) => deny('*', { StringNotLike: { 'aws:PrincipalArn': tangle(i) } })),
    ],
  ],
  [
    'a thousand patterns of external IDs',
    [allow(extRoot, { StringLike: { 'sts:ExternalId': times(1000, tangle) } })],
  ],
  [
    'a pigeonhole problem',
    [
      allow(extRoot, {
        StringEquals: Object.fromEntries(times(9, (p) => [tag(`p${p}`), times(8, (h) => `h${h}`)])),
      }),
      ...times(9, (p) =>
        times(p, (q) =>
          times(8, (h) => deny('*', { StringEquals: { [tag(`p${p}`)]: `h${h}`, [tag(`p${q}`)]: `h${h}` } })),
        ),
      ).flat(2),
    ],
  ],
  [
    'a circle of variables',
    [
      allow(extRoot, {
        StringEquals: Object.fromEntries(
          times(10, (i) => [tag(i), `\${${tag((i + 1) % 10)}}-\${${tag((i + 2) % 10)}}`]),
        ),
      }),
    ],
  ],
  [
    'a value that falls apart in many ways',
    [
      allow(extRoot, {
        StringEquals: { [tag('a')]: times(6, (i) => `\${${tag(i)}}`).join('') },
        StringLike: { [tag('a')]: `${'a'.repeat(40)}b` },
      }),
    ],
  ],
  [
    'a value of thousands of variables',
    [allow(extRoot, { StringLike: { [tag('a')]: `\${aws:username}`.repeat(5_000) } })],
  ],
  [
    'thousands of keys in a chain of variables',
    [
      allow(extRoot, {
        StringEquals: Object.fromEntries(times(3_000, (i) => [tag(i), `\${${tag(i + 1)}}`])),
      }),
    ],
  ],
  [
    'thousands of request tags and a list of tag keys',
    [
      allow(
        extRoot,
        {
          StringEquals: Object.fromEntries(times(3_000, (i) => [`aws:RequestTag/k${i}`, 'v'])),
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] },
        },
        ['sts:AssumeRole', 'sts:TagSession'],
      ),
    ],
  ],
  [
    'patterns on accounts that are filled in for thousands of accounts',
    [
      allow(
        { AWS: times(3_000, (i) => String(200_000_000_000 + i)) },
        {
          ArnLike: {
            'aws:PrincipalArn': times(
              3_000,
              (i) => `arn:aws:iam::\${aws:PrincipalAccount}:role/${(i * 7).toString(36)}*`,
            ),
          },
          ...GUARD,
        },
      ),
    ],
  ],
  [
    'thousands of moments for each of which a Deny stands',
    [
      allow(extRoot),
      ...times(3_000, (i) =>
        deny('*', { DateEquals: { 'aws:CurrentTime': new Date(1.7e12 + i * 1e6).toISOString() } }),
      ),
    ],
  ],
  [
    'many principals with wildcards',
    [allow({ AWS: times(200, (i) => `arn:aws:iam::*:role/${tangle(i)}`) }, GUARD)],
  ],
  [
    'many sessions and paths',
    [
      allow({ AWS: times(20, session) }, GUARD),
      ...times(20, (i) => deny('*', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${EXT}:role/*${i}*` } })),
    ],
  ],
];

describe('hostile policies', () => {
  it.each(HOSTILE)(
    '%s: no answer is given as clean',
    (_, statements) => {
      const { verdict, reason } = analyseTrustPolicy(
        JSON.stringify(policy(...(statements as unknown[]))),
        OWN,
      );
      expect([verdict, reason]).toEqual(['error', 'too-complex']);
    },
    HANG_GUARD,
  );

  it.each<[string, unknown[], string]>([
    [
      'all sides of eight keys denied',
      [
        allow(extRoot),
        ...times(256, (i) =>
          deny('*', {
            Null: Object.fromEntries(times(8, (j) => [tag(j), (i >> j) & 1 ? 'true' : 'false'])),
          }),
        ),
      ],
      'not-applicable',
    ],
    [
      'all sides but one denied',
      [
        allow(extRoot),
        ...times(255, (i) =>
          deny('*', {
            Null: Object.fromEntries(times(8, (j) => [tag(j), (i >> j) & 1 ? 'true' : 'false'])),
          }),
        ),
      ],
      'fail',
    ],
    [
      'a thousand Denies',
      [allow(extRoot), ...times(1000, (i) => deny('*', { StringEquals: { [tag('a')]: `v${i}` } }))],
      'fail',
    ],
    [
      'twenty request tags',
      [
        allow(
          extRoot,
          { StringEquals: Object.fromEntries(times(20, (i) => [`aws:RequestTag/k${i}`, 'v'])) },
          ['sts:AssumeRole', 'sts:TagSession'],
        ),
      ],
      'fail',
    ],
    [
      'a long list of patterns in one condition',
      [allow(extRoot, { StringLike: { 'aws:PrincipalArn': times(40, (i) => `*team${i}*`) }, ...GUARD })],
      'pass',
    ],
    [
      'four hundred accounts',
      [allow({ AWS: times(400, (i) => String(200_000_000_000 + i)) }, GUARD)],
      'pass',
    ],
    [
      'thousands of address ranges',
      [
        allow(extRoot, {
          IpAddress: { 'aws:SourceIp': times(1000, (i) => `10.${i >> 8}.${i & 255}.0/24`) },
          ...GUARD,
        }),
      ],
      'pass',
    ],
  ])(
    '%s: is decided',
    (_, statements, expected) => {
      const { verdict } = analyseTrustPolicy(JSON.stringify(policy(...statements)), OWN);
      expect(verdict).toBe(expected);
    },
    HANG_GUARD,
  );
});

describe('a fail of a policy that is searched in part', () => {
  const tags = (count: number) => ({
    StringEquals: Object.fromEntries(times(count, (i) => [`aws:RequestTag/k${i}`, 'v'])),
    'ForAnyValue:StringEquals': { 'aws:TagKeys': 'k0' },
  });
  const notesOf = (...statements: unknown[]) => {
    const { verdict, notes } = analyseTrustPolicy(JSON.stringify(policy(...statements)), OWN);
    expect(verdict).toBe('fail');
    return notes;
  };

  it('is not called confined to a network', () => {
    const within = allow(extRoot, { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } });
    expect(notesOf(within)).toContain('network-confined');
    const notes = notesOf(within, allow({ AWS: OTHER }, tags(12), ['sts:AssumeRole', 'sts:TagSession']));
    expect(notes).not.toContain('network-confined');
  });

  it('says that there may be more ways in', () => {
    const guarded = allow({ AWS: OTHER }, tags(12), ['sts:AssumeRole', 'sts:TagSession']);
    const notes = notesOf(allow(extRoot), guarded);
    expect(notes).toContain('more-ways');
    // Nobody can say so of what was not searched.
    expect(notes).not.toContain('dead-statement');
    expect(
      notesOf(allow(extRoot), allow({ AWS: OTHER }, tags(3), ['sts:AssumeRole', 'sts:TagSession'])),
    ).not.toContain('more-ways');
  });
});

describe('the time for a policy with thousands of principals', () => {
  const account = (i: number): string => String(200_000_000_000 + i * 37);
  const role = (i: number): string => `arn:aws:iam::${account(i)}:role/app${i}`;
  const session = (i: number): string => `arn:aws:sts::${account(i)}:assumed-role/app${i}/run${i}`;
  const mfa = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };
  const arnIn = (count: number) => ({ ArnEquals: { 'aws:PrincipalArn': times(count, role) } });
  const except = (count: number) => ({ Effect: 'Allow', NotPrincipal: { AWS: times(count, role) } });

  function seconds(statements: readonly unknown[], verdict: string): number {
    const text = JSON.stringify(policy(...statements));
    const before = process.cpuUsage();
    expect(analyseTrustPolicy(text, OWN).verdict).toBe(verdict);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }

  it.each<readonly [string, (count: number) => readonly unknown[], string]>([
    ['roles', (count) => [allow({ AWS: times(count, role) })], 'fail'],
    ['accounts', (count) => [allow({ AWS: times(count, account) }, GUARD)], 'pass'],
    ['sessions', (count) => [allow({ AWS: times(count, session) }, GUARD)], 'pass'],
    [
      'a Deny for each',
      (count) => [allow({ AWS: times(count, account) }), deny({ AWS: times(count, account) }, mfa)],
      'pass',
    ],
    ['a statement for each', (count) => times(count, (i) => allow({ AWS: role(i) }, GUARD)), 'pass'],
    ['a list of ARNs', (count) => [allow({ AWS: times(count, account) }, arnIn(count))], 'fail'],
    ['exceptions', (count) => [{ ...except(count), Action: 'sts:AssumeRole' }], 'fail'],
  ])('grows with their number: %s', (_, statements, verdict) => {
    const few = seconds(statements(1_000), verdict);
    // Eight times as many take 64 times as long where each is compared with every other.
    expect(seconds(statements(8_000), verdict)).toBeLessThan(30 * Math.max(few, 0.1));
  });
});
