import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readContent } from '../formats/read.ts';

const ACCOUNT = '111122223333';
const TRUST = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444455556666:root' },
      Action: 'sts:AssumeRole',
    },
  ],
};
const ROLE = {
  RoleName: 'Partner',
  RoleId: 'AROAEXAMPLE0000000001',
  Arn: `arn:aws:iam::${ACCOUNT}:role/Partner`,
  AssumeRolePolicyDocument: TRUST,
};
const GAAD = { RoleDetailList: [ROLE] };
const json = (value: unknown) => JSON.stringify(value);
/** More than is looked at to recognise a format, and more than is read at once. */
const FILLER = Array.from({ length: 8_000 }, (_, number) => ({ number, text: 'of no interest '.repeat(13) }));
const FILLER_JSON = json({ Things: FILLER });

const EVENT = {
  eventVersion: '1.08',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateRole',
  requestParameters: { roleName: 'Partner', assumeRolePolicyDocument: json(TRUST) },
  responseElements: {
    role: { arn: ROLE.Arn, roleId: ROLE.RoleId, assumeRolePolicyDocument: encodeURIComponent(json(TRUST)) },
  },
};

describe('what stands behind a megabyte of something else', () => {
  const behind: readonly (readonly [string, string | Uint8Array])[] = [
    ['a key of other things', `{"Things":${json(FILLER)},"RoleDetailList":[${json(ROLE)}]}`],
    ['another document', `${FILLER_JSON}\n${json(GAAD)}`],
    ['many lines', `${FILLER.map(json).join('\n')}\n${json(GAAD)}\n`],
    ['blanks', `${' \n'.repeat(700_000)}${json(GAAD)}`],
    ['a CloudTrail log', `${json({ Records: FILLER.map(() => EVENT) })}\n${json(GAAD)}`],
  ];

  it.each(behind)('is read behind %s', async (_, content) => {
    expect(FILLER_JSON.length).toBeGreaterThan(1_500_000);
    const { roles } = await readContent(content, {}, 'x.json');
    expect(roles.map(({ arn }) => arn)).toEqual([ROLE.Arn]);
    const text = Buffer.from(content).toString();
    expect(text.slice(roles[0]?.offset).startsWith('{"RoleName"')).toBe(true);
  });

  const hidden = json(ROLE);
  it.each([
    ['JSON', `"x":${hidden}`],
    ['JSON in a string', `"x":${json(hidden)}`],
    ['JSON that is URL-encoded', `"x":"${encodeURIComponent(hidden)}"`],
    ['other spelling', '"x":{"ASSUME_ROLE_POLICY_DOCUMENT":{}}'],
    ['escapes', '"x":{"\\u0041ssumeRolePolicyDocument":{}}'],
    ['actions', '"x":["sts%3AAssumeRoleWithSAML"]'],
    ['a trust policy beside an ARN', '"x":{"a":"arn:aws:iam::111122223333:role/x","p":{"Principal":"*"}}'],
  ])('is told of when it is %s', async (_, member) => {
    const content = `{"things":${json(FILLER)},${member}}`;
    const at = content.indexOf('"x":');
    for (const sent of [content, gzipSync(content), Buffer.from(`\ufeff${content}`, 'utf16le')]) {
      const { reading } = await readContent(sent, {}, 'x.json');
      expect(reading).toMatchObject({ status: 'unreadable', problems: [{ code: 'format-unknown' }] });
      const place = /at byte (\d+)/.exec(reading.problems[0]?.message ?? '')?.[1];
      expect(Number(place)).toBeGreaterThan(at);
      expect(Number(place)).toBeLessThan(at + 300);
    }
  });

  it('is told of in a text, across the borders of what is read at once', async () => {
    for (let shift = 0; shift < 30; shift += 3) {
      const content = `${'.'.repeat(1024 * 1024 - 15 - shift)} AssumeRolePolicyDocument ${'.'.repeat(100)}`;
      const { reading } = await readContent(content, {}, 'notes.md');
      expect(reading).toMatchObject({ status: 'unreadable', problems: [{ code: 'format-unknown' }] });
      expect(reading.problems[0]?.message).toMatch(new RegExp(`at byte ${1024 * 1024 - 14 - shift}\\b`));
    }
    const wide = Buffer.concat([Buffer.from('x'.repeat(300_000)), Buffer.from('sts:AssumeRole', 'utf16le')]);
    const { reading } = await readContent(wide, {}, 'notes.md');
    expect(reading).toMatchObject({ status: 'unreadable', problems: [{ code: 'format-unknown' }] });
  });

  it('is nothing where nothing is', async () => {
    const { reading } = await readContent(FILLER_JSON, {}, 'x.json');
    expect(reading).toMatchObject({ status: 'complete', problems: [{ code: 'unrelated' }] });
  });

  it('is not known where the file is cut', { timeout: 60_000 }, async () => {
    for (const content of [
      FILLER_JSON.slice(0, -1),
      gzipSync(FILLER_JSON).subarray(0, -9),
      json({ Records: FILLER.map(() => EVENT) }).slice(0, -2),
    ]) {
      const { reading } = await readContent(content, {}, 'x.json');
      expect(reading.status).toBe('unreadable');
    }
  });
});

