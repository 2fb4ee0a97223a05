import { describe, expect, it } from 'vitest';
import { findDamage } from '../../src/iam/damage/find-damage.ts';
import { parseJson } from '../../src/iam/json.ts';

const ROOT = 'arn:aws:iam::444455556666:root';

type Elements = Readonly<Record<string, unknown>>;

function statement(elements: Elements): Elements {
  return { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'sts:AssumeRole', ...elements };
}

function policyOf(elements: Elements): unknown {
  return { Version: '2012-10-17', Statement: [statement(elements)] };
}

const found = (policy: unknown) => findDamage(parseJson(JSON.stringify(policy)));
const principal = (text: unknown): unknown => policyOf({ Principal: { AWS: text } });
const action = (value: unknown): unknown => policyOf({ Action: value });
const condition = (key: string, value: unknown, operator = 'StringEquals'): unknown =>
  policyOf({ Condition: { [operator]: { [key]: value } } });

describe('findDamage in principals', () => {
  it.each([
    ['arn:aws:iam::111122223333:root arn:aws:iam::444455556666:root', 'several principals'],
    ['arn:aws:iam::111122223333:root,arn:aws:iam::444455556666:root', 'several principals'],
    ['arn:aws:iam::111122223333:role/a,arn:aws:iam::444455556666:role/b', 'several principals'],
    ['arn:aws:iam::111122223333:role/a;arn:aws:iam::444455556666:role/b', 'several principals'],
    ['arn:aws:iam::111122223333:root\narn:aws:iam::444455556666:root', 'several principals'],
    ['111122223333,444455556666', 'several principals'],
    [`['${ROOT}', '444455556666']`, 'list or an object'],
    [`["${ROOT}"]`, 'list or an object'],
    [`[${ROOT} 444455556666]`, 'list or an object'],
    [`'${ROOT}'`, 'quotation marks'],
    [`${ROOT} `, 'principals'],
    ['System.Object[]', 'PowerShell'],
    ['System.Collections.Hashtable', 'PowerShell'],
    ['System.Collections.Generic.List`1[System.Object]', 'PowerShell'],
    [`@{AWS=${ROOT}}`, 'PowerShell'],
    ['[object Object]', 'JavaScript'],
    ['[Array]', 'Node.js'],
    ['[Circular *1]', 'Node.js'],
    [`map[AWS:${ROOT}]`, 'Go'],
    ['<nil>', 'Go'],
    ["{'AWS': '444455556666'}", 'Python'],
    ['None', 'no value'],
    ['undefined', 'no value'],
    ['null', 'no value'],
    ['{AWS=444455556666}', 'list or an object'],
    ['java.util.ArrayList', 'Java'],
    ['[Ljava.lang.String;@1b6d3586', 'Java'],
    ['', 'empty'],
    ['XXXXXXXXXXXX', 'redacted'],
    ['************', 'redacted'],
    ['<redacted>', 'redacted'],
    ['REDACTED', 'redacted'],
    ['[REDACTED]', 'redacted'],
    ['arn:aws:iam::XXXXXXXXXXXX:root', 'redacted'],
    ['arn:aws:iam::************:root', 'redacted'],
    ['arn:aws:iam::4444****6666:root', 'redacted'],
    ['arn:aws:iam::<redacted>:root', 'redacted'],
    ['arn:aws:iam::444455556666:role/REDACTED', 'redacted'],
    ['arn:aws:iam::<ACCOUNT_ID>:root', 'never filled in'],
    ['arn:aws:iam::${AccountId}:root', '`${AccountId}`, a template variable'],
    ['arn:aws:iam::${AWS::AccountId}:root', 'template variable'],
    ['arn:aws:iam::{{ account }}:root', 'template variable'],
    ['${var.trusted_arn}', 'template variable'],
    ['arn:aws:iam::$ACCOUNT_ID:root', '12 digits'],
    ['arn:aws:iam::4444555566:root', '12 digits'],
    ['arn:aws:iam::4444-5555-6666:root', '12 digits'],
    ['arn:aws:iam:444455556666:root', 'six parts'],
    ['arn:aws:iam::444455556666', 'six parts'],
    ['arn:AWS:iam::444455556666:root', 'partition'],
    ['arn::iam::444455556666:root', 'partition'],
    ['arn:aws:iam:us-east-1:444455556666:root', 'region'],
    ['arn:aws:iam::444455556666:role', 'ends in'],
    ['arn:aws:iam::444455556666:role/', 'ends in'],
    ['arn:aws:iam::444455556666:role/a(b)', 'ends in'],
    ['arn:aws:iam::444455556666:role/dev//', 'ends in'],
    ['arn:aws:iam::444455556666:group/devs', 'ends in'],
    ['arn:aws:sts::444455556666:assumed-role/Deploy', 'ends in'],
    ['arn:aws:iam::444455556666:role/Depl...', 'cut off'],
    ['arn:aws:iam::444455556666:role/Depl…', 'cut off'],
    ['AROA', 'six parts'],
    ['44445555666', 'six parts'],
    [444455556, 'six parts'],
    [null, 'is not a principal'],
    [true, 'is not a principal'],
    [{ Ref: 'Account' }, '`Ref` is a template variable'],
    [{ Length: 30 }, 'an object is not a principal'],
    [[[ROOT]], 'a list is not a principal'],
  ])('%j', (text, what) => {
    const damage = found(principal(text));
    expect(damage?.pointer).toBe(`/Statement/0/Principal/AWS${Array.isArray(text) ? '/0' : ''}`);
    expect(damage?.what).toContain(what);
  });

  it.each([
    '*',
    '444455556666',
    ROOT,
    'arn:aws-us-gov:iam::444455556666:root',
    'arn:aws:iam::444455556666:user/dev/ann@example.com',
    'arn:aws:iam::444455556666:role/x:iam::111122223333:/n',
    'arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef',
    'arn:aws:sts::444455556666:assumed-role/Deploy/ann@example.com',
    'arn:aws:sts::444455556666:federated-user/bob',
    'AROAEXAMPLE0000000000',
    'AROAEXAMPLE0000000000:i-0abc',
    // IAM refuses wildcards, but the analysis knows what to make of them.
    'arn:aws:iam::444455556666:role/*',
    'arn:aws:iam::*:root',
  ])('none in %s', (text) => {
    expect(found(principal(text))).toBeNull();
    expect(found(principal([text, text]))).toBeNull();
  });

  it.each([
    ['a text', 'codebuild.amazonaws.com', ''],
    ['an empty text', '', ''],
    ['a list', [ROOT], ''],
    ['nothing', null, ''],
    ['a number', 444455556666, ''],
    ['an unknown type', { aws: ROOT }, '/aws'],
    ['the members of a PowerShell list', { value: [ROOT], Count: 1 }, '/value'],
    ['a service in a list written as text', { Service: 'ec2.amazonaws.com ecs.amazonaws.com' }, '/Service'],
    ['a service with commas', { Service: 'ec2.amazonaws.com,ecs.amazonaws.com' }, '/Service'],
    ['a service that is no text', { Service: { Ref: 'x' } }, '/Service'],
    ['a service that was never filled in', { Service: 'states.${AWS::Region}.amazonaws.com' }, '/Service'],
    ['a redacted provider', { Federated: 'arn:aws:iam::XXXXXXXXXXXX:saml-provider/x' }, '/Federated'],
    ['a provider that is none', { Federated: 'arn:aws:iam::111122223333:role/x' }, '/Federated'],
    ['a damaged NotPrincipal', undefined, ''],
  ])('%s', (_name, value, below) => {
    const elements = value === undefined ? { NotPrincipal: 'System.Object[]' } : { Principal: value };
    const [name] = Object.keys(elements);
    expect(found(policyOf(elements))?.pointer).toBe(`/Statement/0/${name}${below}`);
  });

  it.each([
    '*',
    {},
    { AWS: [] },
    { Service: ['ec2.amazonaws.com', 's3.us-east-1.amazonaws.com.cn'] },
    {
      Federated: ['cognito-identity.amazonaws.com', 'arn:aws:iam::111122223333:oidc-provider/a.example/id/X'],
    },
    { CanonicalUser: 'abc' },
  ])('none in %j', (value) => {
    expect(found(policyOf({ Principal: value }))).toBeNull();
  });
});

