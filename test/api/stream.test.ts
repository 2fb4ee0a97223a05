import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  type EvidenceOptions,
  type EvidenceReading,
  type EvidenceVerdict,
  type GivenEvidence,
  type JudgingSummary,
  judgeEvidence,
  type OrganisationPage,
} from '../../src/api/stream.ts';
import type { VerdictObject } from '../../src/model/verdict.ts';
import { inCheckout } from '../checkout.ts';
import { CLOSED, GUARDED, gaad, gaadRole, OPEN, put } from '../cli/evidence.ts';
import { cli } from '../cli/harness.ts';
import { EXT, OTHER, OWN } from '../exposure/cases/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const SAMPLES = new URL('../../samples/', import.meta.url).pathname;

interface Read {
  readonly verdicts: readonly EvidenceVerdict[];
  readonly missing: readonly EvidenceVerdict[];
  readonly files: readonly EvidenceReading[];
  readonly summary: JudgingSummary;
}

async function read(
  evidence: string | readonly string[] | GivenEvidence,
  options: EvidenceOptions = {},
): Promise<Read> {
  const files: EvidenceReading[] = [];
  const judging = judgeEvidence(evidence, { ...options, onEvidence: (file) => files.push(file) });
  const all: EvidenceVerdict[] = [];
  for await (const verdict of judging) all.push(verdict);
  return {
    verdicts: all.filter(({ arn }) => arn !== ''),
    missing: all.filter(({ arn }) => arn === ''),
    files,
    summary: judging.summary(),
  };
}

const dump = (names: readonly string[] = ['Open', 'Guarded', 'Closed']): Buffer =>
  Buffer.from(
    JSON.stringify(
      gaad(
        names.map((name) =>
          gaadRole(name, { trust: name === 'Guarded' ? GUARDED : name === 'Closed' ? CLOSED : OPEN }),
        ),
      ),
    ),
  );

const given = (bytes: GivenEvidence['bytes'], name = '2026-02-01/own.json'): GivenEvidence => ({
  name,
  bytes,
});

