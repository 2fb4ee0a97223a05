import { describe, expect, it } from 'vitest';
import { evaluateTrustPolicy } from '../../src/audit/evaluate.ts';
import {
  externalIdPlaceholder,
  type Proposal,
  type Refusal,
  remediate,
} from '../../src/audit/remediation.ts';
import type { RemediationOptions } from '../../src/audit/remediation-types.ts';
import { allow, CASES, deny, EXT, extRoot, OTHER, OWN, ownRoot, policy } from './cases.ts';

const DEFAULTS: RemediationOptions = {
  partition: 'aws',
  relationOf: () => 'unknown',
  guard: null,
  externalId: null,
  generateExternalId: null,
};
const COLLEAGUES: Partial<RemediationOptions> = { relationOf: () => 'same-organisation' };
const MFA = 'aws:MultiFactorAuthPresent';
const XID = 'sts:ExternalId';
const ID = externalIdPlaceholder(EXT);
const wanted = { StringEquals: { [XID]: ID } };
const withMfa = { Bool: { [MFA]: 'true' } };
const otherRoot = { AWS: `arn:aws:iam::${OTHER}:root` };
const user = { AWS: `arn:aws:iam::${EXT}:user/ann` };
const role = { AWS: `arn:aws:iam::${EXT}:role/Deploy` };
const session = { AWS: `arn:aws:sts::${EXT}:assumed-role/Deploy/run` };
const anyone = { AWS: '*' };

function run(trust: unknown, options: Partial<RemediationOptions> = {}): Proposal | Refusal {
  const text = typeof trust === 'string' ? trust : JSON.stringify(trust);
  return remediate(text, OWN, { ...DEFAULTS, ...options });
}

function proposed(trust: unknown, options: Partial<RemediationOptions> = {}): Proposal {
  const result = run(trust, options);
  if (result.refused !== null) throw new Error(`refused: ${result.refused}`);
  return result;
}

const sid = (Sid: string, statement: unknown): unknown => ({ Sid, ...(statement as object) });

interface Change {
  readonly name: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly kinds: readonly string[];
  readonly options?: Partial<RemediationOptions>;
}