describe('findDamage in actions', () => {
  it.each([
    ['sts:AssumeRole sts:TagSession', '`ConvertTo-Json -Depth 100`'],
    ['sts:AssumeRole,sts:TagSession', 'several actions'],
    ['sts:AssumeRole\nsts:TagSession', 'several actions'],
    ['[sts:AssumeRole sts:TagSession]', 'list or an object'],
    ["['sts:AssumeRole']", 'list or an object'],
    ['{sts:AssumeRole, sts:TagSession}', 'list or an object'],
    ['System.Object[]', 'PowerShell'],
    ['[Array]', 'Node.js'],
    [' sts:AssumeRole', 'no action'],
    ['sts', 'no action'],
    ['sts:', 'no action'],
    ['AssumeRole', 'no action'],
    ['', 'no action'],
    ['sts:***', 'redacted'],
    ['${Action}', 'template variable'],
    [null, 'is not an action'],
    [7, 'the number 7 is not an action'],
    [{ value: ['sts:AssumeRole'], Count: 1 }, 'an object is not an action'],
  ])('%j', (value, what) => {
    for (const name of ['Action', 'NotAction']) {
      const elements = name === 'Action' ? { Action: value } : { Action: undefined, NotAction: value };
      const damage = found(policyOf(elements));
      expect(damage?.pointer).toBe(`/Statement/0/${name}`);
      expect(damage?.what).toContain(what);
    }
    expect(found(action(['sts:AssumeRole', value]))?.pointer).toBe('/Statement/0/Action/1');
  });

  it.each(['*', 'sts:*', 'STS:assume*', 'sts:AssumeRol?', 'kafka-cluster:Connect', '*:*', []])(
    'none in %j',
    (value) => {
      expect(found(action(value))).toBeNull();
    },
  );
});

