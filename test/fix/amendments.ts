import type { RemediationOptions } from '../../src/fix/remediation.ts';
import { externalIdPlaceholder } from '../../src/fix/remediation.ts';
import { allow, deny, EXT, extRoot, OTHER, OWN, ownRoot, policy } from '../exposure/cases/index.ts';

export const DEFAULTS: RemediationOptions = {
  partition: 'aws',
  relationOf: () => 'unknown',
  guard: null,
  externalId: null,
  generateExternalId: null,
};
export const COLLEAGUES: Partial<RemediationOptions> = { relationOf: () => 'same-organisation' };
export const MFA = 'aws:MultiFactorAuthPresent';
export const XID = 'sts:ExternalId';
export const ID = externalIdPlaceholder(EXT);
export const wanted = { StringEquals: { [XID]: ID } };
const withMfa = { Bool: { [MFA]: 'true' } };
const otherRoot = { AWS: `arn:aws:iam::${OTHER}:root` };
export const user = { AWS: `arn:aws:iam::${EXT}:user/ann` };
export const role = { AWS: `arn:aws:iam::${EXT}:role/Deploy` };
export const session = { AWS: `arn:aws:sts::${EXT}:assumed-role/Deploy/run` };
export const anyone = { AWS: '*' };

const sid = (Sid: string, statement: unknown): unknown => ({ Sid, ...(statement as object) });

interface Change {
  readonly name: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly kinds: readonly string[];
  readonly options?: Partial<RemediationOptions>;
}

/** What becomes of policies that can be amended. */
export const CHANGES: readonly Change[] = [
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
