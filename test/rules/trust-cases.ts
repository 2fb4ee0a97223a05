/** Trust policies with what the rule's text says of them and what is really the case. */
export const OWN = '111122223333';
const FOREIGN = '444455556666';
const ROOT = `arn:aws:iam::${FOREIGN}:root`;
const OTHER_ROOT = 'arn:aws:iam::777788889999:root';
const OWN_ROOT = `arn:aws:iam::${OWN}:root`;

type Outcome = 'pass' | 'fail' | 'not-applicable';

export interface TrustCase {
  readonly id: string;
  readonly what: string;
  readonly policy: unknown;
  readonly literal: Outcome;
  /** With `splitList: 'null'`, where it differs. */
  readonly splitNull?: Outcome;
  /** With `textEqualityAnyCase: true`, where it differs. */
  readonly anyCase?: Outcome;
  /** What the rule is meant to say. */
  readonly intent: Outcome;
  /** A note that must be among those given when `literal` and `intent` differ. */
  readonly note?: string;
}

const P = 'pass';
const F = 'fail';
const N = 'not-applicable';

const policy = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
const allow = (principal: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Principal: principal,
  Action: 'sts:AssumeRole',
  ...more,
});
const when = (operator: string, key: string, value: unknown) => ({
  Condition: { [operator]: { [key]: value } },
});
const MFA = 'aws:MultiFactorAuthPresent';
const AGE = 'aws:MultiFactorAuthAge';
const EXT = 'sts:ExternalId';
const root = { AWS: ROOT };
const guarded = when('StringEquals', EXT, 'ticket-8817');
const mfa = when('Bool', MFA, 'true');

/** One row: id, what, policy, literal, intent, note, other readings. */
function row(
  id: string,
  what: string,
  document: unknown,
  literal: Outcome,
  intent: Outcome,
  note?: string,
  other: { readonly splitNull?: Outcome; readonly anyCase?: Outcome } = {},
): TrustCase {
  return { id, what, policy: document, literal, intent, ...(note === undefined ? {} : { note }), ...other };
}

const GUARD = 'literal-blind-guard';
const ACTION = 'literal-blind-action';
const PRINCIPAL = 'literal-blind-principal';
const ANY = 'literal-any-statement';