describe('findDamage in conditions', () => {
  const key = 'sts:ExternalId';
  it.each([
    [key, 'k7 k8', 'several values'],
    [key, 'alpha,1 beta,2', 'several values'],
    [key, 'k7;k8', 'several values'],
    [key, 'k7%2Bk8%3D', 'URL-encoded'],
    ['aws:CalledVia', 'athena.amazonaws.com glue.amazonaws.com', 'several values'],
    [key, '***REMOVED***', 'redacted'],
    [key, '[k7 k8]', 'list or an object'],
    [key, "['k7']", 'list or an object'],
    [key, '"k7"', 'quotation marks'],
    [key, 'System.Object[]', 'PowerShell'],
    [key, 'XXXXXXXX', 'redacted'],
    [key, 'xxxx-xxxx-xxxx', 'redacted'],
    [key, '********', 'redacted'],
    [key, '[REDACTED]', 'redacted'],
    [key, '<hidden>', 'redacted'],
    [key, '(sensitive value)', 'Terraform'],
    [key, 'undefined', 'no value'],
    [key, '3f2a9c…', 'cut off'],
    [key, 'caf\ufffd', 'encoding'],
    [
      'aws:PrincipalArn',
      'arn:aws:iam::111122223333:role/a arn:aws:iam::111122223333:role/b',
      'several values',
    ],
    [
      'aws:PrincipalArn',
      'arn:aws:iam::111122223333:role/a, arn:aws:iam::111122223333:role/b',
      'several values',
    ],
    ['aws:PrincipalArn', 'arn:aws:iam::XXXXXXXXXXXX:role/a', 'redacted'],
    ['aws:PrincipalAccount', '111122223333 444455556666', 'several values'],
    ['aws:PrincipalAccount', '1111****3333', 'redacted'],
    ['aws:PrincipalAccount', '${AccountId}', 'never filled in'],
    ['AWS:SOURCEOWNER', '111122223333,444455556666', 'several values'],
    ['aws:PrincipalOrgID', 'o-a1b2c3 o-d4e5f6', 'several values'],
    ['aws:PrincipalOrgID', '<my-org-id>', 'never filled in'],
    ['aws:PrincipalOrgID', '${ORG_ID}', 'never filled in'],
    ['aws:PrincipalOrgID', 'o-xxxxxxxxxx', 'redacted'],
    ['aws:PrincipalOrgPaths', 'o-a/r-b/* o-a/r-c/*', 'several values'],
    ['aws:MultiFactorAuthPresent', 'true false', 'several values'],
    ['aws:MultiFactorAuthAge', '3600 7200', 'several values'],
    ['aws:SourceIp', '192.0.2.0/24 198.51.100.0/24', 'several values'],
    ['aws:SourceIp', '192.0.2.0/24,198.51.100.0/24', 'several values'],
    ['sts:RoleSessionName', 'run-1 run-2', 'several values'],
    ['aws:PrincipalType', 'User AssumedRole', 'several values'],
    ['aws:SourceVpce', 'vpce-0a vpce-0b', 'several values'],
    ['SAML:aud', 'https://a.example/saml https://b.example/saml', 'several values'],
    ['token.example.com:sub', 'repo:a/b:* repo:a/c:*', 'several values'],
    ['aws:PrincipalTag/team', '[object Object]', 'JavaScript'],
    ['aws:PrincipalTag/team', 'System.Collections.Hashtable', 'PowerShell'],
    ['aws:PrincipalTag/team', '${TeamName}', 'never filled in'],
    [key, null, 'is not a value'],
    [key, { 'Fn::Sub': 'x' }, '`Fn::Sub` is a template variable'],
  ])('%s %j', (name, value, what) => {
    const damage = found(condition(name, value));
    expect(damage?.pointer).toBe(`/Statement/0/Condition/StringEquals/${name.replace('/', '~1')}`);
    expect(damage?.what).toContain(what);
    expect(found(condition(name, ['fine-value', value]))?.pointer).toContain('/1');
  });

  it.each([
    [key, 'k7,k8'],
    [key, ''],
    [key, '*'],
    [key, 'a b'],
    [key, '<EXTERNAL_ID>'],
    [key, '${var.external_id}'],
    [key, '${aws:PrincipalAccount}'],
    [key, 12345678],
    [key, []],
    ['aws:PrincipalArn', 'arn:aws:iam::111122223333:role/a,b/c'],
    ['aws:PrincipalAccount', ['111122223333', '4444*']],
    ['aws:PrincipalTag/team', 'red team, blue team'],
    ['aws:PrincipalTag/tier', 'confidential'],
    ['aws:PrincipalTag/x', '${aws:PrincipalTag/cost:center}'],
    ['aws:PrincipalTag/x', "${aws:username, 'nobody'}"],
    ['aws:UserAgent', 'Mozilla/5.0 (X11; Linux x86_64)'],
    ['sts:RoleSessionName', '${aws:username}-a,b'],
    ['aws:TagKeys', 'cost center'],
    ['token.example.com:sub', 'repo:a/b:environment:my prod'],
    ['aws:CurrentTime', '2026-01-01T00:00:00Z'],
    ['aws:SecureTransport', true],
    ['cognito-identity.amazonaws.com:aud', 'us-east-1:00000000-0000-0000-0000-000000000000'],
  ])('none in %s %j', (name, value) => {
    expect(found(condition(name, value))).toBeNull();
  });

  it.each([
    ['Condition', 'System.Collections.Hashtable', ''],
    ['Condition', null, ''],
    ['Condition', [], ''],
    ['Condition', { StringEquals: '@{sts:ExternalId=k7}' }, '/StringEquals'],
    ['Condition', { '[object Object]': {} }, '/[object Object]'],
    ['Condition', { StringEquals: { '${local.provider}:aud': 'x' } }, '/StringEquals/${local.provider}:aud'],
    ['Condition', { Count: 1, Keys: ['StringEquals'] }, '/Count'],
  ])('%s of %j', (name, value, below) => {
    expect(found(policyOf({ [name]: value }))?.pointer).toBe(`/Statement/0/Condition${below}`);
  });

  it('knows values by the type of their operator too', () => {
    expect(found(condition('aws:CurrentTime', '2026-01-01 2027-01-01', 'DateLessThan'))).not.toBeNull();
    expect(found(condition('aws:CurrentTime', '2026-01-01 00:00:00', 'DateLessThan'))).toBeNull();
    expect(found(condition('made:up', 'true false', 'Bool'))).not.toBeNull();
  });

  it.each([
    ['BoolEquals', 'true,false'],
    ['NullIfexists', 'true false'],
    ['NumericBetween', '1,5'],
    ['ForAnyValue:NumericBetween', '1,5'],
    ['DateBetween', '2026-01-01 2027-01-01'],
    ['IpAddresses', '10.0.0.0/8,11.0.0.0/8'],
    ['NotIpAddresses', '10.0.0.0/8,11.0.0.0/8'],
    ['ArnMatches', 'arn:aws:iam::444455556666:role/a arn:aws:iam::444455556666:role/b'],
  ])('knows joined values under an operator that nobody knows: %s', (operator, joined) => {
    expect(found(condition('made:up', joined, operator))?.what).toContain('several values');
    expect(found(condition('made:up', joined.split(/[ ,]/), operator))).toBeNull();
  });
});

