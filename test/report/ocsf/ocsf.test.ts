import { describe, expect, it } from 'vitest';
import type { ReportSource } from '../../../src/model/report-source.ts';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { renderOcsf } from '../../../src/report/ocsf/index.ts';
import type { ReportOptions } from '../../../src/report/shared/options.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeEvidence, makeVerdict, memorySource, OWN, RULES } from '../sample-source.ts';
import { renderToString } from '../sink.ts';
import { ocsfValidator } from './ocsf-schema.ts';

interface Finding {
  readonly finding_info: { readonly uid: string };
  readonly resources: readonly { readonly name: string; readonly type: string }[];
}

const ALL = { outcomes: ['fail', 'error', 'pass', 'not-applicable'] } as const;
const valid = ocsfValidator();

async function findings(
  source: ReportSource,
  options: Partial<ReportOptions> = {},
): Promise<readonly Finding[]> {
  const lines = (await renderToString(renderOcsf, source, options)).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    const finding = JSON.parse(line) as Finding;
    if (!valid(finding)) throw new Error(JSON.stringify(valid.errors?.slice(0, 5), null, 2));
    return finding;
  });
}

async function findingOf(changes: Partial<VerdictObject>): Promise<Finding> {
  const all = await findings(memorySource({ verdicts: [makeVerdict(changes)] }), ALL);
  expect(all).toHaveLength(1);
  return all[0] as Finding;
}

