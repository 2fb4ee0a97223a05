import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { evidenceListLine } from '../../../src/model/evidence-row.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { GUARDED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli } from '../harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'in'));
  put(join(folder, 'in'), 'a.json', gaad([gaadRole('A', { trust: OPEN }), gaadRole('A', { trust: OPEN })]));
  put(join(folder, 'in'), 'b!/c.json', gaad([gaadRole('B', { account: '333344445555', trust: GUARDED })]));
  const inner = zipSync({ 'z.json': strToU8(dump('D', '666677778888')) });
  writeFileSync(
    join(folder, 'in', 'pack.zip'),
    zipSync({ 'x/y.json': strToU8(dump('C', '555566667777')), 'inner.zip': inner }),
  );
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
});

const dump = (name: string, account: string) =>
  JSON.stringify(gaad([gaadRole(name, { account, trust: GUARDED })]));
const at = (name: string) => join(folder, name);
const MANIFEST = 'r.json.manifest.json';
const scan = (...more: string[]) =>
  cli([
    ...['scan', at('in'), '--db', at('s.db'), '--json', at('r.json'), '--csv', at('r.csv')],
    ...['--as-of', '2026-05-01', '--captured-at', '2026-04-01', '--quiet'],
    ...more,
  ]);
/** Where the reports stand in the order of formats decides which comes first. */
const manifestOf = () => at(readdirSync(folder).find((name) => name.endsWith('.manifest.json')) ?? MANIFEST);
const verify = (...more: string[]) => cli(['verify', manifestOf(), ...more]);
const change = (file: string, what: (text: string) => string) =>
  writeFileSync(file, what(readFileSync(file, 'utf8')));

describe('the manifest of a scan', () => {
  it('is an in-toto Statement with everything that was read and written', async () => {
    expect((await scan()).exit).toBe(0);
    const statement = JSON.parse(readFileSync(manifestOf(), 'utf8')) as Record<string, unknown>;
    const digest = { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string };
    const counts = { superseded: 0, rejected: 0 };
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'urn:trustsieve:scan:v1',
      subject: [
        { name: 'r.csv', digest, annotations: { bytes: expect.any(Number) as number } },
        { name: 'r.evidence.csv', digest },
        { name: 'r.json', digest },
      ],
      predicate: {
        tool: { name: 'trustsieve' },
        asOf: '2026-05-01T00:00:00Z',
        options: { paths: [at('in')], capturedAt: '2026-04-01' },
        rules: [{ id: 'D9.AWS.IAM.99', digest, builtIn: true }],
        previous: null,
        completeness: { complete: false, membersKnown: false, gaps: [] },
        evidence: [
          {
            name: at('in/a.json'),
            digest,
            format: 'gaad',
            account: '111122223333',
            capturedAt: '2026-04-01T00:00:00Z',
            capturedFrom: 'option',
            records: { read: 2, accepted: 1, duplicate: 1, ...counts },
            status: 'complete',
          },
          { name: at('in/b!/c.json') },
          { name: at('in/pack.zip'), format: 'zip' },
          { name: at('in/pack.zip!/inner.zip') },
          { name: at('in/pack.zip!/inner.zip!/z.json') },
          { name: at('in/pack.zip!/x/y.json') },
        ],
        totals: { files: 6, read: 5, accepted: 4, duplicate: 1, ...counts },
      },
    });
  });

  it('is the same for any number of jobs and order of files', async () => {
    await scan('--manifest', at('one.json'), '--jobs', '1');
    rmSync(at('s.db'));
    await scan('--manifest', at('two.json'), '--jobs', '7', '--reader', 'reference');
    expect(readFileSync(at('two.json'))).toEqual(readFileSync(at('one.json')));
  });

  it('can be left out, and is not written without a report', async () => {
    await scan('--no-manifest');
    await cli(['scan', at('in'), '--db', at('s.db'), '--quiet']);
    expect(readdirSync(folder).filter((name) => name.includes('manifest'))).toEqual([]);
  });

  it.each([
    [['--sign-key', 'public.pem'], /no private Ed25519 key/],
    [['--sign-key', 'none.pem'], /there is no such file/],
    [['--previous-manifest', 'none.json'], /there is no file/],
  ])('refuses %j before anything is read', async ([option, name], message) => {
    const { exit, stderr } = await scan(option as string, at(name as string));
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(readdirSync(folder)).not.toContain('s.db');
  });
});