describe('findDamage in the policy', () => {
  it.each([
    ['', 'System.Object[]'],
    ['', ['x']],
    ['/Statement', { Version: '2012-10-17' }],
    ['/Statement', { Version: '2012-10-17', Statement: 'System.Object[]' }],
    ['/Statement', { Statement: '@{Effect=Allow; Principal=; Action=sts:AssumeRole}' }],
    ['/Statement', { Statement: null }],
    ['/Statement/1', { Statement: [statement({}), '[Object]'] }],
    ['/Statement/0', { Statement: [[statement({})]] }],
    ['/Statement/Effect', { Statement: statement({ Effect: 'allow' }) }],
    ['/Statement/0/Effect', { Statement: [statement({ Effect: ['Allow'] })] }],
    ['/Statement/0/Effect', { Statement: [statement({ Effect: undefined })] }],
    ['/Statement/0/Principal', { Statement: [statement({ Principal: undefined })] }],
    ['/Statement/0/Action', { Statement: [statement({ Action: undefined })] }],
    ['/Statement/0/Prin?ipal', { Statement: [statement({ 'Prin?ipal': '*' })] }],
    ['/Statement/0/principal', { Statement: [statement({ principal: '*' })] }],
    ['/Statement/0/Actions', { Statement: [statement({ Actions: 'sts:*' })] }],
    ['/Statement/value', { Statement: { value: [statement({})], Count: 1 } }],
    ['/statement', { Statement: [statement({})], statement: [] }],
    ['/Effect', { Effect: 'Allow', Statement: [statement({})] }],
    ['/Statement/Condition/', { Statement: statement({ Condition: { '': { 'sts:ExternalId': 'x' } } }) }],
    [
      '/Statement/Condition/StringEquals ',
      { Statement: statement({ Condition: { 'StringEquals ': { 'sts:ExternalId': 'x' } } }) },
    ],
    ...['', ' ', 'sts:ExternalId ', '"sts:ExternalId"', 'sts:Exter...'].map((key): [string, unknown] => [
      `/Statement/Condition/StringEquals/${key}`,
      { Statement: statement({ Condition: { StringEquals: { [key]: 'a-secret-value' } } }) },
    ]),
    ...['11122223333', 11_122_223_333, '1.11122E+11', '111122223333.0'].map((account): [string, unknown] => [
      '/Statement/Condition/StringEquals/aws:PrincipalAccount',
      { Statement: statement({ Condition: { StringEquals: { 'aws:PrincipalAccount': account } } }) },
    ]),
    ...['x.x.x.x', '10.0.xx.x/24'].map((address): [string, unknown] => [
      '/Statement/Condition/IpAddress/aws:SourceIp',
      { Statement: statement({ Condition: { IpAddress: { 'aws:SourceIp': address } } }) },
    ]),
    ['/Version', { Version: 'System.DateTime', Statement: [statement({})] }],
    ['/Version', { Version: null, Statement: [statement({})] }],
    // Damage counts wherever it is: in a Deny, and where no AssumeRole is spoken of.
    ['/Statement/1/Action', { Statement: [statement({}), statement({ Effect: 'Deny', Action: '[Array]' })] }],
    [
      '/Statement/1/Principal',
      { Statement: [statement({}), statement({ Action: 'sts:TagSession', Principal: 'x' })] },
    ],
  ])('%s', (pointer, policy) => {
    expect(found(policy)?.pointer).toBe(pointer);
  });

  it('none in what IAM ignores or refuses to save, but says nothing of who gets in', () => {
    const elements = { Sid: 'System.Object[]', Resource: '*', NotResource: [], Id: 7 };
    expect(found({ Version: '2012-10-17', Id: 'x', Statement: statement(elements) })).toBeNull();
    expect(found({ Version: '2008-10-17', Statement: [] })).toBeNull();
    expect(found({ Version: '2012-10-17T00:00:00Z', Statement: [statement({})] })).toBeNull();
  });

  it('none in odd conditions that IAM could hold', () => {
    const conditions = [
      { StringEqualz: { 'sts:ExternalId': 'x' } },
      { StringEquals: { 'aws:PrincipalTag/Team Name': 'A, B' } },
      { StringLike: { 'aws:PrincipalAccount': ['1111*', '111122223333'] } },
      { StringEquals: { 'aws:PrincipalAccount': 111_122_223_333 } },
      { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] } },
    ];
    for (const Condition of conditions)
      expect(found({ Statement: statement({ Condition }) }), JSON.stringify(Condition)).toBeNull();
  });

  it.each([
    ['3f2b8c1e-7a64-4d0f-9b21-55c0e8a7d913', true],
    ['acme-prod-9xK2vQ7z', true],
    ['AGPAEXAMPLEEXAMPLE12', false],
    ['4.44456E+11', false],
    ['44445555666', false],
    ['someuser', false],
  ])('calls an external ID in the place of a principal by its name: %s', (AWS, isNamed) => {
    const damage = found({ Statement: statement({ Principal: { AWS } }) });
    expect(damage?.pointer).toBe('/Statement/Principal/AWS');
    expect(damage?.what.includes('looks like an external ID')).toBe(isNamed);
  });

  it('shows no more of a long text than it takes to know it by', () => {
    const damage = found(policyOf({ Action: 'x'.repeat(5000), ['y'.repeat(5000)]: 1 }));
    expect(damage?.what.length).toBeLessThan(200);
    expect(found(policyOf({ ['y'.repeat(5000)]: 1 }))?.pointer.length).toBeLessThan(200);
  });

  // With time in proportion to the square of the text, this would take minutes.
  it('takes time in proportion to the text', () => {
    const pieces = ['{{', '[Circular', '$(', '<a ', ' ', 'arn:', '@@a', 'xxxx-', 'a.', '${a:'];
    for (const piece of pieces) {
      for (const key of [
        'aws:PrincipalArn',
        'aws:PrincipalTag/x',
        'token.example.com:sub',
        'aws:PrincipalAccount',
      ])
        found(condition(key, piece.repeat(50_000)));
      found(principal(piece.repeat(50_000)));
      found(action(piece.repeat(50_000)));
    }
  });
});