describe('the verdicts on evidence', () => {
  it('are those of a report of a store, where that shows the record', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const lists = { accounts: `${SAMPLES}accounts.json`, knownAccounts: `${SAMPLES}vendors.yaml` };
    const db = join(folder, 'a.db');
    const asOf = '2026-06-01T00:00:00Z';
    await cli(['scan', `${SAMPLES}evidence`, '--db', db, '--as-of', asOf, '--accounts', lists.accounts]);
    const { stdout } = await cli(['report', '--db', db, '--format', 'ndjson', '--status', 'all']);
    const reported = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as EvidenceVerdict & Record<string, unknown>);
    const accounts = JSON.parse(readFileSync(lists.accounts, 'utf8')) as OrganisationPage;
    const { verdicts, missing, files, summary } = await read(`${SAMPLES}evidence`, { accounts, asOf });
    const placed = new Map(verdicts.map((one) => [placeOf(one), one]));
    const hashes = new Map(files.map(({ path, sha256 }) => [path, sha256]));
    const roles = reported.filter(({ arn }) => arn !== '');
    expect(roles.length).toBeGreaterThan(300);
    for (const { firstSeen: _, lastSeen: __, state: ___, suppressedBy: ____, ...rest } of roles) {
      const { guardrail: _____, impact: ______, carriedForward: _______, ...role } = rest;
      const { sha256, ...evidence } = role.evidence;
      expect(sha256).toBe(hashes.get(evidence.source));
      // Whether accounts share an external ID, and what guardrails change, only a store knows.
      const own = placed.get(placeOf(role));
      const changed = changedByGuardrails(rest);
      const notes = changed ? own?.notes : role.notes.filter((note) => note !== 'extid-shared');
      const severity = changed ? own?.severity : role.severity;
      // Of what stays a fail, the witness of a report is one whom no guardrail stops.
      const witness = rest.guardrail === null ? role.witness : own?.witness;
      expect(own).toEqual({ ...role, notes, severity, witness, evidence: { ...evidence, sha256: null } });
      expect(Object.keys(own ?? {})).toEqual(Object.keys(role));
    }
    const kinds = (all: readonly EvidenceVerdict[]) =>
      all
        .map(({ reason, account, message, evidence }) =>
          [reason, account, message, evidence.source].join(' '),
        )
        .sort();
    expect(kinds(missing)).toEqual(kinds(reported.filter(({ arn }) => arn === '')));
    expect(summary).toMatchObject({
      complete: false,
      standing: 'incomplete',
      ended: true,
      files: files.length,
    });
    expect(roles.filter(changedByGuardrails)).toHaveLength(16);
    const ofOrganizations = files.reduce(
      (sum, { recordsOfOrganizations }) => sum + recordsOfOrganizations,
      0,
    );
    expect(ofOrganizations).toBeGreaterThan(0);
    expect(summary.recordsRead).toBe(
      summary.recordsJudged + summary.recordsDeleted + summary.recordsRejected + ofOrganizations,
    );
    expect(verdicts.length).toBe(summary.recordsJudged);
  });

  it('come one for each record, without what only a store knows', async () => {
    const { verdicts, files, summary } = await read(given([dump(['Open', 'Open'])]));
    expect(verdicts.map(({ roleName, verdict }) => [roleName, verdict])).toEqual([
      ['Open', 'fail'],
      ['Open', 'fail'],
    ]);
    expect(Object.keys(verdicts[0] ?? {})).not.toContain('firstSeen');
    expect(files).toMatchObject([{ recordsRead: 2, recordsJudged: 2, recordsRejected: 0, format: 'gaad' }]);
    expect(summary.verdicts).toEqual({ fail: 2, pass: 0, 'not-applicable': 0, error: 0 });
  });

  it('count evidence of an organisation, and leave it aside', async () => {
    const folder = temporaryFolder();
    const document = inCheckout('test', 'formats', 'fixtures', 'organization.json');
    put(folder, '2026-02-01/a.json', dump(['A']));
    put(folder, '2026-02-01/organization.json', readFileSync(document));
    const { files, summary } = await read(folder);
    expect(
      files.map(({ recordsRead, recordsOfOrganizations }) => [recordsRead, recordsOfOrganizations]),
    ).toEqual([
      [1, 0],
      [13, 13],
    ]);
    expect(summary).toMatchObject({
      recordsRead: 14,
      recordsJudged: 1,
      recordsOfOrganizations: 13,
      leftAside: [{ what: 'evidence of an organisation', files: 1 }],
    });
  });

  it('of a file come before the file is told of, with its hash', async () => {
    const folder = temporaryFolder();
    put(folder, '2026-02-01/a.json', dump(['A']));
    put(folder, '2026-02-01/b.json', dump(['B']));
    const told: string[] = [];
    const judging = judgeEvidence(folder, {
      onEvidence: ({ path, sha256 }) => told.push(`${path.slice(-6)} ${sha256}`),
    });
    for await (const { roleName, evidence } of judging) {
      expect(evidence.sha256).toBeNull();
      told.push(roleName);
    }
    const sha256 = (name: string) =>
      createHash('sha256')
        .update(dump([name]))
        .digest('hex');
    expect(told).toEqual(['A', `a.json ${sha256('A')}`, 'B', `b.json ${sha256('B')}`]);
  });

  it('take the options of scan', async () => {
    const bare = Buffer.from(
      JSON.stringify({ Roles: [{ ...gaadRole('Open', { trust: OPEN }), AssumeRolePolicyDocument: OPEN }] }),
    );
    const dated = await read(given([bare], 'x.json'), { capturedAt: '2026-02-03', whole: true });
    expect(dated.verdicts[0]?.evidence.capturedAt).toBe('2026-02-03T00:00:00Z');
    expect(dated.summary.standing).toBe('unknown');
    expect((await read(given([bare], 'x.json'), { capturedAt: '2026-02-03' })).summary.standing).toBe(
      'incomplete',
    );
    const named = await read(given([dump(['Open'])]), {
      knownAccounts: [{ name: 'Example Vendor', accounts: [EXT] }],
    });
    expect(named.verdicts[0]?.paths[0]).toMatchObject({
      accountName: 'Example Vendor',
      relation: 'third-party',
    });
    const own = await read(given([dump(['Open'])]), { accounts: [{ Id: OWN }, { Id: EXT }] });
    expect(own.verdicts[0]).toMatchObject({ severity: 'low' });
    const forced = await read(given([dump(['Open'])]), { format: 'terraform-state' });
    expect(forced.missing.map(({ reason }) => reason)).toContain('evidence-unread');
  });
});

