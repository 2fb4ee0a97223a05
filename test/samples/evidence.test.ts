import { describe, expect, it } from 'vitest';
import { filesBelow, SAMPLES } from './folder.ts';
import { readSample } from './read-samples.ts';

interface Expected {
  readonly format: string | null;
  readonly status: 'complete' | 'incomplete' | 'unreadable';
  readonly roles: number;
  readonly rejected: number;
  /** `account time`, and why it is not complete. */
  readonly captures: readonly string[];
  readonly from: 'evidence' | 'name' | null;
  readonly problems: readonly string[];
  /** Roles without a policy that can be judged. */
  readonly undecidable: readonly string[];
}

const DATA = 'config-bucket/AWSLogs/666677778888/Config';

const EXPECTED: Readonly<Record<string, Expected>> = {
  '2026-01-31/000011112222.json': gaad('000011112222 2026-01-31T00:00:00Z', 19),
  '2026-01-31/111122223333.json': gaad('111122223333 2026-01-31T00:00:00Z', 17),
  '2026-01-31/222233334444.json': gaad('222233334444 2026-01-31T00:00:00Z', 34),
  '2026-01-31/333344445555-sdk-pages.json': gaad('333344445555 2026-01-31T00:00:00Z', 28, [
    'evidence-locker undecodable',
    'forensics-imaging undecodable',
    'quarantine-operator missing',
  ]),
  '2026-01-31/444455556666.json': gaad('444455556666 2026-01-31T00:00:00Z', 76),
  '2026-01-31/organization.json': organisation(),
  '2026-04-30/organization.json': organisation(),
  '2026-04-30/000011112222.json': {
    format: null,
    status: 'unreadable',
    roles: 0,
    rejected: 0,
    captures: [],
    from: null,
    problems: ['command-failed'],
    undecidable: [],
  },
  '2026-04-30/111122223333.json': gaad('111122223333 2026-04-30T00:00:00Z', 17),
  '2026-04-30/222233334444.json': gaad('222233334444 2026-04-30T00:00:00Z', 34),
  '2026-04-30/333344445555-sdk-pages.json': gaad('333344445555 2026-04-30T00:00:00Z', 29, [
    'evidence-locker undecodable',
    'forensics-imaging undecodable',
    'quarantine-operator missing',
  ]),
  '2026-04-30/444455556666.json': gaad('444455556666 2026-04-30T00:00:00Z', 76),
  '2026-04-30/555566667777-first-page.json': {
    ...gaad('555566667777 2026-04-30T00:00:00Z next-page-missing', 32, [
      'half-exported missing',
      'no-policy-member missing',
    ]),
    status: 'incomplete',
    rejected: 1,
    problems: ['next-page-missing'],
  },
  'cloudquery/aws_iam_roles.json': {
    format: 'cloudquery',
    status: 'complete',
    roles: 84,
    rejected: 0,
    captures: ['888899990000 2026-01-31T03:00:00Z', '888899990000 2026-04-30T03:00:00Z'],
    from: 'evidence',
    problems: [],
    undecidable: ['demo-tenant missing', 'demo-tenant missing'],
  },
  'cloudquery-athena/aws_iam_roles.json': {
    format: 'cloudquery',
    status: 'complete',
    roles: 26,
    rejected: 0,
    captures: ['012345678901 2026-04-30T03:00:00Z'],
    from: 'evidence',
    problems: ['keys-restored'],
    undecidable: [],
  },
  [`${DATA}/ConfigWritabilityCheckFile`]: {
    format: null,
    status: 'complete',
    roles: 0,
    rejected: 0,
    captures: [],
    from: null,
    problems: ['not-evidence'],
    undecidable: [],
  },
  ...snapshots('2026/1/31', '20260131T060000Z', '2026-01-31T06:00:00Z', 42),
  ...snapshots('2026/4/30', '20260430T060000Z', '2026-04-30T06:00:00Z', 41),
  [`${DATA}/eu-west-1/2026/3/17/ConfigHistory/666677778888_Config_eu-west-1_ConfigHistory_AWS__IAM__Role_20260317T181502Z_20260317T181502Z_1.json.gz`]:
    {
      format: 'aws-config',
      status: 'complete',
      roles: 2,
      rejected: 0,
      captures: [
        '666677778888 2026-03-17T14:02:11Z changes-only',
        '666677778888 2026-03-17T15:40:21.055Z changes-only',
      ],
      from: 'evidence',
      problems: [],
      undecidable: ['lake-migration-temp missing'],
    },
  'config-bucket/AWSLogs/777788889999/Config/eu-west-1/2026/4/30/ConfigSnapshot/777788889999_Config_eu-west-1_ConfigSnapshot_20260430T060000Z_*.json.gz':
    {
      format: 'aws-config',
      status: 'incomplete',
      roles: 0,
      rejected: 0,
      captures: ['777788889999 2026-04-30T06:00:00Z no-iam-recorded'],
      from: 'evidence',
      problems: ['no-iam-recorded'],
      undecidable: [],
    },
};

