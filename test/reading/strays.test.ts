import { describe, expect, it } from 'vitest';
import { createFastReader } from '../../src/json/fast/fast-reader.ts';
import { createReferenceReader } from '../../src/json/reference/reference-reader.ts';
import { ACCOUNT, asConfiguration, asIam, FIVE, json, OPEN } from '../formats/five-roles.ts';
import { fixtureOf, readContent } from '../formats/read.ts';

const ROLE = asIam(OPEN);
const GAAD = { UserDetailList: [], RoleDetailList: FIVE.map((role) => asIam(role)) };
const LISTED = { Roles: [ROLE] };
const TRUST = JSON.stringify(ROLE.AssumeRolePolicyDocument);

const FOREIGN: readonly (readonly [string, object])[] = [
  ['list-roles', LISTED],
  ['iam get-role', { Role: ROLE }],
  ['a snapshot of AWS Config', { configurationItems: [asConfiguration(OPEN)] }],
  ['a query of AWS Config', { Results: [JSON.stringify({ arn: ROLE.Arn, configuration: ROLE })] }],
  ['a row of CloudQuery', { _cq_sync_time: '2026-01-01', arn: ROLE.Arn, assume_role_policy_document: TRUST }],
  ['a row of Steampipe', { arn: ROLE.Arn, assume_role_policy: ROLE.AssumeRolePolicyDocument }],
  ['a resource of Cloud Control', { ResourceDescription: { Identifier: 'Open', Properties: '{}' } }],
  ['more of them among results', { Results: [GAAD] }],
  ['more of them where statements are expected', { Statement: [GAAD] }],
  ['roles under names of one’s own', { who: ROLE.Arn, said: ROLE.AssumeRolePolicyDocument }],
];

