import { allow, deny, EXT, extRoot, OTHER, OWN, ownRoot, policy } from '../exposure/cases/index.ts';

const GUARD = { StringEquals: { 'sts:ExternalId': 'h7Lk2qPz9Wd4' } };
const text = (...statements: readonly unknown[]): string => JSON.stringify(policy(...statements));
const openText = text(allow(extRoot));

/** Policies as people paste them, of every verdict and every kind of trouble. */
export const PASTED: readonly (readonly [name: string, pasted: string])[] = [
  ['an open account', openText],
  ['a guarded account', text(allow(extRoot, GUARD))],
  ['a weak external ID', text(allow(extRoot, { StringEquals: { 'sts:ExternalId': '12345' } }))],
  ['MFA', text(allow(extRoot, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }))],
  ['the own account', text(allow(ownRoot))],
  ['a service', text(allow({ Service: 'ec2.amazonaws.com' }))],
  ['anyone', text(allow('*'))],
  ['anyone in an organisation', text(allow('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdef1234' } }))],
  [
    'a wildcard in a role',
    text(allow('*', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/ops-*` } })),
  ],
  ['an Allow and a Deny', text(allow({ AWS: [EXT, OTHER] }), deny({ AWS: OTHER }))],
  ['another partition', text(allow({ AWS: `arn:aws-us-gov:iam::${EXT}:role/Deploy` }))],
  ['NotPrincipal', text({ Effect: 'Allow', NotPrincipal: ownRoot, Action: 'sts:*' })],
  [
    'a single statement, repeated keys',
    '{"Statement":{"Effect":"Deny","Effect":"Allow","Principal":"*","Action":"*"}}',
  ],
  ['URL-encoded text', encodeURIComponent(openText)],
  ['a JSON string of JSON', JSON.stringify(openText)],
  ['a byte order mark', `\uFEFF${openText}`],
  ['nothing', ''],
  ['blanks', ' \n'],
  ['null', 'null'],
  ['a number', '12'],
  ['a list', '[]'],
  ['cut off', openText.slice(0, -3)],
  ['cut off within a string', JSON.stringify(openText.slice(0, -20))],
  ['no JSON', 'Version: 2012-10-17'],
  ['PowerShell', text(allow(extRoot, undefined, 'System.Object[]'))],
  ['a template', text(allow({ AWS: '$' + '{PartnerAccount}' }))],
  ['a redacted account', text(allow({ AWS: 'arn:aws:iam::XXXXXXXXXXXX:root' }))],
  ['markup', text(allow({ AWS: `arn:aws:iam::${EXT}:role/<img src=x onerror=alert(1)>` }))],
  [
    'hidden characters',
    text(allow(extRoot, { StringEquals: { 'sts:ExternalId': 'abc\u202edef\u0000ghi' } })),
  ],
  ['a key named __proto__', '{"__proto__":{"Statement":[]},"Statement":[]}'],
  ['deep nesting', `${'['.repeat(5000)}${']'.repeat(5000)}`],
  [
    'a tangle',
    text(
      allow(extRoot, {
        StringLike: {
          'sts:ExternalId': Array.from({ length: 4 }, (_, i) => `*${i.toString(36)}*${i * 7}?${i * 13}*`),
        },
      }),
    ),
  ],
  ['many accounts', text(allow({ AWS: Array.from({ length: 40 }, (_, i) => String(200_000_000_000 + i)) }))],
];

export { OWN };