describe('OCSF', () => {
  it('is refused by the schema when it is wrong, so that the other tests mean something', async () => {
    const finding = await findingOf({});
    expect(valid(finding)).toBe(true);
    for (const wrong of [
      { class_uid: 2004 },
      { time: 'today' },
      { severity_id: 7 },
      { metadata: undefined },
      { compliance: { status_id: 4 } },
      { unheard_of: 1 },
    ]) {
      expect(valid(JSON.parse(JSON.stringify({ ...finding, ...wrong }))), JSON.stringify(wrong)).toBe(false);
    }
  });

  it.each([
    ['an empty source', memorySource({ verdicts: [] }), 0],
    // Missing accounts, files that are not whole and kinds of rejected records count too.
    ['an organisation', sampleOrganisation(6, 40), 242],
    ['hostile text everywhere', hostileSource(), 5 * HOSTILE.length],
  ])('follows the schema for %s', async (_, source, count) => {
    expect(await findings(source, ALL)).toHaveLength(count);
  });

  it('follows the schema for a rule that nobody described', async () => {
    const [finding] = await findings(memorySource({ verdicts: [makeVerdict()] }), { rules: [] });
    expect(finding).toMatchObject({
      finding_info: { title: 'D9.AWS.IAM.99' },
      compliance: { standards: [] },
    });
    expect(finding).not.toHaveProperty('remediation');
  });

  it('names the kind of thing a rule of a rule file is about, and leaves out what it does not say', async () => {
    const bare = {
      ...RULES[0]!,
      id: 'X.1',
      description: '',
      remediation: { console: '', terraform: '', cli: '' },
    };
    const kinds = ['user', 'group', 'policy', 'role', 'elsewhere'];
    const verdicts = kinds.map((kind) =>
      makeVerdict({ rule: 'X.1', arn: `arn:aws:iam::${OWN}:${kind}/path/x` }),
    );
    const all = await findings(memorySource({ verdicts }), { rules: [...RULES, bare] });
    expect(all.map((finding) => finding.resources[0]?.type)).toEqual([
      'AWS::IAM::User',
      'AWS::IAM::Group',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Role',
      'AWS::IAM::Role',
    ]);
    expect(all[0]).not.toHaveProperty('remediation');
    expect(all[0]).not.toHaveProperty('finding_info.desc');
  });

  it('is the same for the same source', async () => {
    const once = await renderToString(renderOcsf, sampleOrganisation(3, 30));
    expect(await renderToString(renderOcsf, sampleOrganisation(3, 30))).toBe(once);
  });

  it('says everything about a failing role', async () => {
    const { object } = makeVerdict();
    expect(await findingOf({})).toMatchObject({
      class_uid: 2003,
      type_uid: 200302,
      time: Date.UTC(2026, 1, 1),
      message: object.message,
      metadata: { version: '1.5.0', product: { name: 'trustsieve', version: '9.9.9' } },
      cloud: { provider: 'AWS', account: { uid: '111122223333', type_id: 10 } },
      finding_info: {
        title: 'Ensure cross-account IAM Role uses MFA or external ID as a condition',
        first_seen_time: Date.UTC(2025, 10, 1),
        last_seen_time: Date.UTC(2026, 1, 1),
      },
      compliance: {
        control: 'D9.AWS.IAM.99',
        requirements: ['Framework & Controls FC-1'],
        standards: ['Framework One', 'Framework Two & Co'],
        status_code: 'unguarded-external-path',
        checks: [{ uid: 'D9.AWS.IAM.99', status_id: 3 }],
      },
      remediation: { desc: expect.stringContaining('Terraform: '), references: expect.any(Array) },
      resources: [{ uid: object.arn, name: 'Partner', type: 'AWS::IAM::Role', cloud_partition: 'aws' }],
      unmapped: { literal: 'fail', witness: object.witness, paths: object.paths, evidence: object.evidence },
    });
  });

  it('names accounts where lists do, and requirements where the rule has controls', async () => {
    const row = {
      ...{ account: OWN, name: '=Owner <&>', capturedAt: '2026-02-01T00:00:00Z', complete: true, roles: 1 },
      ...{ carriedForward: 9, verdicts: { pass: 0, fail: 1, 'not-applicable': 0, error: 0 }, closed: 0 },
    };
    const source = memorySource({
      verdicts: [makeVerdict(), makeVerdict({ account: '999999999999' })],
      accounts: [row],
      evidence: [makeEvidence({ status: 'incomplete', account: OWN })],
      disagreements: [
        {
          ...{ account: OWN, arn: `arn:aws:iam::${OWN}:role/x`, roleId: 'AROAX', roleName: 'x' },
          ...{ capturedAt: '2026-02-01T00:00:00Z', what: 'policies', sources: [] },
        },
      ],
    });
    const bare = { ...RULES[0]!, controls: [] };
    const [named, unnamed, file, disputed] = await findings(source, { rules: [bare] });
    const account = { uid: OWN, name: '=Owner <&>', type_id: 10, type: 'AWS Account' };
    expect(named).toMatchObject({
      cloud: { account },
      resources: [{ owner: { account } }],
      unmapped: { carried_forward: 9 },
    });
    expect(named).not.toHaveProperty('compliance.requirements');
    expect(unnamed).toMatchObject({ cloud: { account: { uid: '999999999999' } } });
    expect(unnamed).not.toHaveProperty('cloud.account.name');
    expect(file).toMatchObject({ cloud: { account } });
    expect(disputed).toMatchObject({ cloud: { account }, resources: [{ owner: { account } }] });
  });

  it('marks controls to which only a neighbouring check is mapped, and tells how each fits', async () => {
    const near = { framework: 'Near', id: 'N-1', source: 'A tool', fit: 'near' } as const;
    const rule = { ...RULES[0]!, controls: [...RULES[0]!.controls, near] };
    const [finding] = await findings(memorySource({ verdicts: [makeVerdict()] }), { rules: [rule] });
    expect(finding).toMatchObject({
      compliance: { requirements: ['Framework & Controls FC-1', 'Near N-1 (near)'] },
      unmapped: { controls: ['Framework & Controls: FC-1 (same rule)', 'Near: N-1 (near)'] },
    });
  });

  it.each([
    ['fail', 'critical', 3, 'Fail', 5],
    ['fail', 'high', 3, 'Fail', 4],
    ['fail', 'medium', 3, 'Fail', 3],
    ['fail', 'low', 3, 'Fail', 2],
    ['pass', null, 1, 'Pass', 1],
    ['pass', 'medium', 1, 'Pass', 3],
    ['error', null, 2, 'Warning', 0],
    ['not-applicable', null, 99, 'Not Applicable', 1],
  ] as const)(
    'gives %s (%s) the status %i %s and severity %i',
    async (verdict, severity, id, caption, grade) => {
      expect(await findingOf({ verdict, severity, state: null })).toMatchObject({
        compliance: { status_id: id, status: caption, checks: [{ status_id: id, status: caption }] },
        severity_id: grade,
      });
    },
  );

  it.each([
    [{ state: 'new' }, 1, 1],
    [{ state: 'unchanged' }, 2, 1],
    [{ state: 'changed' }, 2, 1],
    [{ state: 'reopened' }, 2, 1],
    [{ state: 'baseline', firstSeen: '2026-02-01T00:00:00Z' }, 1, 1],
    [{ state: 'not-comparable', firstSeen: '2026-02-01T00:00:00Z' }, 1, 1],
    [{ state: 'not-comparable' }, 2, 1],
    [{ state: 'unchanged', suppressedBy: 'EX-1' }, 2, 3],
    [{ verdict: 'pass', state: null }, 3, 4],
    [{ verdict: 'not-applicable', state: null }, 3, 4],
    [{ verdict: 'error', state: null, firstSeen: '2026-02-01T00:00:00Z' }, 1, 1],
    [{ verdict: 'error', state: null }, 2, 1],
  ] as const)('gives %j the activity %i and status %i', async (changes, activity, status) => {
    expect(await findingOf(changes)).toMatchObject({
      activity_id: activity,
      type_uid: 200300 + activity,
      status_id: status,
    });
  });

  it('keeps the uid of a role whatever the rule says of it, so that a pass closes its finding', async () => {
    const uid = async (changes: Partial<VerdictObject>): Promise<unknown> =>
      (await findingOf(changes)).finding_info.uid;
    const failing = await uid({});
    expect(await uid({ verdict: 'pass', state: null, paths: [] })).toBe(failing);
    expect(await uid({ roleName: 'Other' })).not.toBe(failing);
  });

  it('has a finding for every account, file and kind of record that is missing', async () => {
    const lost = { account: '222233334444', name: 'Lost', capturedAt: null, age: null } as const;
    const source = memorySource({
      verdicts: [makeVerdict()],
      evidence: [
        makeEvidence({
          path: 'cut\u202e.json',
          ...{ status: 'incomplete', problems: [{ code: 'json-truncated', message: 'it ends too early' }] },
        }),
      ],
      rejects: [1, 2].map((offset) => ({
        ...{ path: 'a.json', offset, pointer: '/x', code: 'arn-missing' as const, message: 'no ARN' },
      })),
      completeness: { gaps: [{ ...lost, why: 'no-evidence' }] },
    });
    const all = await findings(source);
    expect(all).toHaveLength(4);
    const warning = { status_id: 2, status: 'Warning' };
    expect(all.slice(1)).toMatchObject([
      {
        ...{ time: Date.UTC(2026, 2, 31, 12), severity_id: 0, status_id: 1 },
        cloud: { account: { uid: '222233334444', name: 'Lost' } },
        compliance: { ...warning, status_code: 'account-gap' },
        message:
          'Account 222233334444 (Lost) of the organisation is not covered: no evidence of it was read.',
        resources: [{ uid: '222233334444', name: 'Lost' }],
        unmapped: { verdict: 'error', reason: 'account-gap', why: 'no-evidence', captured_at: null },
      },
      {
        compliance: { ...warning, status_code: 'evidence-unread' },
        message: 'The evidence file cut\\u202e.json is incomplete: it ends too early.',
        unmapped: {
          path: 'cut\u202e.json',
          problems: [{ code: 'json-truncated', message: 'it ends too early' }],
        },
      },
      {
        compliance: { ...warning, status_code: 'arn-missing' },
        message: '2 records were rejected, the first of a.json: no ARN.',
        unmapped: { count: 2, example: { path: 'a.json', offset: 1, pointer: '/x', message: 'no ARN' } },
      },
    ]);
    expect(new Set(all.map((finding) => finding.finding_info.uid)).size).toBe(4);
    expect(await findings(source, { outcomes: ['fail'] })).toHaveLength(1);
  });

  it('says of a role whose account stands as last captured how many days that is ago', async () => {
    const verdicts = { pass: 0, fail: 1, 'not-applicable': 0, error: 0 };
    const row = {
      account: OWN,
      name: null,
      capturedAt: '2026-02-01T00:00:00Z',
      complete: true,
      roles: 1,
      verdicts,
      closed: 0,
    };
    const source = memorySource({ verdicts: [makeVerdict()], accounts: [{ ...row, carriedForward: 12 }] });
    expect(await findings(source)).toMatchObject([{ unmapped: { carried_forward: 12 } }]);
    expect(await findingOf({})).toMatchObject({ unmapped: { carried_forward: null } });
  });

  it('keeps evidence exact, and every finding on a line for every reader of lines', async () => {
    const text = await renderToString(renderOcsf, hostileSource());
    expect(text.split(/\r\n|[\n\r\u0085\u2028\u2029]/)).toHaveLength(5 * HOSTILE.length + 1);
    const all = await findings(hostileSource());
    const names = all.slice(0, 2 * HOSTILE.length).map((finding) => finding.resources[0]?.name);
    expect(names).toEqual([...HOSTILE, ...HOSTILE]);
  });
});
