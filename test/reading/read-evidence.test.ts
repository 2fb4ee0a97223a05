import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/formats/index.ts';
import { readEvidence } from '../../src/reading/read-evidence.ts';
import { fixtureOf, OPTIONS, pathOf, readContent, recordsIn } from '../formats/read.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const GAAD = '{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/x","AssumeRolePolicyDocument":{}}]}';

/** Whether every line of `text` is a JSON object of its own. */
function isJsonLines(text: string): boolean {
  return text
    .trimEnd()
    .split('\n')
    .every((line) => {
      try {
        return typeof JSON.parse(line) === 'object';
      } catch {
        return false;
      }
    });
}

describe('readEvidence', () => {
  it('has one fixture for every format, and each is recognised as its own', async () => {
    for (const { id } of FORMATS) {
      const { reading } = await readContent(fixtureOf(id), {}, pathOf(id));
      expect(reading.format).toBe(id);
      expect(reading.recordsRead).toBeGreaterThan(0);
    }
  });

  it('reads the same from every encoding, whatever the name says', async () => {
    const { roles } = await readContent(GAAD);
    expect(roles).toHaveLength(1);
    for (const content of [
      gzipSync(GAAD),
      Buffer.from(`\ufeff${GAAD}`, 'utf16le'),
      Buffer.from(GAAD, 'utf16le'),
      gzipSync(Buffer.from(`\ufeff${GAAD}`, 'utf16le').swap16()),
    ]) {
      expect((await readContent(content, {}, 'x.json')).roles).toEqual(roles);
      expect((await readContent(content, {}, 'x.json.gz')).roles).toEqual(roles);
    }
    const marked = await readContent(`\ufeff${GAAD}`);
    expect(marked.roles).toEqual(roles.map((record) => ({ ...record, offset: record.offset + 3 })));
  });

  it.each([
    ['', 'evidence-empty', /is empty/],
    [' \n', 'evidence-empty', /only white space/],
    [gzipSync(''), 'evidence-empty', /is empty/],
    [
      '\nAn error occurred (AccessDenied) when calling the GetAccountAuthorizationDetails operation: no',
      'command-failed',
      /failed `aws` command/,
    ],
    ['ROLEDETAILLIST\tarn:aws:iam::111122223333:role/x\t2024\n', 'format-unknown', /--output text/],
    ['-------------------------\n|  GetAccountAuthorizationDetails  |\n', 'format-unknown', /--output table/],
    ['IsTruncated: false\nMarker: m\n', 'format-unknown', /--output yaml/],
    ['account_id,assume_role_policy_document\n', 'format-unknown', /CSV/],
    ['PK\x03\x04rest', 'archive-nested', /zip archive/],
    ['<html>', 'format-unknown', /HTML/],
    ['{"hello":', 'format-unknown', /breaks off/],
    ['{"hello":"world"}{"hel', 'format-unknown', /breaks off/],
    [Buffer.from('\xfd7zXZ\0\0', 'latin1'), 'format-unknown', /xz-compressed/],
    ['-[ RECORD 1 ]--\nname | x\n', 'format-unknown', /--output line/],
    ['COPY public.aws_iam_roles (arn) FROM stdin;\n', 'format-unknown', /PostgreSQL/],
    ['resource "aws_iam_role" "x" {\n}\n', 'not-auditable', /Terraform configuration/],
    ['hello', 'format-unknown', /not in a supported format/],
  ])('explains %j', async (content, code, message) => {
    const { reading, events } = await readContent(content);
    expect(events).toEqual([]);
    expect(reading).toMatchObject({ format: null, status: 'unreadable', recordsRead: 0 });
    expect(reading.problems).toMatchObject([{ code }]);
    expect(reading.problems[0]?.message).toMatch(message);
    expect(reading.evidence.bytes).toBe(Buffer.from(content).length);
    expect(reading.evidence.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a/ConfigWritabilityCheckFile', ''],
    ['a/.DS_Store', '\0\0\0\x01Bud1'],
    ['Thumbs.db', '\xd0\xcf'],
    ['AWSLogs/1/Config/ConfigWritabilityCheckFile', 'ok'],
    [
      'account-data/prod/eu-west-1/lambda-list-functions.json',
      '{"Functions":[{"Role":"arn:aws:iam::111122223333:role/x"}]}',
    ],
    ['account-data/prod/describe-regions.json', '{"Regions":[]}'],
    ['111122223333/graph/edges.json', '[{"source":"arn:aws:iam::111122223333:role/x"}]'],
    ['out/policy/custodian-run.log', 'resource:aws.iam-role count:0'],
    ['out/policy/resources.json', '[]'],
    ['aws/aws/indexes/accounts-to-orgs.json', '{"111122223333":"o-1"}'],
  ])('leaves %s aside and says so', async (path, content) => {
    const { reading } = await readContent(content, {}, path);
    expect(reading).toMatchObject({ status: 'complete', format: null, problems: [{ code: 'not-evidence' }] });
  });

  it.each([
    ['README.md', 'Evidence of the third quarter\n'],
    ['scheme.png', Buffer.from('\x89PNG\r\n\x1a\n\0', 'latin1')],
    ['x.json', '{"Regions":[{"RegionName":"eu-west-1"}]}\n{"Vpcs":[]}\n'],
  ])('says that %s shows no trace of roles', async (path, content) => {
    const { reading } = await readContent(content, {}, path);
    expect(reading).toMatchObject({ status: 'complete', format: null, problems: [{ code: 'unrelated' }] });
  });

  it.each([
    ['README.md', 'The role names are in roles.json\n{"RoleName": "x"}\n'],
    ['account-data/prod/us-east-1/iam-get-account-authorization-details.json', '{"hello":'],
    ['account-data/prod/us-east-1/iam-get-role/x', '{"hello":'],
    ['resources.json', '[{"hello":'],
  ])('does not leave %s aside', async (path, content) => {
    expect((await readContent(content, {}, path)).reading).toMatchObject({
      status: 'unreadable',
      format: null,
    });
  });

  it('reads a hidden file that is evidence', async () => {
    expect((await readContent(GAAD, {}, 'a/.roles.json')).roles).toHaveLength(1);
  });

  it('reports what was not opened', async () => {
    const gone = readEvidence({ kind: 'file', path: 'gone', file: '/nonexistent/gone' }, OPTIONS);
    expect(await gone.next()).toMatchObject({
      done: true,
      value: { status: 'unreadable', evidence: { sha256: '' }, problems: [{ code: 'evidence-unreadable' }] },
    });
    const skipped = readEvidence({ kind: 'skipped', path: 'l', code: 'link-broken', message: 'm' }, OPTIONS);
    expect(await skipped.next()).toMatchObject({
      done: true,
      value: { status: 'unreadable', problems: [{ code: 'link-broken', message: 'm' }] },
    });
  });

  it('takes the format it is told to take', async () => {
    expect((await readContent(GAAD, { format: 'gaad' })).roles).toHaveLength(1);
    const wrong = await readContent(GAAD, { format: 'aws-config' });
    expect(wrong.reading).toMatchObject({ status: 'unreadable', problems: [{ code: 'format-mismatch' }] });
    await expect(readContent(GAAD, { format: 'nonsense' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('keeps the roles before a syntax error and gives its place', async () => {
    const { roles, reading } = await readContent(`${GAAD.slice(0, -2)},\n{"Arn":}]}`);
    expect(roles).toHaveLength(1);
    expect(reading.status).toBe('incomplete');
    expect(reading.problems).toMatchObject([
      {
        code: 'json-malformed',
        message: 'the JSON breaks off at byte 100 (line 2, column 8): expected a value',
      },
    ]);
  });

  it('gives batches of bounded size from a large file', async () => {
    const role = GAAD.slice(19, -2);
    const count = 40_000;
    const content = `{"RoleDetailList":[${Array.from({ length: count }, () => role).join(',')}]}`;
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x'), content);
    const batches: number[] = [];
    for await (const batch of readEvidence({ kind: 'file', path: 'x', file: join(folder, 'x') }, OPTIONS)) {
      batches.push(batch.length);
    }
    expect(batches.reduce((sum, length) => sum + length)).toBe(count + 1);
    expect(Math.max(...batches) * role.length).toBeLessThan(1.5 * 1024 * 1024);
  });

  it('stops when no more batches are wanted', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x'), gzipSync(GAAD.repeat(50_000)));
    const batches = readEvidence({ kind: 'file', path: 'x', file: join(folder, 'x') }, OPTIONS);
    expect((await batches.next()).done).toBe(false);
    expect((await batches.return({} as never)).done).toBe(true);
    expect(await batches.next()).toEqual({ done: true, value: undefined });
  });

  it('never throws and never calls a cut file complete', async () => {
    const names = FORMATS.map(({ id }) => id).filter((id) => !id.endsWith('-csv'));
    const whole = new Map(names.map((name) => [name, fixtureOf(name).toString().trimEnd()]));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.boolean(), async (name, at, compress) => {
        const content = Buffer.from(whole.get(name) as string);
        const cut = content.subarray(0, at % content.length);
        const { reading, captures } = await readContent(compress ? gzipSync(cut) : cut, {}, pathOf(name));
        // Rows stand alone, so a file that ends behind one is a whole file.
        if (isJsonLines(cut.toString())) return;
        expect(reading.status).not.toBe('complete');
        expect(captures.every(({ complete }) => !complete)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('survives any bytes in the place of any others', { timeout: 60_000 }, async () => {
    const contents = FORMATS.map(({ id }) => [fixtureOf(id), pathOf(id)] as const);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...contents),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 6 }),
        async ([content, path], at, noise) => {
          const spoilt = Buffer.from(content);
          spoilt.set(noise.subarray(0, spoilt.length), at % Math.max(1, spoilt.length - noise.length));
          const found = await readContent(spoilt, {}, path);
          const { reading, rejects } = found;
          expect(reading.recordsRead).toBe(recordsIn(found));
          expect(reading.recordsRejected).toBe(rejects.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