function gaad(capture: string, roles: number, undecidable: readonly string[] = []): Expected {
  return {
    format: 'gaad',
    status: 'complete',
    roles,
    rejected: 0,
    captures: [capture],
    from: 'name',
    problems: [],
    undecidable,
  };
}

/** Of the organisation, and of no account of it. */
function organisation(): Expected {
  return {
    format: 'organization',
    status: 'complete',
    roles: 0,
    rejected: 0,
    captures: [],
    from: 'evidence',
    problems: [],
    undecidable: [],
  };
}

/** The same account in both regions; `*` stands for the snapshot's id. */
function snapshots(day: string, compact: string, at: string, roles: number): Record<string, Expected> {
  return Object.fromEntries(
    ['eu-west-1', 'us-east-1'].map((region) => [
      `${DATA}/${region}/${day}/ConfigSnapshot/666677778888_Config_${region}_ConfigSnapshot_${compact}_*.json.gz`,
      {
        format: 'aws-config',
        status: 'complete',
        roles,
        rejected: 0,
        captures: [`666677778888 ${at}`],
        from: 'evidence',
        problems: [],
        undecidable: ['broken-by-hand undecodable', 'emr-archive-runner missing'],
      },
    ]),
  );
}

/** The path with `*` for the random id in the name of a snapshot. */
function pattern(path: string): string {
  return path.replace(/(_ConfigSnapshot_\d{8}T\d{6}Z)_[0-9a-f-]{36}/, '$1_*');
}

const FILES = filesBelow(`${SAMPLES}/evidence`);

describe('the sample evidence', () => {
  it('is all in the table below', () => {
    expect(FILES.map(pattern).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(FILES)('reads %s', async (path) => {
    const { roles, rejects, captures, reading } = await readSample(path);
    const found: Expected = {
      format: reading.format,
      status: reading.status,
      roles: roles.length,
      rejected: rejects.length,
      captures: captures.map(({ account, capturedAt, reasons }) =>
        [account, capturedAt, ...reasons].join(' '),
      ),
      from: reading.capturedFrom as Expected['from'],
      problems: reading.problems.map(({ code }) => code),
      undecidable: roles
        .filter(({ trust }) => trust.state !== 'document')
        .map(({ roleName, trust }) => `${roleName} ${trust.state}`)
        .sort(),
    };
    expect(found).toEqual(EXPECTED[pattern(path)]);
    // Records of an organisation are no roles.
    const read = found.format === 'organization' ? reading.recordsRead : roles.length + rejects.length;
    expect(reading).toMatchObject({ recordsRead: read, recordsRejected: rejects.length });
    expect(read).toBeGreaterThan(found.format === 'organization' ? 0 : -1);
    const accounts = new Set(captures.map(({ account }) => account));
    expect(reading.account).toBe(accounts.size === 1 ? [...accounts][0] : null);
    expect(roles.every(({ account }) => accounts.has(account))).toBe(true);
  });

  it('shows the blacked-out record as rejected', async () => {
    const { rejects } = await readSample('2026-04-30/555566667777-first-page.json');
    expect(rejects).toMatchObject([{ code: 'arn-invalid' }]);
    expect(rejects[0]?.message).toContain('role/blacked-out');
  });

  it('shows the same roles in both regions of a snapshot', async () => {
    const pairs = FILES.filter((path) => path.startsWith(DATA) && path.includes('ConfigSnapshot'));
    const [firstEu, secondEu, firstUs, secondUs] = await Promise.all(
      pairs.map(async (path) =>
        (await readSample(path)).roles.map(({ arn, roleId, trust }) => ({ arn, roleId, trust })),
      ),
    );
    expect(firstEu).toEqual(firstUs);
    expect(secondEu).toEqual(secondUs);
    expect(firstEu).not.toEqual(secondEu);
  });

  it('knows the deleted role, the one that is not recorded, and the one created again', async () => {
    const [before, , after] = FILES.filter((path) => path.startsWith(`${DATA}/eu-west-1`));
    const history = FILES.find((path) => path.includes('ConfigHistory')) as string;
    const rolesOf = async (path: string | undefined, name: string) =>
      (await readSample(path as string)).roles.filter(({ roleName }) => roleName === name);
    expect(await rolesOf(history, 'lake-migration-temp')).toMatchObject([{ status: 'deleted' }]);
    expect(await rolesOf(before, 'lake-migration-temp')).toMatchObject([{ status: 'live' }]);
    expect(await rolesOf(after, 'lake-migration-temp')).toEqual([]);
    expect(await rolesOf(after, 'emr-archive-runner')).toMatchObject([{ status: 'not-recorded' }]);
    const [first] = await rolesOf(before, 'notebook-runner');
    const [second] = await rolesOf(after, 'notebook-runner');
    expect(second?.arn).toBe(first?.arn);
    expect(second?.roleId).not.toBe(first?.roleId);
  });
});