describe('what a report is called', () => {
  const HEADING = ['--title', 'Third quarter', '--client', 'Crane & Partners', '--prepared-by', 'Audit Ltd'];

  it('stands in the manifest, and in every report for people', async () => {
    await scan(...HEADING, '--html', at('r.html'), '--md', at('r.md'), '--sarif', at('r.sarif'));
    const { predicate } = JSON.parse(readFileSync(manifestOf(), 'utf8')) as {
      predicate: { options: Record<string, unknown> };
    };
    expect(predicate.options).toMatchObject({
      title: 'Third quarter',
      client: 'Crane & Partners',
      preparedBy: 'Audit Ltd',
    });
    for (const name of ['r.html', 'r.md', 'r.sarif', 'r.evidence.csv']) {
      const text = readFileSync(at(name), 'utf8').replaceAll('&amp;', '&').replaceAll('\\&', '&');
      expect(text, name).toContain('Third quarter');
      expect(text, name).toContain('Crane & Partners');
      expect(text, name).toContain('Audit Ltd');
    }
  });

  it.each([
    [['--title', ''], /--title is empty/],
    [['--client', 'a\u0007b'], /--client holds a character that controls/],
    [['--prepared-by', 'a\u202eb'], /--prepared-by holds a character that controls/],
    [['--title', 'x'.repeat(201)], /--title takes 200 characters at most, not 201/],
  ])('is refused before anything is read: %j', async (options, message) => {
    const { exit, stderr } = await scan(...options);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(readdirSync(folder)).not.toContain('s.db');
  });
});