export const TRUST_CASES: readonly TrustCase[] = [
  row('T01', 'external root, no condition', policy(allow(root)), F, F),
  row('T02', 'external root with an external id', policy(allow(root, guarded)), P, P),
  row('T03', 'external root with MFA "true"', policy(allow(root, mfa)), P, P),
  row('T04', 'MFA as a JSON boolean', policy(allow(root, when('Bool', MFA, true))), P, P),
  row('T05', 'MFA as a list', policy(allow(root, when('Bool', MFA, ['true']))), F, P, 'literal-list-value'),
  row('T06', 'MFA "false"', policy(allow(root, when('Bool', MFA, 'false'))), F, F),
  row('T07', 'BoolIfExists MFA', policy(allow(root, when('BoolIfExists', MFA, 'true'))), F, F),
  row(
    'T08',
    'lower-case MFA key',
    policy(allow(root, when('Bool', MFA.toLowerCase(), 'true'))),
    F,
    P,
    'literal-key-case',
  ),
  row('T09', 'MFA "True"', policy(allow(root, when('Bool', MFA, 'True'))), P, P),
  row(
    'T10',
    'lower-case external id key',
    policy(allow(root, when('StringEquals', 'sts:externalid', 'x1'))),
    F,
    P,
    'literal-key-case',
  ),
  row(
    'T11',
    'StringLike external id',
    policy(allow(root, when('StringLike', EXT, 'ticket-8817'))),
    F,
    P,
    GUARD,
  ),
  row('T12', 'StringLike external id *', policy(allow(root, when('StringLike', EXT, '*'))), F, F),
  row(
    'T13',
    'StringEqualsIfExists external id',
    policy(allow(root, when('StringEqualsIfExists', EXT, 'x1'))),
    F,
    F,
  ),
  row(
    'T14',
    'ForAnyValue external id',
    policy(allow(root, when('ForAnyValue:StringEquals', EXT, ['x1']))),
    F,
    P,
    GUARD,
  ),
  row(
    'T15',
    'ForAllValues external id',
    policy(allow(root, when('ForAllValues:StringEquals', EXT, ['x1']))),
    F,
    F,
  ),
  row('T16', 'external id list', policy(allow(root, when('StringEquals', EXT, ['x1', 'x2']))), P, P),
  row('T17', 'StringNotEquals external id', policy(allow(root, when('StringNotEquals', EXT, 'x1'))), F, F),
  row('T18', 'Null MFA age false', policy(allow(root, when('Null', AGE, 'false'))), F, P, GUARD),
  row('T19', 'MFA age below an hour', policy(allow(root, when('NumericLessThan', AGE, '3600'))), F, P, GUARD),
  row(
    'T20',
    'Deny without MFA',
    policy(allow(root), { ...allow({ AWS: '*' }, when('BoolIfExists', MFA, 'false')), Effect: 'Deny' }),
    F,
    P,
    GUARD,
  ),
  row(
    'T21',
    'action list',
    policy(allow(root, { Action: ['sts:AssumeRole', 'sts:TagSession'] })),
    N,
    F,
    ACTION,
  ),
  row(
    'T22',
    'one-element action list, guarded',
    policy(allow(root, { Action: ['sts:AssumeRole'], ...guarded })),
    N,
    P,
    ACTION,
  ),
  row('T23', 'action sts:*', policy(allow(root, { Action: 'sts:*' })), N, F, ACTION),
  row('T24', 'action sts:Assume*', policy(allow(root, { Action: 'sts:Assume*' })), N, F, ACTION),
  row('T25', 'action in other case', policy(allow(root, { Action: 'STS:assumerole' })), N, F, ACTION, {
    anyCase: F,
  }),
  row('T26', 'NotAction', policy({ Effect: 'Allow', Principal: root, NotAction: 'iam:*' }), N, F, ACTION),
  row('T27', 'principal *', policy(allow('*')), N, F, PRINCIPAL),
  row('T28', 'AWS principal *', policy(allow({ AWS: '*' })), N, F, PRINCIPAL),
  row('T29', 'AWS principal *, guarded', policy(allow({ AWS: '*' }, guarded)), N, P, PRINCIPAL),
  row(
    'T30',
    'NotPrincipal',
    policy({ Effect: 'Allow', NotPrincipal: { AWS: OWN_ROOT }, Action: 'sts:AssumeRole' }),
    N,
    F,
    PRINCIPAL,
  ),
  row('T31', 'bare account id', policy(allow({ AWS: FOREIGN })), N, F, PRINCIPAL),
  row(
    'T32',
    'other partition (aws-us-gov)',
    policy(allow({ AWS: `arn:aws-us-gov:iam::${FOREIGN}:root` })),
    N,
    F,
    PRINCIPAL,
  ),
  row(
    'T33',
    'other partition (aws-cn)',
    policy(allow({ AWS: `arn:aws-cn:iam::${FOREIGN}:root` })),
    N,
    F,
    PRINCIPAL,
  ),
  row(
    'T34',
    'role session',
    policy(allow({ AWS: `arn:aws:sts::${FOREIGN}:assumed-role/Build/run-7` })),
    N,
    F,
    PRINCIPAL,
  ),
  row('T35', 'own root only', policy(allow({ AWS: OWN_ROOT })), N, N),
  row(
    'T36',
    'own ARNs in a list',
    policy(allow({ AWS: [OWN_ROOT, `arn:aws:iam::${OWN}:user/ann`] })),
    N,
    N,
    undefined,
    { splitNull: F },
  ),
  row('T37', 'own and external in a list', policy(allow({ AWS: [OWN_ROOT, ROOT] })), N, F, PRINCIPAL, {
    splitNull: F,
  }),
  row('T38', 'two externals in a list', policy(allow({ AWS: [ROOT, OTHER_ROOT] })), F, F),
  row('T39', 'own ARN and * in a list', policy(allow({ AWS: [OWN_ROOT, '*'] })), N, F, PRINCIPAL, {
    splitNull: F,
  }),
  row('T40', 'open external, guarded own', policy(allow(root), allow({ AWS: OWN_ROOT }, mfa)), P, F, ANY),
  row(
    'T41',
    'open external, other external guarded',
    policy(allow(root), allow({ AWS: OTHER_ROOT }, guarded)),
    P,
    F,
    ANY,
  ),
  row('T42', 'guarded external, open own', policy(allow(root, guarded), allow({ AWS: OWN_ROOT })), P, P),
  row(
    'T43',
    'SAML',
    policy(
      allow({ Federated: `arn:aws:iam::${OWN}:saml-provider/Corp` }, { Action: 'sts:AssumeRoleWithSAML' }),
    ),
    N,
    N,
  ),
  row(
    'T44',
    'SAML provider with sts:AssumeRole',
    policy(allow({ Federated: `arn:aws:iam::${OWN}:saml-provider/Corp` })),
    F,
    N,
    PRINCIPAL,
  ),
  row('T45', 'service', policy(allow({ Service: 'ec2.amazonaws.com' })), N, N),
  row('T46', 'deleted principal', policy(allow({ AWS: 'AROAEXAMPLEGONE000000' })), N, N),
  row(
    'T47',
    'organisation condition',
    policy(allow(root, when('StringEquals', 'aws:PrincipalOrgID', 'o-abcdefghij'))),
    F,
    F,
  ),
  row(
    'T48',
    '* within an organisation',
    policy(allow({ AWS: '*' }, when('StringEquals', 'aws:PrincipalOrgID', 'o-abcdefghij'))),
    N,
    F,
    PRINCIPAL,
  ),
  row('T49', 'Statement is one object', { Version: '2012-10-17', Statement: allow(root) }, F, F),
  row(
    'T50',
    'external and service in one principal',
    policy(allow({ AWS: ROOT, Service: 'ec2.amazonaws.com' })),
    F,
    F,
  ),
  row(
    'T51',
    'external id on a Deny only',
    policy(allow(root), { ...allow({ AWS: '*' }, when('StringNotEquals', EXT, 'x1')), Effect: 'Deny' }),
    F,
    P,
    GUARD,
  ),
  row(
    'T52',
    'external id empty list',
    policy(allow(root, when('StringEquals', EXT, []))),
    F,
    P,
    'literal-list-value',
  ),
  row('T53', 'CanonicalUser', policy(allow({ CanonicalUser: 'ab12'.repeat(16) })), N, F, PRINCIPAL),
  row(
    'T54',
    'own account as text in a foreign role',
    policy(allow({ AWS: `arn:aws:iam::${FOREIGN}:role/${OWN}` })),
    F,
    F,
  ),
  row(
    'T55',
    'external guarded twice, once with an action list',
    policy(allow(root, mfa), allow(root, { Action: ['sts:AssumeRole'], ...guarded })),
    P,
    P,
  ),
  row(
    'T56',
    'open action list, other account guarded',
    policy(allow(root, { Action: ['sts:AssumeRole'] }), allow({ AWS: OTHER_ROOT }, guarded)),
    P,
    F,
    ANY,
  ),
];