describe.each([
  ['the reference reader', createReferenceReader],
  ['the fast reader', createFastReader],
])('evidence in two formats, by %s', (_, createReader) => {
  const read = (content: string) => readContent(content, {}, 'dump/roles.json', createReader);

  it.each(FOREIGN)('is not complete: %s behind authorization details', async (_name, foreign) => {
    const contents: readonly (readonly [string, string])[] = [
      ['#2', `${json(GAAD)}\n${json(foreign)}\n`],
      ['/1', json([GAAD, foreign])],
      ['/222233334444', json({ '111122223333': GAAD, '222233334444': foreign })],
    ];
    for (const [place, content] of contents) {
      const { roles, rejects, reading, captures } = await read(content);
      expect(roles).toHaveLength(FIVE.length);
      expect(rejects).toMatchObject([{ code: 'mixed-formats' }]);
      expect(rejects[0]?.pointer.startsWith(place)).toBe(true);
      expect(rejects[0]?.offset).toBeGreaterThan(content.indexOf(json(foreign)));
      expect(reading).toMatchObject({ status: 'incomplete', recordsRejected: 1 });
      expect(reading.problems).toMatchObject([{ code: 'mixed-formats' }]);
      expect(reading.problems[0]?.message).toContain(`at byte ${rejects[0]?.offset}`);
      expect(captures).toMatchObject([{ complete: false, reasons: ['mixed-formats'] }]);
    }
  });

  it('is not complete the other way round', async () => {
    for (const [, foreign] of FOREIGN.slice(0, 3)) {
      const { reading, captures } = await read(`${json(foreign)}\n${json(GAAD)}\n`);
      expect(reading.status).toBe('incomplete');
      expect(captures.filter(({ complete }) => complete)).toEqual([]);
    }
  });

  it.each([
    [
      'who asked',
      { UserId: 'AIDAEXAMPLE', Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/me' },
    ],
    [
      'the policy of a bucket',
      {
        Statement: [
          { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
        ],
      },
    ],
    ['results of something else', { Results: [{ Name: 'x' }] }],
    ['the details of the same account again', GAAD],
  ])('is no matter where the other shows no role: %s', async (_name, other) => {
    for (const content of [`${json(GAAD)}\n${json(other)}\n`, json([GAAD, other])]) {
      const { reading, captures } = await read(content);
      expect(reading).toMatchObject({ status: 'complete', recordsRejected: 0, problems: [] });
      expect(captures).toMatchObject([{ complete: true }]);
    }
  });
});

describe.each([
  ['the reference reader', createReferenceReader],
  ['the fast reader', createFastReader],
])('a role that stands within another, by %s', (_, createReader) => {
  const read = (content: string) => readContent(content, {}, 'dump/roles.json', createReader);
  const [first, ...others] = FIVE.map((role) => asIam(role));
  const [configuration, ...configurations] = FIVE.map((role) => asConfiguration(role));
  const item = {
    ...{ resourceType: 'AWS::IAM::Role', ARN: first?.Arn, awsAccountId: ACCOUNT },
    ...{ configurationItemStatus: 'OK', configurationItemCaptureTime: '2026-01-01T00:00:00Z' },
    configuration: { ...configuration, tags: configurations },
  };

  it.each([
    ['authorization details', { RoleDetailList: [{ ...first, RolePolicyList: others }] }, 1],
    [
      'the second of authorization details',
      { RoleDetailList: [others[0], { ...first, Tags: others.slice(1) }] },
      2,
    ],
    ['list-roles', { Roles: [{ ...first, Tags: others }] }, 1],
    ['AWS Config', { configurationItems: [item] }, 1],
  ])('is a rejected record: %s', async (_name, content, roles) => {
    const found = await read(json(content));
    expect(found.roles).toHaveLength(roles);
    expect(found.rejects).toMatchObject([{ code: 'role-within-role' }]);
    expect(found.reading).toMatchObject({ status: 'incomplete', recordsRejected: 1 });
    expect(found.captures).toMatchObject([
      { complete: false, reasons: expect.arrayContaining(['records-rejected']) },
    ]);
  });

  it('is no matter in an instance profile of it', async () => {
    const profiled = FIVE.map((role) => asIam(role));
    expect(json(profiled[0])).toContain(
      '"InstanceProfileList":[{"Roles":[{"RoleName":"Guarded","AssumeRolePolicyDocument"',
    );
    const { roles, rejects, captures } = await read(json({ UserDetailList: [], RoleDetailList: profiled }));
    expect(roles).toHaveLength(FIVE.length);
    expect(rejects).toEqual([]);
    expect(captures).toMatchObject([{ complete: true }]);
  });
});

describe('records of a format', () => {
  it('that looks at every record are told from those of another', async () => {
    const row = { arn: ROLE.Arn, assume_role_policy_document: TRUST, _cq_sync_time: '2026-01-01' };
    const { codes, rejects } = await readContent(
      `${fixtureOf('antiope').toString().trimEnd()}\n${json(row)}\n`,
    );
    expect(codes).toEqual(expect.arrayContaining(['mixed-formats', 'records-rejected']));
    expect(rejects).toMatchObject([{ code: 'mixed-formats' }]);
  });

  it('are not taken for strays where the format repeats them', async () => {
    const plan = JSON.parse(fixtureOf('terraform-plan').toString()) as object;
    const expressions = { assume_role_policy: { references: ['data.aws_iam_policy_document.x.json'] } };
    const configuration = { root_module: { resources: [{ type: 'aws_iam_role', expressions }] } };
    const { codes } = await readContent(json({ ...plan, configuration }));
    expect(codes).toEqual([]);
  });

  it('with a damaged type or key are not passed over', async () => {
    const state = fixtureOf('terraform-state').toString();
    const whole = await readContent(state);
    const bent = await readContent(state.replace('"aws_iam_role"', '"aws_ia-_role"'));
    expect(bent.roles).toHaveLength(whole.roles.length);
    const row = JSON.stringify({ resourceId: 'AROAEXAMPLE', configuratiof: ROLE });
    const { codes, reading } = await readContent(json({ Results: [row], QueryInfo: {} }));
    expect(codes).toContain('configuration-not-selected');
    expect(reading.status).toBe('incomplete');
  });

  it('with a trust policy and a damaged ARN leave their account incomplete', async () => {
    const damaged = json(GAAD).replace(':role/', ':roli/');
    const { rejects, captures } = await readContent(damaged);
    expect(rejects).toMatchObject([{ code: 'not-a-role' }]);
    expect(captures).toMatchObject([{ complete: false, reasons: ['records-rejected'] }]);
  });
});
