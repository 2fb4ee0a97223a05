import type { Outcome } from '../../../src/model/exposure.ts';
import type { Organization } from '../../../src/model/organizations/organization.ts';
import { allow, anyone, deny, extRoot, MFA, policy, XID } from '../cases/building.ts';
import {
  DEV,
  EXT,
  guard,
  MANAGEMENT,
  MEMBER,
  MEMBER_DEV,
  ORG_ID,
  ORGANIZATION,
  OTHER,
  OWN,
  PROD,
  ROLE_ARN,
  rcp,
  UNLISTED,
  WITHOUT_PATHS,
} from './world.ts';

export interface GuardedCase {
  readonly name: string;
  readonly trust: unknown;
  readonly policies: readonly unknown[];
  readonly verdict: Outcome;
  /** Accounts of unguarded paths, sorted. */
  readonly open?: readonly string[];
  /** `policy statement` of what closes. */
  readonly closedBy?: readonly string[];
  readonly notes?: readonly string[];
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly organization?: Organization | null;
}

type More = Omit<GuardedCase, 'name' | 'trust' | 'policies' | 'verdict'>;

const being =
  (verdict: Outcome) =>
  (name: string, trust: unknown, policies: readonly unknown[], more: More = {}): GuardedCase => ({
    name,
    trust,
    policies,
    verdict,
    ...more,
  });
const f = being('fail');
const p = being('pass');
const n = being('not-applicable');

const ORG = 'aws:PrincipalOrgID';
const PATHS = 'aws:PrincipalOrgPaths';
const SERVICE = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
const of = (account: string): unknown => ({ AWS: `arn:aws:iam::${account}:root` });
const toExt = policy(allow(extRoot));
const toAll = policy(allow(anyone));
const toMember = policy(allow(of(MEMBER)));

/** Outsiders need an external ID. */
const DEMANDS_ID = rcp(
  guard({ Null: { [XID]: 'true' }, StringNotEqualsIfExists: { [ORG]: ORG_ID }, ...SERVICE }),
);
/** Outsiders stay out. */
const PERIMETER = rcp(guard({ StringNotEqualsIfExists: { [ORG]: ORG_ID }, ...SERVICE }));
const VENDOR_EXEMPT = rcp(
  guard({
    StringNotEqualsIfExists: {
      [ORG]: ORG_ID,
      'aws:PrincipalAccount': [OTHER, '888877776666'],
      'aws:ResourceTag/dp:exclude:identity': 'true',
    },
    ...SERVICE,
  }),
);