const CHANGES: readonly Change[] = [
  {
    name: 'asks a third party for an external ID',
    from: policy(sid('Vendor', allow(extRoot))),
    to: policy(sid('Vendor', allow(extRoot, wanted))),
    kinds: ['external-id-added'],
  },
  {
    name: 'takes the external ID given',
    from: policy(allow(extRoot)),
    to: policy(allow(extRoot, { StringEquals: { [XID]: 'agreed-value-1' } })),
    kinds: ['external-id-added'],
    options: { externalId: 'agreed-value-1' },
  },
  {
    name: 'makes up one external ID per account',
    from: policy(allow({ AWS: [EXT, OTHER] })),
    to: policy(
      allow({ AWS: EXT }, { StringEquals: { [XID]: `made-for-${EXT}` } }),
      sid(
        `Statement0ExternalId${OTHER}`,
        allow({ AWS: OTHER }, { StringEquals: { [XID]: `made-for-${OTHER}` } }),
      ),
    ),
    kinds: ['external-id-added', 'external-id-added'],
    options: { generateExternalId: (account) => `made-for-${account}` },
  },
  {
    name: 'asks people of the own organisation for MFA',
    from: policy(allow(user)),
    to: policy(allow(user, withMfa)),
    kinds: ['mfa-added'],
    options: COLLEAGUES,
  },
  {
    name: 'asks anybody but roles for MFA on request',
    from: policy(allow({ AWS: [extRoot.AWS, role.AWS, session.AWS] })),
    to: policy(
      allow(extRoot, withMfa),
      sid(`Statement0ExternalId${EXT}`, allow({ AWS: [role.AWS, session.AWS] }, wanted)),
    ),
    kinds: ['mfa-added', 'external-id-added'],
    options: { guard: 'mfa' },
  },
  {
    name: 'asks roles of the own organisation for an external ID',
    from: policy(allow(role)),
    to: policy(allow(role, wanted)),
    kinds: ['external-id-added'],
    options: COLLEAGUES,
  },
  {
    name: 'knows roles by the conditions',
    from: policy(allow(extRoot, { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${EXT}:role/ci-*` } })),
    to: policy(
      allow(extRoot, { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${EXT}:role/ci-*` }, ...wanted }),
    ),
    kinds: ['external-id-added'],
    options: { guard: 'mfa' },
  },
  {
    name: 'knows people by the conditions',
    from: policy(allow(extRoot, { StringLike: { 'aws:username': 'a*' } })),
    to: policy(allow(extRoot, { StringLike: { 'aws:username': 'a*' }, ...withMfa })),
    kinds: ['mfa-added'],
    options: COLLEAGUES,
  },
  {
    name: 'parts the own account, services and deleted principals from the others',
    from: policy(
      sid(
        'Mixed-1',
        allow({ AWS: [ownRoot.AWS, extRoot.AWS, 'AROAEXAMPLE0000000000'], Service: 'ec2.amazonaws.com' }),
      ),
    ),
    to: policy(
      sid('Mixed-1', allow({ AWS: [ownRoot.AWS, 'AROAEXAMPLE0000000000'], Service: 'ec2.amazonaws.com' })),
      sid(`Mixed1ExternalId${EXT}`, allow(extRoot, wanted)),
    ),
    kinds: ['split', 'external-id-added'],
  },
  {
    name: 'finds a Sid that is free',
    from: policy(allow({ AWS: [OWN, EXT] }), sid(`Statement0ExternalId${EXT}`, allow(ownRoot))),
    to: policy(
      allow({ AWS: OWN }),
      sid(`Statement0ExternalId${EXT}2`, allow({ AWS: EXT }, wanted)),
      sid(`Statement0ExternalId${EXT}`, allow(ownRoot)),
    ),
    kinds: ['split', 'external-id-added'],
  },
  {
    name: 'leaves principals that a Deny guards where they are',
    from: policy(allow({ AWS: [EXT, OTHER] }), deny({ AWS: OTHER }, { Null: { [XID]: 'true' } })),
    to: policy(
      allow({ AWS: OTHER }),
      sid(`Statement0ExternalId${EXT}`, allow({ AWS: EXT }, wanted)),
      deny({ AWS: OTHER }, { Null: { [XID]: 'true' } }),
    ),
    kinds: ['split', 'external-id-added'],
  },
  {
    name: 'leaves guarded statements alone',
    from: policy(allow(otherRoot, { StringLike: { [XID]: 'x-*' } }), allow(extRoot)),
    to: policy(allow(otherRoot, { StringLike: { [XID]: 'x-*' } }), allow(extRoot, wanted)),
    kinds: ['external-id-added'],
  },
  {
    name: 'keeps what an operator tests already',
    from: policy(allow(extRoot, { StringEquals: { 'aws:PrincipalTag/team': 'red' } })),
    to: policy(allow(extRoot, { StringEquals: { 'aws:PrincipalTag/team': 'red', [XID]: ID } })),
    kinds: ['external-id-added'],
  },
  {
    name: 'uses the external ID that the account is asked for elsewhere',
    from: policy(allow(extRoot, { StringEquals: { [XID]: 'agreed-value-1' } }), allow(role)),
    to: policy(
      allow(extRoot, { StringEquals: { [XID]: 'agreed-value-1' } }),
      allow(role, { StringEquals: { [XID]: 'agreed-value-1' } }),
    ),
    kinds: ['external-id-added'],
  },
  {
    name: 'uses the external ID that a leaky Deny demands',
    from: policy(
      allow(extRoot),
      deny(anyone, {
        StringNotLike: { [XID]: 'vendor-*' },
        ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${EXT}:role/Break*` },
      }),
    ),
    to: policy(
      allow(extRoot, { StringLike: { [XID]: 'vendor-*' } }),
      deny(anyone, {
        StringNotLike: { [XID]: 'vendor-*' },
        ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${EXT}:role/Break*` },
      }),
    ),
    kinds: ['external-id-added'],
  },
  {
    name: 'asks for MFA where a leaky Deny was meant to',
    from: policy(allow(extRoot), deny(anyone, { Bool: { [MFA]: 'false' } })),
    to: policy(allow(extRoot, withMfa), deny(anyone, { Bool: { [MFA]: 'false' } })),
    kinds: ['mfa-added'],
  },
  {
    name: 'makes StringEqualsIfExists strict',
    from: policy(allow(extRoot, { StringEqualsIfExists: { 'sts:externalid': ['a-value-1', 'b-value-2'] } })),
    to: policy(allow(extRoot, { StringEquals: { 'sts:externalid': ['a-value-1', 'b-value-2'] } })),
    kinds: ['condition-strengthened'],
  },
  {
    name: 'makes ForAllValues strict beside other keys',
    from: policy(
      allow(extRoot, {
        'ForAllValues:StringLike': { [XID]: 'vendor-*', 'aws:TagKeys': 'team' },
        StringLike: { 'aws:PrincipalTag/team': 'r*' },
      }),
    ),
    to: policy(
      allow(extRoot, {
        'ForAllValues:StringLike': { 'aws:TagKeys': 'team' },
        StringLike: { 'aws:PrincipalTag/team': 'r*', [XID]: 'vendor-*' },
      }),
    ),
    kinds: ['condition-strengthened'],
  },
  {
    name: 'fills an empty list of external IDs',
    from: policy(allow(extRoot, { StringEquals: { [XID]: [] } })),
    to: policy(allow(extRoot, wanted)),
    kinds: ['condition-strengthened'],
  },
  {
    name: 'makes BoolIfExists and the age of MFA strict together',
    from: policy(
      allow(extRoot, {
        BoolIfExists: { [MFA]: true },
        NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': 3600 },
      }),
    ),
    to: policy(allow(extRoot, { ...withMfa, NumericLessThan: { 'aws:MultiFactorAuthAge': 3600 } })),
    kinds: ['condition-strengthened'],
  },
  {
    name: 'asks for MFA instead of any statement about it',
    from: policy(allow(extRoot, { Null: { [MFA]: 'false' } })),
    to: policy(allow(extRoot, withMfa)),
    kinds: ['condition-strengthened'],
  },
  {
    name: 'takes the value without MFA out',
    from: policy(allow(extRoot, { Bool: { [MFA]: ['true', 'false'] } })),
    to: policy(allow(extRoot, withMfa)),
    kinds: ['condition-strengthened'],
  },
  {
    name: 'never asks a role for MFA, even where a condition was meant to',
    from: policy(allow(role, { BoolIfExists: { [MFA]: 'true' } })),
    to: policy(allow(role, { BoolIfExists: { [MFA]: 'true' }, ...wanted })),
    kinds: ['external-id-added'],
  },
  {
    name: 'asks for MFA where an external ID is forbidden',
    from: policy(allow(extRoot, { Null: { [XID]: 'true' } })),
    to: policy(allow(extRoot, { Null: { [XID]: 'true' }, ...withMfa })),
    kinds: ['mfa-added'],
  },
  {
    name: 'does not fill a list that asks for requests without the key',
    from: policy(allow(extRoot, { StringEqualsIfExists: { [XID]: [] } })),
    to: policy(allow(extRoot, { StringEqualsIfExists: { [XID]: [] }, ...withMfa })),
    kinds: ['mfa-added'],
  },
  {
    name: 'names the accounts that conditions confine a wildcard to',
    from: policy(allow(anyone, { StringEquals: { 'aws:PrincipalAccount': [OWN, EXT] } })),
    to: policy(
      allow(anyone, { StringEquals: { 'aws:PrincipalAccount': OWN } }),
      sid(
        `Statement0ExternalId${EXT}`,
        allow(extRoot, { StringEquals: { 'aws:PrincipalAccount': [OWN, EXT], [XID]: ID } }),
      ),
    ),
    kinds: ['principal-narrowed', 'split', 'external-id-added'],
  },
  {
    name: 'names the accounts that a Deny confines a wildcard to, in the role’s partition',
    from: policy(allow(anyone), deny(anyone, { StringNotEquals: { 'aws:PrincipalAccount': EXT } })),
    to: policy(
      allow({ AWS: `arn:aws-cn:iam::${EXT}:root` }, wanted),
      deny(anyone, { StringNotEquals: { 'aws:PrincipalAccount': EXT } }),
    ),
    kinds: ['principal-narrowed', 'external-id-added'],
    options: { partition: 'aws-cn' },
  },
  {
    name: 'confines a look-alike pattern to the account it names',
    from: policy(allow(anyone, { StringLike: { 'aws:PrincipalArn': `arn:*:iam::${OWN}:*` } })),
    to: policy(
      allow(anyone, {
        StringLike: { 'aws:PrincipalArn': `arn:*:iam::${OWN}:*` },
        StringEquals: { 'aws:PrincipalAccount': OWN },
      }),
    ),
    kinds: ['principal-narrowed'],
  },
  {
    name: 'names the accounts instead of NotPrincipal',
    from: policy({
      Effect: 'Allow',
      NotPrincipal: { AWS: OTHER },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:PrincipalAccount': [EXT, OTHER] } },
    }),
    to: policy(allow(extRoot, { StringEquals: { 'aws:PrincipalAccount': [EXT, OTHER], [XID]: ID } })),
    kinds: ['principal-narrowed', 'external-id-added'],
  },
  {
    name: 'writes wildcards in principals as a condition',
    from: policy(allow({ AWS: [`arn:aws:iam::${EXT}:role/a-*`, `arn:aws:iam::${EXT}:role/b-?`, OWN] })),
    to: policy(
      allow({ AWS: OWN }),
      sid(
        'Statement0Pattern',
        allow(extRoot, {
          ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::${EXT}:role/a-*`, `arn:aws:iam::${EXT}:role/b-?`] },
          ...wanted,
        }),
      ),
    ),
    kinds: ['rewritten', 'external-id-added'],
  },
  {
    name: 'spells operators and elements as IAM does, and the guard is there',
    from: policy({
      Effect: 'Allow',
      principal: extRoot,
      Action: 'sts:AssumeRole',
      Condition: { stringequals: { [XID]: 'agreed-value-1' } },
    }),
    to: policy({
      Effect: 'Allow',
      Principal: extRoot,
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { [XID]: 'agreed-value-1' } },
    }),
    kinds: ['rewritten', 'rewritten'],
  },
  {
    name: 'leaves out Resource and spells out what * covers',
    from: policy({ Effect: 'Allow', Principal: extRoot, Action: ['*', 'sts:assumerole'], Resource: '*' }),
    to: policy(
      allow(extRoot, wanted, [
        'sts:AssumeRole',
        'sts:AssumeRoleWithSAML',
        'sts:AssumeRoleWithWebIdentity',
        'sts:SetContext',
        'sts:SetSourceIdentity',
        'sts:TagSession',
        'sts:assumerole',
      ]),
    ),
    kinds: ['rewritten', 'rewritten', 'external-id-added'],
  },
  {
    name: 'keeps a single statement single',
    from: { Statement: allow(extRoot) },
    to: { Statement: allow(extRoot, wanted) },
    kinds: ['external-id-added'],
  },
];

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
    expect(about(policy(allow(extRoot)))).toMatch(/in the place of `REPLACE-.*the third party makes it up/);
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
