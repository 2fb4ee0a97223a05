import { describe, expect, it } from 'vitest';
import { ACCOUNT, arnOf, asText, json, OPEN, OTHER } from './five-roles.ts';
import { fixture, readWhole } from './read.ts';

describe('security-hub', () => {
  it('knows a finding by its resource too', async () => {
    const Details = { AwsIamRole: { AssumeRolePolicyDocument: asText(OPEN), RoleId: OPEN.id } };
    const Resources = [{ Type: 'AwsIamRole', Id: arnOf(OPEN), Details }];
    const { roles, reading } = await readWhole(json({ Findings: [{ AwsAccountId: ACCOUNT, Resources }] }));
    expect(roles).toMatchObject([{ account: ACCOUNT, trust: { state: 'document' } }]);
    expect(reading).toMatchObject({ format: 'security-hub', status: 'complete' });
  });

  const finding = (details: object | undefined, more: object = {}) =>
    json({
      Findings: [
        {
          ProductArn: 'arn:aws:securityhub:eu-west-1::product/example/example',
          AwsAccountId: ACCOUNT,
          UpdatedAt: '2026-01-05T10:00:00Z',
          Resources: [
            { Type: 'AwsIamRole', Id: arnOf(OPEN), ...(details === undefined ? {} : { Details: details }) },
          ],
          ...more,
        },
      ],
    });

  it('says that a Python dictionary is no policy', async () => {
    const { roles } = await readWhole(
      finding({ AwsIamRole: { AssumeRolePolicyDocument: "{'Version': '2012-10-17'}" } }),
    );
    expect(roles).toMatchObject([
      {
        capturedAt: '2026-01-05T10:00:00Z',
        trust: { state: 'undecodable', reason: expect.stringMatching(/Python/) as string },
      },
    ]);
  });

  it('rejects a role without details', async () => {
    const { rejects, codes } = await readWhole(finding(undefined));
    expect(rejects).toMatchObject([{ code: 'trust-policy-missing' }]);
    expect(codes).toEqual(['no-trust-policies', 'records-rejected']);
  });

  it('reads findings without roles', async () => {
    const { reading, codes } = await readWhole(finding({}, { Resources: [{ Type: 'AwsAccount', Id: 'x' }] }));
    expect(reading).toMatchObject({ format: 'security-hub', status: 'complete', recordsRead: 0 });
    expect(codes).toEqual(['no-trust-policies']);
  });

  it('reports an account that contradicts the ARN', async () => {
    const content = finding(
      { AwsIamRole: { AssumeRolePolicyDocument: asText(OPEN) } },
      { AwsAccountId: OTHER },
    );
    expect((await readWhole(content)).codes).toEqual(['account-mismatch']);
  });
});

describe('prowler-ocsf', () => {
  const content = fixture('prowler-ocsf.json').toString();

  it('is known by its product, too, when a person cut all else away', async () => {
    const whole = await readWhole(content);
    const rows = JSON.parse(content) as Record<string, unknown>[];
    for (const product of [{ name: 'Prowler' }, 'prowler']) {
      const cut = rows.map(({ finding_info: _, ...row }) => ({ ...row, metadata: { product } }));
      const { reading, roles } = await readWhole(JSON.stringify(cut));
      expect(reading.format).toBe('prowler-ocsf');
      expect(roles.map(({ arn }) => arn)).toEqual(whole.roles.map(({ arn }) => arn));
    }
    expect(whole.roles.length).toBeGreaterThan(0);
  });

  it('reads a file that was interrupted', async () => {
    const whole = JSON.parse(content) as readonly object[];
    for (const end of [',', '', ',\n']) {
      const { roles, reading } = await readWhole(`[${whole.slice(0, 3).map(json).join(',')}${end}`);
      expect(roles).toHaveLength(3);
      expect(reading.status).toBe('incomplete');
    }
  });

  it('hands out a role for every check', async () => {
    const whole = JSON.parse(content) as readonly object[];
    expect((await readWhole(json([...whole, ...whole]))).roles).toHaveLength(10);
  });

  it('notes that no role is shown', async () => {
    const bare = content.replaceAll('assume_role_policy', 'x');
    expect((await readWhole(bare)).codes).toEqual(['no-trust-policies']);
  });
});

describe('scoutsuite', () => {
  const content = fixture('scoutsuite.js').toString();

  it('compares its own count and account', async () => {
    const { captures } = await readWhole(content.replace('"roles_count":5', '"roles_count":6'));
    expect(captures).toMatchObject([{ complete: false, reasons: ['partial-inventory'] }]);
    const { codes } = await readWhole(
      content.replace(`"account_id":"${ACCOUNT}"`, `"account_id":"${OTHER}"`),
    );
    expect(codes).toContain('account-mismatch');
  });

  it('says when there is nothing of IAM', async () => {
    const { codes } = await readWhole(
      json({ account_id: ACCOUNT, provider_code: 'aws', services: { ec2: {} } }),
    );
    expect(codes).toEqual(['no-roles']);
  });
});