describe('what is missing', () => {
  it('comes as objects of no role, beside the verdicts', async () => {
    const folder = temporaryFolder();
    put(folder, '2026-02-01/a-cut.json', dump().subarray(0, -20));
    put(folder, '2026-02-01/b-cut.json.gz', gzipSync(dump()).subarray(0, 200));
    put(
      folder,
      '2026-02-01/c-odd.json',
      gaad([{ ...gaadRole('X', { trust: OPEN }), Arn: 'arn:aws:iam::12:role/X' }]),
    );
    put(folder, '2026-02-01/d-empty.json', '');
    put(folder, '2026-02-01/e-list.json', { Functions: [{ FunctionName: 'f', Runtime: 'nodejs24.x' }] });
    const { missing, files, summary } = await read(folder);
    const ends = missing.map(({ reason, verdict, evidence }) => [
      reason,
      verdict,
      evidence.source.slice(folder.length + 12),
    ]);
    expect(ends).toEqual([
      ['evidence-unread', 'error', 'a-cut.json'],
      ['evidence-unread', 'error', 'b-cut.json.gz'],
      ['arn-invalid', 'error', 'c-odd.json'],
      ['evidence-unread', 'error', 'c-odd.json'],
      ['evidence-unread', 'error', 'd-empty.json'],
    ]);
    expect(missing[0]?.evidence.sha256).toBe(files[0]?.sha256);
    expect(summary).toMatchObject({
      complete: false,
      standing: 'incomplete',
      unread: 4,
      recordsRejected: 1,
      rejects: [{ code: 'arn-invalid', count: 1 }],
    });
    expect(summary.leftAside).toMatchObject([{ files: 1, example: `${folder}/2026-02-01/e-list.json` }]);
    expect(summary.reasons).toHaveLength(2);
  });

  it('is everything where no role is found', async () => {
    const folder = temporaryFolder();
    put(folder, 'notes.txt', 'nothing of interest\n');
    const { verdicts, missing, summary } = await read(folder);
    expect(verdicts).toEqual([]);
    expect(missing).toMatchObject([
      { reason: 'no-roles', verdict: 'error', message: expect.stringContaining('No role') },
    ]);
    expect(summary).toMatchObject({ complete: false, reasons: ['no role was found in the evidence'] });
  });

  it('are accounts of the organisation without complete evidence', async () => {
    const whole = gaad([gaadRole('Open', { trust: OPEN })]);
    const bytes = [Buffer.from(JSON.stringify(whole))];
    const covered = await read(given(bytes), { accounts: { Accounts: [{ Id: OWN }] } });
    expect(covered.missing).toEqual([]);
    expect(covered.summary).toMatchObject({ complete: true, standing: 'complete', reasons: [], gaps: [] });
    const gaps = await read(given(bytes), {
      accounts: [{ Id: OWN }, { Id: OTHER, Name: 'Other' }, { Id: '999900001111', State: 'SUSPENDED' }],
    });
    expect(gaps.missing).toMatchObject([{ reason: 'account-gap', account: OTHER }]);
    expect(gaps.summary).toMatchObject({
      complete: false,
      gaps: [{ account: OTHER, name: 'Other', why: 'no-evidence' }],
    });
    const cut = await read(given(bytes), { accounts: { Accounts: [{ Id: OWN }], NextToken: 'more' } });
    expect(cut.summary).toMatchObject({ complete: false, standing: 'incomplete' });
    expect((await read(given(bytes))).summary).toMatchObject({ complete: false, standing: 'unknown' });
  });

  it('is an account that one file shows whole and another of the same time does not', async () => {
    const folder = temporaryFolder();
    put(folder, '2026-02-01/whole.json', gaad([gaadRole('Open', { trust: OPEN })]));
    const accounts = [{ Id: OWN }];
    expect((await read(folder, { accounts })).summary.gaps).toEqual([]);
    put(
      folder,
      '2026-02-01/page.json',
      gaad([gaadRole('Page', { trust: OPEN })], { IsTruncated: true, Marker: 'x' }),
    );
    expect((await read(folder, { accounts })).summary.gaps).toMatchObject([
      { account: OWN, why: 'never-complete' },
    ]);
    put(folder, '2026-01-01/whole.json', gaad([gaadRole('Open', { trust: OPEN })]));
    expect((await read(folder, { accounts })).summary.gaps).toEqual([]);
  });
});