const demands: readonly GuardedCase[] = [
  p('an external ID is asked of a third party', toExt, [DEMANDS_ID], { closedBy: ['p-1 0'] }),
  p('an external ID is asked of anybody but members', toAll, [
    rcp(guard({ Null: { [XID]: 'true' }, ...SERVICE })),
  ]),
  f('members need no external ID', toMember, [DEMANDS_ID], { open: [MEMBER] }),
  f('of anybody, members are left', toAll, [DEMANDS_ID], { open: [MEMBER], notes: ['org-confined'] }),
  p(
    'the policy asks for an external ID already',
    policy(allow(extRoot, { StringEquals: { [XID]: 'abc-12345678' } })),
    [DEMANDS_ID],
    { closedBy: [] },
  ),
  n(
    'the policy asks for none, and the guardrail lets none be sent',
    toExt,
    [rcp(guard({ Null: { [XID]: 'true' } }), guard({ Null: { [XID]: 'false' } }))],
    { closedBy: ['p-1 0'] },
  ),
  n(
    'whoever belongs to an organisation has its id and a path, others neither',
    toExt,
    [rcp(guard({ Null: { [ORG]: 'false' } }), guard({ Null: { [PATHS]: 'true' } }))],
    { closedBy: ['p-1 0', 'p-1 1'] },
  ),
  n(
    'an id and no path, by the trust policy itself',
    policy(allow(extRoot, { Null: { [ORG]: 'false', [PATHS]: 'true' } })),
    [],
  ),
  f(
    'a path of another organisation, with an id',
    policy(allow(extRoot, { Null: { [ORG]: 'false', [PATHS]: 'false' } })),
    [],
    {
      open: [EXT],
    },
  ),
  p('MFA is asked by a guardrail', toExt, [rcp(guard({ BoolIfExists: { [MFA]: 'false' } }))]),
  f('access keys escape Bool MFA false', toExt, [rcp(guard({ Bool: { [MFA]: 'false' } }))], { open: [EXT] }),
  p(
    'two guardrails close together what each leaves open',
    toExt,
    [rcp(guard({ Bool: { [MFA]: 'false' } })), rcp(guard({ Null: { [MFA]: 'true' } }))],
    { closedBy: ['p-1 0', 'p-2 0'] },
  ),
  p(
    'a guardrail and a Deny of the policy close together',
    policy(allow(extRoot), deny(anyone, { Bool: { [MFA]: 'false' } })),
    [rcp(guard({ Null: { [MFA]: 'true' } }))],
    { closedBy: ['p-1 0'] },
  ),
  p('an external ID of a certain form', toExt, [rcp(guard({ StringNotLike: { [XID]: 'corp-*' } }))]),
  p('whatever the action is called', toExt, [rcp(guard({ Null: { [XID]: 'true' } }, { Action: 'sts:*' }))]),
  p('every action', toExt, [rcp(guard({ Null: { [XID]: 'true' } }, { Action: '*' }))]),
  p('the action in small letters, in a list', toExt, [
    rcp(guard({ Null: { [XID]: 'true' } }, { Action: ['s3:*', 'sts:assumerole'] })),
  ]),
  f('another action', toExt, [rcp(guard({ Null: { [XID]: 'true' } }, { Action: 'sts:AssumeRoleWithSAML' }))]),
  f('sts:TagSession alone guards nothing', toExt, [rcp(guard(undefined, { Action: 'sts:TagSession' }))]),
  n(
    'sts:TagSession where the policy asks for tags',
    policy(
      allow(extRoot, { StringEquals: { 'aws:RequestTag/team': 'x' } }, ['sts:AssumeRole', 'sts:TagSession']),
    ),
    [rcp(guard(undefined, { Action: 'sts:TagSession' }))],
    { closedBy: ['p-1 0'] },
  ),
];

