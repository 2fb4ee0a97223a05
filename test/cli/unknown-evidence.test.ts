import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { GUARDED, gaad, gaadRole, OPEN, put } from './evidence.ts';
import { cli } from './harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const scan = (...more: string[]) =>
  cli(['scan', folder, '--db', join(folder, 'trustsieve.db'), '--as-of', '2026-05-01T00:00:00Z', ...more]);
const roles = () => put(folder, 'roles.json', gaad([gaadRole('Kept', { trust: GUARDED })]));
const item = (type: string, region: string) => ({
  fileVersion: '1.0',
  configSnapshotId: region,
  configurationItems: [
    {
      awsAccountId: '111122223333',
      resourceType: type,
      resourceId: 'AROAEXAMPLE0000000001',
      configurationItemStatus: 'OK',
      ARN: type === 'AWS::IAM::Role' ? 'arn:aws:iam::111122223333:role/Kept' : 'arn:aws:ec2:x:1:vpc/v',
      configuration: { assumeRolePolicyDocument: encodeURIComponent(JSON.stringify(GUARDED)) },
    },
  ],
});

describe('files that are no evidence', () => {
  it('are listed and left aside, unless --strict is given', async () => {
    roles();
    writeFileSync(join(folder, 'README.md'), 'For the auditors.\n');
    put(folder, 'regions.json', { Regions: [{ RegionName: 'eu-west-1' }] });
    const lenient = await scan();
    expect(lenient.stderr).toMatch(/README\.md: is a text without a trace of roles/);
    expect(lenient.exit).toBe(0);
    const strict = await scan('--strict');
    expect(strict.stderr).toMatch(/incomplete \(exit 3\): 2 files are in no supported format \(--strict\)/);
    expect(strict.exit).toBe(3);
  });

  it('may be what an earlier scan wrote into the folder', async () => {
    roles();
    put(folder, 'open.json', gaad([gaadRole('Open', { account: '333344445555', trust: OPEN })]));
    const names = {
      csv: 'csv',
      html: 'html',
      json: 'json',
      ndjson: 'ndjson',
      sarif: 'sarif',
      ocsf: 'ocsf',
      md: 'md',
      register: 'register.csv',
      xlsx: 'xlsx',
    };
    const reports = Object.entries(names).flatMap(([format, end]) => [
      `--${format}`,
      join(folder, `out.${end}`),
    ]);
    expect((await scan(...reports)).exit).toBe(0);
    for (const format of ['html', 'md', 'csv', 'xlsx']) {
      const told = [
        '--db',
        join(folder, 'trustsieve.db'),
        '--format',
        format,
        '-o',
        join(folder, `changes.${format}`),
      ];
      await cli(['diff', 'previous', 'latest', ...told]);
    }
    const again = await scan('--strict');
    const asides = again.stderr.split('\n').filter((line) => /is a (?:report|SARIF log)/.test(line));
    expect(asides).toEqual([
      expect.stringMatching(/^.*out\.sarif: is a SARIF log/),
      expect.stringMatching(/^note: 15 files, such as .*changes\.csv: is a report of this program$/),
    ]);
    expect(again.exit).toBe(0);
  });

  it('make a scan incomplete when they name roles', async () => {
    roles();
    put(folder, 'findings.json', {
      findings: [
        { principal: { AWS: '444455556666' }, isPublic: false, resource: 'arn:aws:iam::111122223333:role/x' },
      ],
    });
    const { exit, stderr } = await scan();
    expect(stderr).toMatch(/Access Analyzer findings, which hold no trust policies/);
    expect(exit).toBe(3);
  });

  it('do not make a scan without roles a clean one', async () => {
    writeFileSync(join(folder, 'README.md'), 'For the auditors.\n');
    const { exit, stderr } = await scan();
    expect(stderr).toMatch(/no role was found in the evidence/);
    expect(exit).toBe(3);
  });
});

describe('regions of AWS Config', () => {
  it('need not all record IAM', async () => {
    put(folder, 'eu-west-1.json', item('AWS::EC2::VPC', 'eu-west-1'));
    put(folder, 'us-east-1.json', item('AWS::IAM::Role', 'us-east-1'));
    expect((await scan()).exit).toBe(0);
  });

  it('must not all leave IAM out', async () => {
    put(folder, 'eu-west-1.json', item('AWS::EC2::VPC', 'eu-west-1'));
    put(folder, 'other.json', gaad([gaadRole('Kept', { account: '444455556666', trust: GUARDED })]));
    const { exit, stderr } = await scan();
    expect(stderr).toMatch(/AWS Config recorded no role of account 111122223333/);
    expect(exit).toBe(3);
  });
});