describe('evidence given as a stream', () => {
  const bytes = dump();
  const webStream = (chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });

  it('may be a Node.js stream, a web stream or any iterable, compressed or an archive', async () => {
    const folder = temporaryFolder();
    const path = put(folder, '2026-02-01/own.json', bytes);
    const expected = await read(path);
    const zipped = gzipSync(bytes);
    for (const one of [
      createReadStream(path),
      Readable.from([zipped.subarray(0, 7), zipped.subarray(7)]),
      webStream([bytes.subarray(0, 100), new Uint8Array(), bytes.subarray(100)]),
      [bytes],
    ]) {
      const streamed = await read(given(one));
      const bare = (all: readonly EvidenceVerdict[]) =>
        all.map((verdict) => ({ ...verdict, evidence: { ...verdict.evidence, source: '' } }));
      expect(bare(streamed.verdicts)).toEqual(bare(expected.verdicts));
      expect(streamed.summary.recordsJudged).toBe(3);
    }
    const archive = await read(given([zipSync({ '2026-02-01/own.json': bytes })], 'all.zip'));
    expect(archive.verdicts.map(({ evidence }) => evidence.source)).toEqual(
      Array.from({ length: 3 }, () => 'all.zip!/2026-02-01/own.json'),
    );
    expect(archive.files.map(({ path, format }) => [path, format])).toEqual([
      ['all.zip!/2026-02-01/own.json', 'gaad'],
      ['all.zip', 'zip'],
    ]);
  });

  it('gives the same however it is cut into chunks', async () => {
    const expected = await read(given([bytes]));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(await read(given(chunks))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('is not whole when it breaks off', async () => {
    const many = dump(Array.from({ length: 2_000 }, (_, at) => `R${at}`));
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield many.subarray(0, many.length / 2);
      throw new Error('the other side hung up');
    }
    const broken = await read(given(failing()));
    expect(broken.verdicts.length).toBeGreaterThan(900);
    expect(broken.files).toMatchObject([{ status: 'incomplete', bytes: Math.floor(many.length / 2) }]);
    expect(broken.missing).toMatchObject([
      { reason: 'evidence-unread', message: expect.stringContaining('hung up') },
    ]);
    expect(broken.summary.complete).toBe(false);
    async function* never(): AsyncGenerator<Uint8Array> {
      yield* [];
      throw new Error('no connection');
    }
    const none = await read(given(never()));
    expect(none.missing[0]?.message).toContain('no connection');
    const texts = await read(given(['text'] as unknown as readonly Uint8Array[]));
    expect(texts.missing[0]?.message).toContain('gives a string where bytes');
  });

  it('is read no faster than verdicts are taken', async () => {
    let pulled = 0;
    function* chunks(): Generator<Uint8Array> {
      yield Buffer.from('{"RoleDetailList":[');
      for (let index = 0; index < 200; index++) {
        pulled++;
        const roles = Array.from({ length: 40 }, (_, at) => gaadRole(`R${index}x${at}`, { trust: OPEN }));
        yield Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(roles).slice(1, -1)}`);
      }
      yield Buffer.from(']}');
    }
    let taken = 0;
    for await (const verdict of judgeEvidence(given(chunks()))) {
      taken++;
      expect(verdict.verdict).toBe('fail');
      // What is recognised by its first bytes is read ahead by so much.
      if (taken === 1) expect(pulled).toBeLessThan(20);
      if (taken === 4_000) expect(pulled).toBeLessThan(130);
    }
    expect([taken, pulled]).toEqual([8_000, 200]);
  });
});

describe('a loop that ends early', () => {
  const endless = (): { readonly stream: Readable; sent: number } => {
    const state = { stream: new Readable(), sent: 0 };
    state.stream._read = () => {
      if (state.sent++ === 0) state.stream.push('{"RoleDetailList":[');
      else
        state.stream.push(
          `${JSON.stringify(gaadRole(`R${state.sent}`, { trust: OPEN })).padEnd(70_000, ' ')},`,
        );
    };
    return state;
  };

  it('closes what is open and does not look complete', async () => {
    const { stream } = endless();
    const judging = judgeEvidence(given(stream), { accounts: [{ Id: OWN }] });
    for await (const { roleName } of judging) if (roleName === 'R5') break;
    expect(stream.destroyed).toBe(true);
    expect(judging.summary()).toMatchObject({
      complete: false,
      ended: false,
      standing: 'incomplete',
      reasons: ['the evidence was not read to its end'],
    });
  });

  it.runIf(process.platform === 'linux')('leaves no file open', async () => {
    const folder = temporaryFolder();
    const roles = Array.from({ length: 3_000 }, (_, at) => gaadRole(`R${at}`, { trust: OPEN }));
    const path = put(folder, '2026-02-01/own.json', gaad(roles));
    const isOpen = () =>
      readdirSync('/proc/self/fd').some((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`) === path;
        } catch {
          return false;
        }
      });
    for await (const _ of judgeEvidence(path)) {
      expect(isOpen()).toBe(true);
      break;
    }
    expect(isOpen()).toBe(false);
  });

  it('ends at the signal, though nothing comes', async () => {
    let closed = false;
    async function* silent(): AsyncGenerator<Uint8Array> {
      try {
        yield dump().subarray(0, 10);
        await delay(60_000, undefined, { ref: false });
      } finally {
        closed = true;
      }
    }
    const stopper = new AbortController();
    const judging = judgeEvidence(given(silent()), { signal: stopper.signal });
    const ended = expect(read2(judging)).rejects.toThrow('enough');
    await delay(20);
    stopper.abort(new Error('enough'));
    await ended;
    expect(closed).toBe(false);
    expect(judging.summary()).toMatchObject({ complete: false, ended: false });

    const stream = new Readable({ read() {} });
    const again = new AbortController();
    const waiting = judgeEvidence(given(stream), { signal: again.signal });
    const refused = expect(read2(waiting)).rejects.toThrow('enough');
    await delay(20);
    again.abort(new Error('enough'));
    await refused;
    expect(stream.destroyed).toBe(true);
  });

  it('does not begin after the signal, and ends at it between two verdicts', async () => {
    const reason = new Error('stopped');
    const { stream } = endless();
    await expect(read2(judgeEvidence(given(stream), { signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    );
    expect(stream.destroyed).toBe(true);
    const stopper = new AbortController();
    const seen: string[] = [];
    const loop = async () => {
      for await (const { roleName } of judgeEvidence(given([dump()]), { signal: stopper.signal })) {
        seen.push(roleName);
        stopper.abort(reason);
      }
    };
    await expect(loop()).rejects.toBe(reason);
    expect(seen).toEqual(['Open']);
  });

  async function read2(judging: AsyncIterable<unknown>): Promise<void> {
    for await (const _ of judging);
  }
});

describe('what cannot be', () => {
  it('is refused at once, or by the loop where it has to be looked at', async () => {
    const wrong: readonly (readonly [unknown, object, string])[] = [
      ['x', { account: '12' }, 'usage'],
      ['x', { capturedAt: 'soon' }, 'usage'],
      ['x', { asOf: '2026-02-30' }, 'usage'],
      ['x', { format: 'none' }, 'usage'],
      ['x', { accounts: {} }, 'configuration-invalid'],
      ['x', { knownAccounts: [{ name: 'V', accounts: ['1'] }] }, 'configuration-invalid'],
      [null, {}, 'usage'],
      [7, {}, 'usage'],
      [[7], {}, 'usage'],
      [{ name: 'x', bytes: 'text' }, {}, 'usage'],
    ];
    for (const [evidence, options, code] of wrong) {
      expect(() => judgeEvidence(evidence as string, options)).toThrow(expect.objectContaining({ code }));
    }
    await expect(read(join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'file-not-found' });
    const empty = join(temporaryFolder(), 'empty');
    mkdirSync(empty);
    await expect(read(empty)).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(read([])).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('is a second loop: there is nothing left to read', async () => {
    const judging = judgeEvidence(given([dump()]));
    for await (const _ of judging);
    await expect(async () => {
      for await (const _ of judging);
    }).rejects.toMatchObject({ code: 'usage' });
  });
});

/** Closed by them, or narrowed: a store gives other notes and another severity then. */
function changedByGuardrails(one: Record<string, unknown>): boolean {
  const { verdict, guardrail, notes } = one as unknown as VerdictObject;
  return guardrail !== null && (guardrail.verdict !== verdict || notes.includes('guardrails-narrow'));
}

function placeOf({ rule, arn, evidence }: EvidenceVerdict): string {
  return [rule, arn, evidence.source, evidence.offset].join(' ');
}