const perimeter: readonly GuardedCase[] = [
  n('outsiders stay out', toExt, [PERIMETER], { closedBy: ['p-1 0'] }),
  f('members come in', toMember, [PERIMETER], { open: [MEMBER] }),
  f('of anybody, members come in', toAll, [PERIMETER], { open: [MEMBER] }),
  f('the management account is a member', policy(allow(of(MANAGEMENT))), [PERIMETER], { open: [MANAGEMENT] }),
  f('a member and a third party: the member is left', policy(allow({ AWS: [MEMBER, EXT] })), [PERIMETER], {
    open: [MEMBER],
  }),
  f(
    'the id by variable',
    toMember,
    [rcp(guard({ StringNotEqualsIfExists: { [ORG]: '${aws:ResourceOrgID}' }, ...SERVICE }))],
    { open: [MEMBER] },
  ),
  n('the id by variable keeps outsiders out', toExt, [
    rcp(guard({ StringNotEqualsIfExists: { [ORG]: '${aws:ResourceOrgID}' }, ...SERVICE })),
  ]),
  f(
    'variables count in the guardrail though not in a policy without a Version',
    {
      Statement: [allow(of(MEMBER))],
    },
    [rcp(guard({ StringNotEqualsIfExists: { [ORG]: '${aws:ResourceOrgID}' } }))],
    { open: [MEMBER] },
  ),
  f('another organisation than the own one', toMember, [
    rcp(guard({ StringEquals: { [ORG]: 'o-otherone99' } })),
  ]),
  n('members are not of another organisation', toMember, [
    rcp(guard({ StringNotEquals: { [ORG]: 'o-otherone99' } })),
  ]),
  f(
    'an outsider may be of another organisation that is let in',
    toExt,
    [rcp(guard({ StringNotEquals: { [ORG]: [ORG_ID, 'o-partner999'] } }))],
    { open: [EXT] },
  ),
  n('an outsider is not of the own organisation, whatever the case of letters', toExt, [
    rcp(guard({ StringNotEqualsIgnoreCase: { [ORG]: 'O-EXAMPLEORG1' } })),
  ]),
  f(
    'StringNotEquals does not hold against absent keys that Null exempts',
    toExt,
    [rcp(guard({ StringNotEquals: { [ORG]: ORG_ID }, Null: { [ORG]: 'false' } }))],
    { open: [EXT] },
  ),
  f(
    'members only of a unit',
    toMember,
    [rcp(guard({ 'ForAllValues:StringNotLike': { [PATHS]: `${PROD}*` } }))],
    { open: [MEMBER] },
  ),
  n(
    'members of another unit',
    policy(allow(of(MEMBER_DEV))),
    [rcp(guard({ 'ForAllValues:StringNotLike': { [PATHS]: `${PROD}*` } }))],
    { closedBy: ['p-1 0'] },
  ),
  f(
    'of anybody, the members of a unit',
    toAll,
    [rcp(guard({ 'ForAllValues:StringNotLike': { [PATHS]: `${DEV}*` } }))],
    { open: [MEMBER_DEV] },
  ),
  f(
    'a member whose unit is not known may be of it',
    policy(allow(of(MEMBER_DEV))),
    [rcp(guard({ 'ForAllValues:StringNotLike': { [PATHS]: `${PROD}*` } }))],
    { open: [MEMBER_DEV], organization: WITHOUT_PATHS },
  ),
  n('an outsider is of none of its units', toExt, [
    rcp(guard({ 'ForAllValues:StringNotLike': { [PATHS]: `${ORG_ID}/*` } })),
  ]),
  f('an account that a list which is not whole leaves out may be a member', toExt, [PERIMETER], {
    open: [EXT],
    organization: UNLISTED,
  }),
  f('without a list, too', toExt, [PERIMETER], { open: [EXT], organization: null }),
  p('an external ID is asked of members and others alike', toMember, [
    rcp(guard({ Null: { [XID]: 'true' } })),
  ]),
  f('accounts that are exempt by number', policy(allow({ AWS: [EXT, OTHER] })), [VENDOR_EXEMPT], {
    open: [OTHER],
    tags: {},
  }),
  n('accounts that are not exempt', toExt, [VENDOR_EXEMPT], { tags: {}, closedBy: ['p-1 0'] }),
  f('of anybody, members and exempt accounts', toAll, [VENDOR_EXEMPT], {
    open: [MEMBER, OTHER, '888877776666'],
    tags: {},
  }),
  f('a role that is exempt by its tag', toExt, [VENDOR_EXEMPT], {
    tags: { 'dp:exclude:identity': 'true' },
    open: [EXT],
  }),
  f('the tag in other letters', toExt, [VENDOR_EXEMPT], {
    tags: { 'DP:Exclude:Identity': 'true' },
    open: [EXT],
  }),
  n('another value of the tag', toExt, [VENDOR_EXEMPT], { tags: { 'dp:exclude:identity': 'no' } }),
  f('an exemption by tags that are not known closes nothing', toExt, [VENDOR_EXEMPT], {
    tags: null,
    open: [EXT],
  }),
  f('a network perimeter lets requests on behalf of services pass', toExt, [
    rcp(
      guard({
        NotIpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
      }),
    ),
  ]),
  f(
    'a network alone is no guard',
    toExt,
    [rcp(guard({ NotIpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' } }))],
    { notes: ['network-confined'] },
  ),
  f('confused deputies are services, not accounts', toExt, [
    rcp(
      guard(
        {
          StringNotEqualsIfExists: { 'aws:SourceOrgID': ORG_ID },
          Null: { 'aws:SourceAccount': 'false' },
          Bool: { 'aws:PrincipalIsAWSService': 'true' },
        },
        { Action: 'sts:*' },
      ),
    ),
  ]),
  f('TLS is asked', toExt, [rcp(guard({ Bool: { 'aws:SecureTransport': 'false' } }, { Action: 'sts:*' }))]),
  n('nobody at all', toAll, [rcp(guard())], { closedBy: ['p-1 0'] }),
  n('no account that begins so, member or not', toAll, [
    rcp(
      guard({ StringNotLike: { 'aws:PrincipalAccount': '11112222????' } }),
      guard({ StringNotEquals: { 'aws:PrincipalAccount': OWN } }),
    ),
  ]),
  f(
    'members among the accounts that begin so',
    toAll,
    [
      rcp(
        guard({ StringNotLike: { 'aws:PrincipalAccount': '3333*' } }),
        guard({ StringNotEqualsIfExists: { [ORG]: ORG_ID } }),
      ),
    ],
    { open: [MEMBER_DEV] },
  ),
  f(
    'others than members among the accounts that begin so',
    toAll,
    [
      rcp(
        guard({ StringNotLike: { 'aws:PrincipalAccount': '33332222111?' } }),
        guard({ StringEquals: { [ORG]: ORG_ID } }),
      ),
    ],
    { open: ['*'] },
  ),
];

const telling: readonly GuardedCase[] = [
  n(
    'each that closes a way in by itself',
    toExt,
    [PERIMETER, rcp(guard({ Bool: { 'aws:SecureTransport': 'true' } }), guard())],
    { closedBy: ['p-1 0', 'p-2 1'] },
  ),
  n('none that the role may be exempt from, where others close', toExt, [VENDOR_EXEMPT, PERIMETER], {
    closedBy: ['p-2 0'],
    tags: null,
  }),
  n('the same, where the role is not exempt', toExt, [VENDOR_EXEMPT, PERIMETER], {
    closedBy: ['p-1 0', 'p-2 0'],
    tags: {},
  }),
  n(
    'each that closes one of several ways in',
    policy(allow({ AWS: [EXT, OTHER] })),
    [
      rcp(guard({ StringEquals: { 'aws:PrincipalAccount': EXT } })),
      rcp(guard({ StringEquals: { 'aws:PrincipalAccount': OTHER } })),
    ],
    { closedBy: ['p-1 0', 'p-2 0'] },
  ),
  n(
    'each without which the others leave something',
    toExt,
    [
      rcp(guard({ Bool: { 'aws:SecureTransport': 'true' } })),
      rcp(guard({ Bool: { 'aws:ViaAWSService': 'true' } })),
      rcp(guard({ Bool: { 'aws:SecureTransport': 'false' } })),
    ],
    { closedBy: ['p-1 0', 'p-3 0'] },
  ),
];

const resources: readonly GuardedCase[] = [
  n('the role itself', toExt, [rcp(guard(undefined, { Resource: ROLE_ARN }))]),
  n('roles of that path', toExt, [
    rcp(guard(undefined, { Resource: ['arn:aws:s3:::b', 'arn:aws:iam::*:role/app/*'] })),
  ]),
  f('another role', toExt, [rcp(guard(undefined, { Resource: `arn:aws:iam::${OWN}:role/Target` }))]),
  f('all but this role', toExt, [rcp(guard(undefined, { NotResource: ROLE_ARN }))]),
  n('all but another role', toExt, [
    rcp(guard(undefined, { NotResource: `arn:aws:iam::${OWN}:role/Other` })),
  ]),
  f(
    'a Resource that the request fills is not relied on',
    toExt,
    [rcp(guard(undefined, { Resource: 'arn:aws:iam::*:role/app/${aws:PrincipalTag/app}' }))],
    { notes: ['undefined-semantics'] },
  ),
  f(
    'a NotResource that the request fills is not relied on',
    toExt,
    [rcp(guard(undefined, { NotResource: 'arn:aws:iam::*:role/app/${aws:PrincipalTag/app}' }))],
    { notes: ['undefined-semantics'] },
  ),
  n('a variable where the role is not meant anyway', toExt, [
    rcp(guard(undefined, { NotResource: 'arn:aws:iam::*:role/other/${aws:PrincipalTag/app}' })),
  ]),
  f(
    'a pattern of too few fields is not relied on',
    toExt,
    [rcp(guard(undefined, { Resource: 'arn:aws:iam::*' }))],
    {
      notes: ['undefined-semantics'],
    },
  ),
  f('a character that is meant literally', toExt, [
    rcp(guard(undefined, { Resource: 'arn:aws:iam::*:role/app/${*}' })),
  ]),
];

const undefinedParts: readonly GuardedCase[] = [
  f('several values without a set operator are not relied on', toExt, [
    rcp(guard({ StringNotLike: { 'aws:CalledVia': 'x.amazonaws.com' }, Null: { 'aws:CalledVia': 'false' } })),
  ]),
  f('ForAnyValue with IfExists is not relied on', toExt, [
    rcp(guard({ 'ForAnyValue:StringNotEqualsIfExists': { 'aws:CalledVia': 'x' } })),
  ]),
  f(
    'a variable without a value is not relied on',
    toExt,
    [rcp(guard({ StringNotEquals: { [XID]: '${aws:PrincipalTag/never}' } }))],
    { notes: ['undefined-semantics'] },
  ),
  f('a misspelt key is nobody’s', toExt, [rcp(guard({ StringEquals: { 'sts:ExternallId': 'x' } }))]),
];

const trustAlone: readonly GuardedCase[] = [
  f(
    'the policy names the own organisation: its members',
    policy(allow(anyone, { StringEquals: { [ORG]: ORG_ID } })),
    [],
    {
      open: [MEMBER],
    },
  ),
  n(
    'the policy names another organisation, and an account that is of the own one',
    policy(allow(of(MEMBER), { StringEquals: { [ORG]: 'o-otherone99' } })),
    [],
  ),
  f(
    'the policy names another organisation',
    policy(allow(anyone, { StringEquals: { [ORG]: 'o-otherone99' } })),
    [],
    {
      open: ['*'],
      notes: ['org-confined'],
    },
  ),
  n(
    'the policy asks an outsider to be of the own organisation',
    policy(allow(extRoot, { StringEquals: { [ORG]: '${aws:ResourceOrgID}' } })),
    [],
    { closedBy: [] },
  ),
  f(
    'the policy names a unit',
    policy(allow(anyone, { 'ForAnyValue:StringLike': { [PATHS]: `${ORG_ID}/*/ou-ab12-dev00001/*` } })),
    [],
    { open: [MEMBER_DEV] },
  ),
  n(
    'the policy names a unit that has no account',
    policy(allow(anyone, { 'ForAnyValue:StringLike': { [PATHS]: `${ORG_ID}/r-ab12/ou-ab12-empty001/*` } })),
    [],
  ),
  n(
    'the policy asks for a tag that the role does not have',
    policy(allow(extRoot, { StringEquals: { 'aws:ResourceTag/open': 'yes' } })),
    [],
    { tags: { closed: 'yes' } },
  ),
  f(
    'the policy asks for a tag that the role has',
    policy(allow(extRoot, { StringEquals: { 'iam:ResourceTag/open': 'yes' } })),
    [],
    { tags: { open: 'yes' }, open: [EXT] },
  ),
  f(
    'the policy asks for a tag that may be there',
    policy(allow(extRoot, { StringEquals: { 'aws:ResourceTag/open': 'yes' } })),
    [],
    { tags: null, open: [EXT] },
  ),
  f('the policy asks for nothing of that', toAll, [], { open: ['*'] }),
  n('nobody of another account is trusted', policy(allow(of(OWN))), [DEMANDS_ID], { closedBy: [] }),
  {
    name: 'a damaged policy stays an error',
    trust: policy(allow({ AWS: 'System.Object[]' })),
    policies: [PERIMETER],
    verdict: 'error',
  },
];

/** Trust policies of a role of account `OWN` with resource control policies, and what both together must come to. */
export const GUARDED_CASES: readonly GuardedCase[] = [
  ...demands,
  ...perimeter,
  ...telling,
  ...resources,
  ...undefinedParts,
  ...trustAlone,
].map((one) => ({ organization: ORGANIZATION, tags: null, ...one }));
