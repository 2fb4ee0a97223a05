import { describe, expect, it } from 'vitest';
import { ACCOUNT, arnOf, json, OPEN } from '../../formats/five-roles.ts';
import { readWhole } from '../../formats/read.ts';

describe('what holds no trust policies', () => {
  it.each([
    [
      { findings: [{ id: 'x', principal: { AWS: '1' }, isPublic: false, resourceType: 'AWS::IAM::Role' }] },
      'not-auditable',
      /Access Analyzer/,
    ],
    [[{ CheckID: 'x', ResourceArn: arnOf(OPEN) }], 'not-auditable', /Prowler's own JSON/],
    [{ type: 'node', labels: ['AWSRole'], properties: { arn: arnOf(OPEN) } }, 'not-auditable', /Cartography/],
    [{ resource: { aws_iam_role: {} }, provider: {} }, 'not-auditable', /Terraform configuration/],
    [
      { AWSTemplateFormatVersion: 'x', Resources: { R: { Type: 'AWS::IAM::Role' } } },
      'not-auditable',
      /CloudFormation/,
    ],
    [{ Account: ACCOUNT, UserId: 'x', Arn: 'x' }, 'not-evidence', /get-caller-identity/],
    [{ SummaryMap: { Roles: 3 } }, 'not-evidence', /get-account-summary/],
    [{ Accounts: [{ Id: ACCOUNT }] }, 'not-evidence', /--accounts/],
    [OPEN.trust, 'format-unknown', /trustsieve check/],
    [{ hello: 'world', __proto__x: 1 }, 'unrelated', /keys such as `hello`/],
    [[[1]], 'unrelated', /is JSON with a list/],
    [{ '\u001b[31m': 1 }, 'unrelated', /is JSON with an object/],
    [{ Content: 'dXNlcg==', ReportFormat: 'text/csv' }, 'not-evidence', /credential-report/],
    [{ policy: { name: 'p' }, config: { account_id: ACCOUNT }, execution: {} }, 'not-evidence', /Custodian/],
    [{ hello: arnOf(OPEN) }, 'format-unknown', /names roles/],
    [{ hello: { RoleIds: [OPEN.id] } }, 'format-unknown', /no role in a known place/],
  ])('explains %j', async (content, code, message) => {
    const { reading } = await readWhole(json(content), {}, 'x.json');
    const status = code === 'not-evidence' || code === 'unrelated' ? 'complete' : 'unreadable';
    expect(reading).toMatchObject({ format: null, status, problems: [{ code }] });
    expect(reading.problems[0]?.message).toMatch(message);
    expect(reading.problems[0]?.message).toMatch(/^[^\p{Cc}]+$/u);
  });

  it.each([
    ['AUTH_METHOD;TIMESTAMP;ACCOUNT_UID\n', /Prowler's CSV/],
    ['user,arn,user_creation_time\n', /credential report/],
  ])('explains %j', async (content, message) => {
    expect((await readWhole(content)).reading.problems[0]?.message).toMatch(message);
  });
});
