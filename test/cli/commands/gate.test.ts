import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { OTHER, OWN } from '../../exposure/cases/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { GUARDED, gaad, gaadRole, OPEN, put } from '../evidence.ts';
import { cli } from '../harness.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** One capture; returns its path. */
function capture(
  day: string,
  trust: Readonly<Record<string, unknown>>,
  account = OWN,
  more: object = {},
): string {
  const roles = Object.entries(trust).map(([name, one]) => gaadRole(name, { account, trust: one }));
  return put(folder, `${day}-${account}.json`, gaad(roles, more));
}

const scan = (...paths: string[]) =>
  cli(['scan', ...paths, '--db', join(folder, 's.db'), '--as-of', '2026-05-01', '--quiet', '--fail-on-new']);
/** As the gate says what `diff` counts. */
async function diffCounts(from: string, to: string): Promise<string> {
  const { stdout } = await cli(['diff', from, to, '--db', join(folder, 's.db'), '--format', 'json']);
  const { summary } = JSON.parse(stdout) as { readonly summary: Readonly<Record<string, number>> };
  const counts = ['new', 'resolved', 'changed', 'reopened', 'unchanged'].map(
    (key) => `${summary[key]} ${key}`,
  );
  return `${counts.join(', ')}, ${summary['notComparable']} not comparable`;
}
const CUT = { IsTruncated: true, Marker: 'next' };

describe('--fail-on-new', () => {
  it('has nothing to compare the first scan with, and says so', async () => {
    const { exit, stderr } = await scan(capture('2026-01-31', { A: OPEN }));
    expect(stderr).toContain('1 account is covered for the first time');
    expect(exit).toBe(0);
  });

  it('passes findings that were there, and fails on those that were not', async () => {
    await scan(capture('2026-01-31', { A: OPEN, B: GUARDED }));
    expect((await scan(capture('2026-02-28', { A: OPEN, B: GUARDED }))).exit).toBe(0);
    const opened = await scan(capture('2026-03-31', { A: OPEN, B: OPEN, C: OPEN }));
    expect(opened.exit).toBe(1);
    expect(opened.stderr).toContain(`2 new findings, the first of arn:aws:iam::${OWN}:role/B`);
    expect(opened.stderr).toContain(await diffCounts('2', '3'));
    expect((await scan(capture('2026-03-31', { A: OPEN, B: OPEN, C: OPEN }))).exit).toBe(0);
  });

  it('fails on a finding that had been resolved', async () => {
    await scan(capture('2026-01-31', { A: OPEN }));
    await scan(capture('2026-02-28', { A: GUARDED }));
    const { exit, stderr } = await scan(capture('2026-03-31', { A: OPEN, B: OPEN }));
    expect(stderr).toContain(`1 new finding, 1 reopened finding, the first of arn:aws:iam::${OWN}:role/A`);
    expect(stderr).toContain(await diffCounts('2', '3'));
    expect(exit).toBe(1);
  });

  it('does not gate an account that is covered for the first time', async () => {
    await scan(capture('2026-01-31', { A: OPEN }));
    const { exit, stderr } = await scan(capture('2026-02-28', { V: OPEN }, OTHER));
    expect(stderr).toContain('1 account is covered for the first time');
    expect(exit).toBe(0);
    expect((await scan(capture('2026-03-31', { V: OPEN, W: OPEN }, OTHER))).exit).toBe(1);
  });

  it('judges captures read in one go like one after the other', async () => {
    const files = [capture('2026-01-31', { A: OPEN }), capture('2026-02-28', { A: OPEN, B: OPEN })];
    expect((await scan(...files)).exit).toBe(1);
  });

  it('compares with what was read before, not with the capture before', async () => {
    await scan(capture('2026-01-31', { A: OPEN }));
    const files = [capture('2026-02-28', { A: OPEN, B: OPEN }), capture('2026-03-31', { A: OPEN, B: OPEN })];
    expect((await scan(...files)).exit).toBe(1);
  });

  it('is quiet when older evidence is read later', async () => {
    await scan(capture('2026-03-31', { A: OPEN }));
    expect((await scan(capture('2026-01-31', { A: GUARDED }))).exit).toBe(0);
  });

  it('does not take a role that a cut export left out for new', async () => {
    await scan(capture('2026-01-31', { A: OPEN, B: OPEN }));
    expect((await scan(capture('2026-02-28', { A: OPEN }, OWN, CUT))).exit).toBe(3);
    // What the cut export lacks stays known, which outranks the gate; what the gate finds is said all the same.
    const third = await scan(capture('2026-03-31', { A: OPEN, B: OPEN }));
    expect(third.stderr).not.toContain('gate failed');
    expect(third.exit).toBe(3);
    const fourth = await scan(capture('2026-04-30', { A: OPEN, B: OPEN, C: OPEN }));
    expect(fourth.stderr).toContain(`: arn:aws:iam::${OWN}:role/C is a new finding`);
    expect(fourth.exit).toBe(3);
  });

  it('fails on what a cut export may have left out, where nothing ever showed it', async () => {
    expect((await scan(capture('2026-01-31', { A: OPEN }, OWN, CUT))).exit).toBe(3);
    const second = await scan(capture('2026-02-28', { A: OPEN }));
    expect(second.stderr).not.toContain('gate failed');
    expect(second.exit).toBe(3);
    rmSync(join(folder, 's.db'));
    await scan(capture('2026-01-31', { A: OPEN }, OWN, CUT));
    const { exit, stderr } = await scan(capture('2026-02-28', { A: OPEN, B: OPEN }));
    expect(stderr).toMatch(/role\/B is a finding that the evidence before, being incomplete, neither shows/);
    expect(stderr).toContain('0 new, 0 resolved, 0 changed, 0 reopened, 1 unchanged, 1 not comparable\n');
    expect(stderr).toContain(await diffCounts('1', '2'));
    expect(exit).toBe(3);
  });

  it('fails on what only a cut export had shown since, which no gate has passed', async () => {
    await scan(capture('2026-01-31', { A: OPEN }));
    expect((await scan(capture('2026-02-28', { A: OPEN, B: OPEN }, OWN, CUT))).exit).toBe(3);
    // Another account alone leaves it as the runs before had read it.
    expect((await scan(capture('2026-02-28', { V: OPEN }, OTHER))).exit).toBe(3);
    const { exit, stderr } = await scan(capture('2026-03-31', { A: OPEN, B: OPEN }));
    expect(stderr).toContain(`role/B is a new finding`);
    expect(exit).toBe(3);
  });

  it('counts what exceptions accept, and lets it pass', async () => {
    await scan(capture('2026-01-31', { A: OPEN }));
    const accepted = put(
      folder,
      'accepted.yaml',
      `exceptions: [{id: E-1, account: '${OWN}', role: B, principal: '*', reason: known, expires: 2026-12-31}]`,
    );
    const path = capture('2026-02-28', { A: OPEN, B: OPEN });
    const { exit, stderr } = await scan(path, '--exceptions', accepted);
    expect(stderr).toContain('1 new, 0 resolved');
    expect(stderr).toContain('; exceptions accept 1 that would fail the gate\n');
    expect(exit).toBe(0);
  });
});
