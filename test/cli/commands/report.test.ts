import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../../src/report/index.ts';
import { ocsfValidator } from '../../report/ocsf/ocsf-schema.ts';
import { sarifValidator } from '../../report/sarif/sarif-schema.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { putOrganisation } from '../evidence.ts';
import { cli } from '../harness.ts';

const FORMATS = Object.keys(REPORT_FORMATS);

let folder: string;
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), 'utf8');
const report = (...args: string[]) => cli(['report', '--db', at('store.db'), ...args]);

beforeAll(async () => {
  folder = temporaryFolder();
  putOrganisation(at('in'));
  const flags = FORMATS.flatMap((format) => [`--${format}`, at(`scan.${format}`)]);
  const args = ['scan', at('in'), '--db', at('store.db'), '--as-of', '2026-05-01T00:00:00Z', '--quiet'];
  const { exit } = await cli([...args, ...flags]);
  expect(exit).toBe(3);
});

/** Those of scan.json that speak of a role. */
const verdicts = (): readonly unknown[] =>
  (JSON.parse(read('scan.json')) as { arn: string }[]).filter(({ arn }) => arn !== '');

describe('report', () => {
  it.each(FORMATS)('%s: scan, a file and standard output give the same bytes', async (format) => {
    const { exit, stdout, stderr } = await report('--format', format);
    const beside = format === 'csv' ? 'there is none beside standard output or a pipe\n' : '';
    expect(stderr.endsWith(`${beside}incomplete (exit 3): 1 role could not be decided\n`)).toBe(true);
    expect(exit).toBe(3);
    expect(stdout.length).toBeGreaterThan(0);
    expect(stdout).toBe(read(`scan.${format}`));
    await report('--format', format, '-o', at(`again.${format}`));
    expect(read(`again.${format}`)).toBe(stdout);
  });

  it('html: holds proof and fix of each finding where they are asked for, and says what it is called', async () => {
    const plain = read('scan.html');
    expect(plain).not.toContain('id="details"');
    const { stdout } = await report('--format', 'html', '--print-details', '--title', 'Third quarter');
    const failing = verdicts().length;
    expect(stdout.match(/<article class="proved">/g)).toHaveLength(failing);
    expect(stdout).toContain(`${failing} of ${failing} findings`);
    expect(stdout).toContain('aws iam update-assume-role-policy');
    expect(stdout).toContain('<h1>Third quarter</h1>');
    const again = await report('--format', 'html', '--print-details', '--title', 'Third quarter');
    expect(again.stdout).toBe(stdout);
  });

  it('refuses a title that hides something', async () => {
    const { exit, stderr } = await report('--format', 'md', '--title', 'a\u202eb');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('--title holds a character')]);
  });

  it('sarif: follows the schema, finds what json finds, and says that the evidence is not whole', () => {
    const log = JSON.parse(read('scan.sarif')) as {
      runs: { results: unknown[]; invocations: { executionSuccessful: boolean }[] }[];
    };
    const valid = sarifValidator();
    expect(valid(log), JSON.stringify(valid.errors)).toBe(true);
    expect(log.runs[0]?.results).toHaveLength(verdicts().length);
    expect(log.runs[0]?.invocations[0]?.executionSuccessful).toBe(false);
  });

  it('ocsf: follows the schema line by line', () => {
    const valid = ocsfValidator();
    const lines = read('scan.ocsf').trimEnd().split('\n');
    const ofRoles = lines.filter((line) => 'literal' in (JSON.parse(line) as { unmapped: object }).unmapped);
    expect(ofRoles).toHaveLength(verdicts().length);
    for (const line of lines) expect(valid(JSON.parse(line)), JSON.stringify(valid.errors)).toBe(true);
  });

  it('md: starts with the headline', () => {
    expect(read('scan.md')).toMatch(
      /^# Cross-account trust, 2026-05-01 00:00 UTC\n\n\*\*5\*\* of 10 roles are open to accounts whose relation is not graded\.\n\n1 could not/,
    );
  });

  it('csv: takes a delimiter, a byte order mark and raw cells', async () => {
    const plain = read('scan.csv');
    expect(plain).toContain(`,'=cmd,`);
    const { stdout } = await report(
      '--format',
      'csv',
      '--csv-raw',
      '--csv-bom',
      '--csv-delimiter',
      'semicolon',
    );
    expect(stdout.startsWith('\ufeffrule;account;partition;')).toBe(true);
    expect(stdout).toContain(';=cmd;');
    expect(stdout.split('\r\n')).toHaveLength(plain.split('\r\n').length);
  });

  it('csv: has a companion beside the file, and says that there is none beside a pipe', async () => {
    expect(read('scan.evidence.csv')).toMatch(/^kind,path,sha256,/);
    expect(read('scan.evidence.csv')).toContain('members-unknown');
    await report('--format', 'csv', '-o', at('beside.csv'));
    expect(read('beside.evidence.csv')).toBe(read('scan.evidence.csv'));
    const { stderr } = await report('--format', 'csv');
    expect(stderr).toContain('there is none beside standard output');
    const { stderr: ofDevice } = await report('--format', 'csv', '-o', '/dev/null');
    expect(ofDevice).toContain('there is none beside standard output or a pipe');
  });

  it('refuses a delimiter it does not know', async () => {
    const { exit, stderr } = await report('--format', 'csv', '--csv-delimiter', 'x');
    expect(exit).toBe(2);
    expect(stderr).toContain('csv-delimiter');
  });
});