describe('the digest of the evidence', () => {
  const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

  it('is that of the list as sha256sum writes it, in manifest and reports', async () => {
    await scan('--html', at('r.html'));
    const { predicate } = JSON.parse(readFileSync(manifestOf(), 'utf8')) as {
      predicate: { evidence: { name: string; digest: { sha256: string } }[]; evidenceDigest: object };
    };
    const list = predicate.evidence.map(({ name, digest }) => `${digest.sha256}  ${name}\n`).join('');
    expect(predicate.evidenceDigest).toEqual({ sha256: digestOf(list) });
    for (const name of ['r.html', 'r.evidence.csv']) {
      expect(readFileSync(at(name), 'utf8'), name).toContain(digestOf(list));
    }
    expect((await verify()).stdout).toContain(`evidence digest ${digestOf(list)}\n`);
  });

  it('is checked, and may not be there in a manifest of before', async () => {
    await scan();
    change(manifestOf(), (text) =>
      text.replace(/("evidenceDigest":\{"sha256":")..../, (_, start: string) => `${start}0000`),
    );
    const changed = await verify();
    expect(changed.stdout).toMatch(/DIFFERS evidence-digest [0-9a-f]{64}: the manifest says 0000/);
    expect(changed.exit).toBe(3);
    change(manifestOf(), (text) => text.replace(/"evidenceDigest":.*,\n/, ''));
    const { exit, stdout } = await verify();
    expect(exit).toBe(0);
    expect(stdout).not.toContain('digest');
  });

  it.each([
    ['a.json', 'ab', 'ab  a.json\n'],
    ['a\\b\nc.json', 'ab', '\\ab  a\\\\b\\nc.json\n'],
    ['a.json', '', 'unreadable  a.json\n'],
  ])('has a line of its own for %j', (path, sha256, line) => {
    expect(evidenceListLine({ path, sha256 })).toBe(line);
  });
});

describe('verify', () => {
  it('finds everything as it was', async () => {
    await scan('--sign-key', at('key.pem'), '--manifest', at('first.json'));
    await scan('--sign-key', at('key.pem'), '--previous-manifest', at('first.json'));
    const { exit, stdout, stderr } = await verify('--key', at('public.pem'));
    expect(stdout).toMatch(/evidence +6 +0 +0 +0\n/);
    expect(stdout).toMatch(/signature +1 +0 +0 +0\n/);
    expect(stdout).toMatch(/previous +1 +0 +0 +0\n/);
    expect([exit, stderr]).toEqual([0, '']);
  });

  it.each([
    [
      'a report',
      () => change(at('r.csv'), (text) => text.replace('fail', 'pass')),
      /DIFFERS output r\.csv: its SHA-256/,
    ],
    ['a report that is gone', () => unlinkSync(at('r.json')), /MISSING output r\.json/],
    [
      'evidence',
      () => change(at('in/a.json'), (text) => `${text} `),
      /DIFFERS evidence .*a\.json: it has \d+ bytes/,
    ],
    ['evidence that is gone', () => unlinkSync(at('in/b!/c.json')), /MISSING evidence .*b!\/c\.json/],
    [
      'a member of an archive',
      () => writeFileSync(at('in/pack.zip'), zipSync({ 'x/y.json': strToU8(dump('X', '555566667777')) })),
      /DIFFERS evidence .*pack\.zip!\/x\/y\.json[\s\S]*MISSING evidence .*inner\.zip/,
    ],
    [
      'an archive that is gone',
      () => unlinkSync(at('in/pack.zip')),
      /MISSING evidence .*inner\.zip!\/z\.json: the archive/,
    ],
    [
      'an archive cut off',
      () => change(at('in/pack.zip'), (text) => text.slice(0, 40)),
      /MISSING evidence .*z\.json/,
    ],
    [
      'counts',
      () => change(manifestOf(), (text) => text.replace('"duplicate":1', '"duplicate":0')),
      /do not add up/,
    ],
    [
      'totals',
      () => change(manifestOf(), (text) => text.replace('"files":6', '"files":5')),
      /files: 5 instead of the 6/,
    ],
    [
      'an entry left out',
      () => change(manifestOf(), (text) => text.replace(/\{"name":"[^"]*a\.json"[^\n]*\n/, '')),
      /files: 6 instead of the 5/,
    ],
    ['no totals', () => change(manifestOf(), (text) => text.replace('"totals"', '"sums"')), /has no totals/],
    [
      'a rule',
      () =>
        change(manifestOf(), (text) =>
          text.replace(/("IAM\.99"|D9\.AWS\.IAM\.99","digest":\{"sha256":")../, '$1ff'),
        ),
      /DIFFERS rule D9\.AWS\.IAM\.99/,
    ],
    [
      'a cut manifest',
      () => change(manifestOf(), (text) => text.slice(0, -20)),
      /DIFFERS manifest .*breaks off/,
    ],
    ['something else', () => writeFileSync(manifestOf(), '{"a":1}'), /no manifest of a scan/],
    ['nothing', () => writeFileSync(manifestOf(), ''), /DIFFERS manifest/],
    [
      'an entry of another kind',
      () => change(manifestOf(), (text) => text.replace('"sha256":"', '"sha256":"xx')),
      /entry \/subject\/0 is not as a scan writes it/,
    ],
  ])('says what is wrong with %s', async (_, tamper, message) => {
    await scan();
    tamper();
    const { exit, stdout } = await verify();
    expect(stdout).toMatch(message);
    expect(exit).toBe(3);
  });

  it.each([
    [
      'a changed manifest',
      () => change(manifestOf(), (text) => text.replace('2026-05-01', '2026-05-02')),
      /this one was changed/,
    ],
    ['no signature', () => unlinkSync(`${manifestOf()}.dsse.json`), /MISSING signature .*not signed/],
    ['no envelope', () => writeFileSync(`${manifestOf()}.dsse.json`, '{}'), /no envelope/],
    [
      'another key',
      () => {
        const { publicKey } = generateKeyPairSync('ed25519');
        writeFileSync(at('public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
      },
      /not made with the key/,
    ],
    [
      'another statement',
      () =>
        change(`${manifestOf()}.dsse.json`, (text) => {
          const envelope = JSON.parse(text) as { payload: string };
          return JSON.stringify({ ...envelope, payload: Buffer.from('{}').toString('base64') });
        }),
      /not made with the key/,
    ],
  ])('with a key refuses %s', async (_, tamper, message) => {
    await scan('--sign-key', at('key.pem'));
    tamper();
    const { exit, stdout } = await verify('--key', at('public.pem'));
    expect(stdout).toMatch(message);
    expect(exit).toBe(3);
  });

  it('says that a signature was not checked, and finds a broken chain', async () => {
    await scan('--sign-key', at('key.pem'), '--manifest', at('first.json'));
    await scan('--previous-manifest', at('first.json'), '--sign-key', at('key.pem'));
    expect((await verify()).stderr).toMatch(/signature was not checked/);
    change(at('first.json'), (text) => `${text} `);
    const { stdout, exit } = await verify();
    expect(stdout).toMatch(/DIFFERS previous first\.json/);
    expect(exit).toBe(3);
  });

  it('opens plain files only, whatever a manifest names', async () => {
    await scan();
    const text = readFileSync(manifestOf(), 'utf8');
    for (const name of [
      '/dev/zero',
      '/dev/stdin',
      '.',
      '../',
      'a\u001b[31m',
      `${'x/'.repeat(5000)}`,
      '/proc/self/mem',
    ]) {
      writeFileSync(
        manifestOf(),
        text.replaceAll(/"name":"[^"]*a\.json"/g, `"name":${JSON.stringify(name)}`),
      );
      const { exit, stdout } = await verify();
      expect(exit).toBe(3);
      expect(stdout).toMatch(/(?:UNCHECKED|MISSING|DIFFERS) evidence/);
      expect(stdout).not.toContain('\u001b');
    }
  });

  it('looks for evidence below another folder', async () => {
    const main = ['scan', 'in', '--db', at('s.db'), '--quiet', '--manifest', at('m.json')];
    const before = process.cwd();
    process.chdir(folder);
    try {
      await cli(main);
    } finally {
      process.chdir(before);
    }
    expect((await cli(['verify', at('m.json')])).exit).toBe(3);
    expect((await cli(['verify', at('m.json'), '--base', folder])).exit).toBe(0);
    expect(basename(at('m.json'))).toBe('m.json');
  });

  it('needs a manifest', async () => {
    const { exit, stderr } = await cli(['verify', at('none.json')]);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/cannot read the manifest/)]);
  });
});
