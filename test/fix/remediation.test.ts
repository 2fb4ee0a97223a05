import { describe, expect, it } from 'vitest';
import { remediate } from '../../src/fix/remediate.ts';
import type { Proposal, Refusal, RemediationOptions } from '../../src/fix/remediation.ts';
import { evaluateTrustPolicy } from '../../src/rules/judge.ts';
import { allow, CASES, EXT, extRoot, OTHER, OWN, ownRoot, policy } from '../exposure/cases/index.ts';
import { anyone, CHANGES, COLLEAGUES, DEFAULTS, ID, MFA, role, user, wanted, XID } from './amendments.ts';

function run(trust: unknown, options: Partial<RemediationOptions> = {}): Proposal | Refusal {
  const text = typeof trust === 'string' ? trust : JSON.stringify(trust);
  return remediate(text, OWN, { ...DEFAULTS, ...options });
}

function proposed(trust: unknown, options: Partial<RemediationOptions> = {}): Proposal {
  const result = run(trust, options);
  if (result.refused !== null) throw new Error(`refused: ${result.refused}`);
  return result;
}

describe('remediate', () => {
  it.each(CHANGES)('$name', ({ from, to, kinds, options }) => {
    const proposal = proposed(from, options);
    expect(JSON.parse(proposal.compact)).toEqual(to);
    expect(proposal.changes.map(({ kind }) => kind)).toEqual(kinds);
    expect(['pass', 'not-applicable']).toContain(proposal.after.verdict);
    expect(proposal.placeholders).toEqual(proposal.compact.includes(ID) ? [ID] : []);
  });

  const REFUSALS: readonly (readonly [name: string, trust: unknown, reason: RegExp])[] = [
    ['everybody', policy(allow(anyone)), /`\*` of statement 0 lets in accounts that no condition names/],
    [
      'an organisation',
      policy(allow(anyone, { StringEquals: { 'aws:PrincipalOrgID': 'o-example1234' } })),
      /every account of an organisation/,
    ],
    [
      'a role name in every account',
      policy(allow({ AWS: 'arn:aws:iam::*:role/Deploy' })),
      /`arn:aws:iam::\*:role\/Deploy` of statement 0/,
    ],
    [
      'an account id in a role name is no account',
      policy(allow(anyone, { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/*${EXT}` } })),
      /no condition names/,
    ],
    [
      'wildcards in a session',
      policy(allow({ AWS: [EXT, `arn:aws:sts::${EXT}:assumed-role/Deploy/*`] })),
      /cannot be written as a condition/,
    ],
    [
      'a role that may not send an external ID',
      policy(allow(role, { Null: { [XID]: 'true' } })),
      /no guard that roles of account 444455556666 could present/,
    ],
    [
      'NotPrincipal that leaves out a part of an account',
      policy({
        Effect: 'Allow',
        NotPrincipal: role,
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:PrincipalAccount': EXT } },
      }),
      /leaves out `arn:aws:iam::444455556666:role\/Deploy` only/,
    ],
    [
      'Deny with NotPrincipal',
      policy(allow(extRoot), { Effect: 'Deny', NotPrincipal: ownRoot, Action: 'sts:AssumeRole' }),
      /statement 1 is a Deny with NotPrincipal/,
    ],
    ['a principal that is none', policy(allow({ AWS: [EXT, 'nobody'] })), /`nobody` in statement 0/],
    ['an unknown kind of principal', policy(allow({ AWS: EXT, CanonicalUser: 'x' })), /`CanonicalUser`/],
    ['an unknown operator', policy(allow(extRoot, { StringMatches: { a: 'b' } })), /`StringMatches`/],
    ['an unknown element', policy({ ...(allow(extRoot) as object), Conditions: {} }), /`Conditions`/],
    [
      'a repeated element',
      `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole","Condition":{},"Condition":{}}]}`,
      /`Condition` occurs more than once in statement 0/,
    ],
    [
      'a repeated operator',
      `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"${EXT}"},"Action":"sts:AssumeRole","Condition":{"Bool":{},"Bool":{}}}]}`,
      /operator `Bool` occurs more than once/,
    ],
    [
      'a repeated key',
      policy(allow(extRoot, { StringEquals: { [XID]: 'a', 'STS:ExternalID': 'b' } })),
      /once/,
    ],
    ['two lists of statements', `{"Statement":[],"Statement":[]}`, /`Statement` occurs more than once/],
    ['a Version of its own', { Version: '2020-01-01', Statement: [allow(extRoot)] }, /Version/],
    [
      'an Effect that is none',
      policy(allow(extRoot), { ...(allow(extRoot) as object), Effect: 'allow' }),
      /Effect/,
    ],
    ['something that is no JSON', '{"Statement":', /not a JSON object/],
    ['a list', '[]', /not a JSON object/],
    ['a policy too large to be one', policy(allow({ AWS: Array(2000).fill(EXT) })), /larger than any/],
  ];
  it.each(REFUSALS)('refuses %s', (_, trust, reason) => {
    const { refused, advice } = run(trust) as Refusal;
    expect(refused).toMatch(reason);
    expect(advice).not.toBe('');
  });

  it('never asks for MFA where only external IDs are wanted', () => {
    expect(
      run(policy(allow(extRoot, { Null: { [XID]: 'true' } })), { guard: 'external-id' }).refused,
    ).toMatch(/no guard/);
    expect(
      JSON.parse(
        proposed(policy(allow(user, { BoolIfExists: { [MFA]: 'true' } })), {
          guard: 'external-id',
          ...COLLEAGUES,
        }).compact,
      ),
    ).toEqual(policy(allow(user, { BoolIfExists: { [MFA]: 'true' }, ...wanted })));
  });

  it('judges what it proposes in the partition of the role', () => {
    const elsewhere = policy(allow({ AWS: `arn:aws-cn:iam::${EXT}:root` }));
    expect(proposed(elsewhere, { partition: 'aws-cn' }).after.verdict).toBe('pass');
    expect(run(elsewhere, { partition: 'aws' }).refused).toMatch(/IAM would refuse to save/);
  });

  it('makes the failing policies of the analysis pass, or says why not', () => {
    let [made, refused] = [0, 0];
    for (const { name, trust, verdict, partition = 'aws' } of CASES) {
      if (verdict !== 'fail') continue;
      const result = run(trust, { partition });
      if (result.refused !== null) {
        refused++;
        expect(result.advice, name).not.toBe('');
        continue;
      }
      made++;
      const after = evaluateTrustPolicy({ state: 'document', text: result.compact }, OWN, partition);
      expect(['pass', 'not-applicable'], name).toContain(after.verdict);
      expect(after.notes, name).not.toContain('iam-would-reject');
      expect(after.notes, name).not.toContain('mfa-impossible-for-role');
    }
    expect(made).toBeGreaterThan(100);
    expect(refused).toBeLessThan(made / 2);
  });

  it('says what to think of first', () => {
    const about = (trust: unknown, options?: Partial<RemediationOptions>): string =>
      proposed(trust, options).cautions.join(' ');
    expect(about(policy(allow(extRoot)))).toMatch(/Replace `REPLACE-.*the third party makes it up/);
    expect(about(policy(allow(extRoot)), COLLEAGUES)).toMatch(/switch roles in the console/);
    expect(about(policy(allow(extRoot)), { guard: 'mfa' })).toMatch(/Sessions of roles carry no MFA/);
    expect(about(policy(allow(user)), { guard: 'mfa' })).not.toMatch(/Sessions of roles/);
    expect(about(policy(allow({ AWS: [EXT, OTHER] })), { externalId: 'agreed-value-1' })).toMatch(
      /same external ID/,
    );
    expect(about(policy(allow(extRoot)), { externalId: EXT })).toMatch(/can be guessed/);
    expect(about(policy(allow(extRoot, { StringEquals: { 'sts:ExternlId': 'a' } })))).toMatch(/misspelt/);
    const long = (count: number): unknown =>
      policy(
        ...Array.from({ length: count }, (_, at) => allow({ Service: `s${at}.amazonaws.com` })),
        allow(extRoot),
      );
    expect(about(policy(allow(extRoot)))).not.toMatch(/quota/);
    expect(about(long(21))).toMatch(/IAM's quota is 2048/);
    expect(about(long(45))).toMatch(/IAM allows 4096 at most/);
  });

  it('writes hostile text so that it shows', () => {
    const { compact, pretty } = proposed(
      policy(allow(extRoot, { StringEquals: { 'aws:PrincipalTag/team': 'a\u202eb\u0007' } })),
    );
    for (const text of [compact, pretty]) {
      expect(text).toContain('a\\u202eb\\u0007');
      expect(JSON.parse(text)).toHaveProperty(
        ['Statement', 0, 'Condition', 'StringEquals', 'aws:PrincipalTag/team'],
        'a\u202eb\u0007',
      );
    }
  });
});