describe('what lies beside evidence', () => {
  it.each([
    ['a CloudTrail log', json({ Records: [EVENT] })],
    ['a CloudTrail log', json({ Records: [] })],
    ['a CloudTrail log', `${json(EVENT)}\n${json(EVENT)}\n`],
    [
      'a CloudTrail log',
      json({ Events: [{ EventId: 'x', EventName: 'CreateRole', CloudTrailEvent: json(EVENT) }] }),
    ],
    ['a CloudTrail digest', json({ digestStartTime: 't', digestS3Bucket: 'b', logFiles: [] })],
    ['a VPC flow log', `version account-id interface-id srcaddr\n2 ${ACCOUNT} eni-1 10.0.0.1\n`],
    ['a VPC flow log', `2 ${ACCOUNT} eni-0a1b 10.0.0.1 10.0.0.2 1 2 6 1 1 1 1 ACCEPT OK\n`],
    [
      'a load balancer access log',
      'https 2026-01-01T00:00:00.000000Z app/lb/50dc 10.0.0.1:1 10.0.0.2:2 0 0 0 200\n',
    ],
    ['a load balancer access log', 'tls 2.0 2026-01-01T00:00:00 net/lb/50dc c1 10.0.0.1:1\n'],
    ['a load balancer access log', '2026-01-01T00:00:00.000000Z lb 10.0.0.1:1 10.0.0.2:2 0 0 0 200\n'],
    [
      'an S3 access log',
      `${'a1'.repeat(32)} bucket [06/Feb/2026:00:00:38 +0000] 10.0.0.1 arn:aws:iam::${ACCOUNT}:role/x\n`,
    ],
    ['a CloudFront access log', '#Version: 1.0\n#Fields: date time x-edge-location\n'],
    ['a credential report', 'user,arn,user_creation_time\n'],
    ['the output of another AWS command', json({ Functions: [{ FunctionName: 'f', Role: ROLE.Arn }] })],
    ['the output of another AWS command', json({ Policy: json(TRUST).replace('}]', ',"Resource":"*"}]') })],
    ['the output of another AWS command', json({ PolicyVersion: { Document: TRUST, VersionId: 'v1' } })],
    [
      'the output of another AWS command',
      json({ PolicyGroups: [], PolicyUsers: [], PolicyRoles: [{ RoleName: 'x', RoleId: 'AROAX' }] }),
    ],
    ['the output of another AWS command', json({ Policies: [{ PolicyName: 'p', Arn: 'a' }] })],
    ['the output of another AWS command', json({ Account: ACCOUNT, UserId: 'x', Arn: 'x' })],
    ['the output of another AWS command', json({ RoleName: 'x', PolicyName: 'p', PolicyDocument: TRUST })],
    [
      'a policy that is no trust policy',
      json({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' } }),
    ],
    ["Prowler's CSV", 'AUTH_METHOD;TIMESTAMP;ACCOUNT_UID\nx;y;"assume_role_policy = jsonencode"\n'],
    [
      'the page of a scanner',
      '<!DOCTYPE html><html><head><title>Prowler - The tool</title></head>arn:aws:iam::1:role/x</html>',
    ],
    ['what ScoutSuite keeps beside its results', 'exceptions =\n{"iam":{}}'],
    [
      'findings in ASFF',
      json([
        { SchemaVersion: '2018-10-08', ProductArn: 'p', Resources: [{ Type: 'AwsIamRole', Id: ROLE.Arn }] },
      ]),
    ],
    ['Cloud Custodian resources of another type', json([{ InstanceId: 'i-1', 'c7n:MatchedFilters': [] }])],
  ])('is %s', async (kind, content) => {
    for (const sent of [content, gzipSync(content)]) {
      const { reading, events } = await readContent(sent, {}, 'evidence/any-name.json');
      expect(events).toEqual([]);
      expect(reading).toMatchObject({
        format: null,
        status: 'complete',
        problems: [{ code: 'not-evidence', kind }],
      });
    }
  });

  it('is the output of any other command, without a trace of roles', async () => {
    const { reading } = await readContent(
      json({ Clusters: [{ RoleArn: ROLE.Arn }], NextToken: null }),
      {},
      'x.json',
    );
    expect(reading).toMatchObject({
      status: 'complete',
      problems: [{ code: 'unrelated', kind: 'the output of another AWS command' }],
    });
  });

  it.each([
    ['a trust policy', json(TRUST)],
    [
      'another list behind a log',
      `${json({ Records: [EVENT] })}\n${json({ rows: [{ a: ROLE.Arn, assume_role_policy: TRUST }] })}`,
    ],
    [
      'roles behind the output of another command',
      `${json({ SummaryMap: {} })}\n${json({ x: { AssumeRolePolicyDocument: TRUST } })}`,
    ],
    ['a policy behind a CSV', `AUTH_METHOD;TIMESTAMP\n${json({ x: { AssumeRolePolicyDocument: TRUST } })}`],
    ['text that may stand for anything', `${'QUJD'.repeat(100)}\n`],
  ])('is not %s', async (_, content) => {
    const { reading } = await readContent(content, {}, 'notes.txt');
    expect(reading.status).not.toBe('complete');
  });

  it('is what iam-collect keeps beside trust policies, wherever the copy of its folder begins', async () => {
    const policy = json({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
    });
    for (const root of ['x/aws/aws/', 'x/aws/', 'x/']) {
      const folder = `${root}accounts/${ACCOUNT}/iam/role/partner`;
      const beside = await readContent(policy, {}, `${folder}/inline-policies.json`);
      expect(beside.reading).toMatchObject({
        status: 'complete',
        problems: [{ kind: 'what iam-collect keeps beside trust policies' }],
      });
      const role = await readContent(json(TRUST), {}, `${folder}/trust-policy.json`);
      expect(role.reading.format).toBe('iam-collect');
      expect(role.roles.length + role.rejects.length).toBe(1);
    }
  });
});
