import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, type Outcome } from '../cli/harness.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import {
  arnOf,
  type EvidenceFile,
  evidenceFile,
  type Kind,
  LINKED,
  POLICIES,
  type PolicyName,
  policySha256,
  type Shown,
} from './model/evidence.ts';
import { AS_OF, rowsOfNdjson, storeOf, type ToldRow } from './model/told.ts';

/** The smallest histories in which a rule of docs/history.md decides what is told. */

const ACCOUNT = '111122223333';
const ONE = 'AROAONE00000000000000';
const TWO = 'AROATWO00000000000000';
const day = (n: number): string => `2026-01-${String(n).padStart(2, '0')}T00:00:00Z`;

const fresh = (): string => join(temporaryFolder(), 'in');

const role = (policy: PolicyName, id = ONE, name = 'A'): Shown => ({ name, id, policy });
/** A file of a day; exports that claim all roles show a service-linked one too. */
function on(n: number, kind: Kind, ...shows: readonly Shown[]): EvidenceFile {
  const linked = ['gaad', 'gaad-cut', 'list-whole', 'cloudquery', 'config-snapshot'].includes(kind);
  return evidenceFile(kind, ACCOUNT, day(n), { shows: linked ? [LINKED, ...shows] : shows });
}
const deletionOn = (n: number, id = ONE, name = 'A'): EvidenceFile =>
  evidenceFile('config-history', ACCOUNT, day(n), { gone: [{ name, id }] });

const storeWith = (...files: readonly EvidenceFile[]): Promise<string> => storeOf(fresh(), files);

const report = (db: string, format = 'ndjson', ...more: readonly string[]): Promise<Outcome> =>
  cli(['report', '--db', db, '--format', format, '--status', 'all', ...more]);

/** The rows of the role A, or of another. */
async function rowsOf(db: string, name = 'A'): Promise<readonly ToldRow[]> {
  const { stdout } = await report(db);
  return rowsOfNdjson(stdout).filter(({ arn }) => arn === arnOf(ACCOUNT, name));
}

interface DiffJson {
  readonly coverage: { readonly accounts: object };
  readonly changes: readonly Record<string, string | null>[];
}

async function diffJson(db: string, from: number, to: number): Promise<DiffJson> {
  const { stdout } = await cli(['diff', day(from), day(to), '--db', db, '--format', 'json', '--all']);
  return JSON.parse(stdout) as DiffJson;
}

/** `change cause name id`, of each finding on either day. */
async function diff(db: string, from: number, to: number): Promise<readonly string[]> {
  const { changes } = await diffJson(db, from, to);
  return changes.map(({ change, cause, arn, roleId }) => {
    const id = roleId === ONE ? '1' : roleId === TWO ? '2' : `'${roleId}'`;
    return [change, cause ?? '-', arn?.split('/').at(-1), id].join(' ');
  });
}

/** `[roles, fail, new, resolved]` of each day, without the service-linked role. */
async function trend(db: string): Promise<readonly (readonly number[])[]> {
  const { stdout } = await cli(['trend', '--by', 'day', '--db', db, '--format', 'json']);
  const { points } = JSON.parse(stdout) as { points: readonly Record<string, number>[] };
  return points.map((point) => ['roles', 'fail', 'new', 'resolved'].map((key) => point[key] ?? -1));
}

/** Scans one after the other, the last with the gate. */
async function gate(...files: readonly EvidenceFile[]): Promise<Outcome> {
  const own = temporaryFolder();
  let last: Outcome = { exit: 0, stdout: '', stderr: '' };
  for (const { name, text } of files) {
    const path = join(own, name);
    writeFileSync(path, text);
    const options = ['--db', join(own, 's.db'), '--as-of', AS_OF, '--quiet', '--fail-on-new'];
    last = await cli(['scan', path, ...options]);
  }
  return last;
}

describe('complete captures', () => {
  it('a selection beside a whole export of the same moment takes nothing from it', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third'), role('third', TWO, 'B')),
      on(1, 'prowler', role('third', '')),
      on(9, 'gaad', role('third')),
      on(9, 'prowler', role('third', '')),
    );
    expect(await rowsOf(db, 'B')).toEqual([]);
    expect(await diff(db, 1, 9)).toEqual(['unchanged - A 1', 'resolved role-deleted B 2']);
    expect((await report(db)).exit).toBe(0);
  });

  it('nor do several, each with its own reason', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third'), role('third', TWO, 'B')),
      on(9, 'gaad', role('third')),
      on(9, 'get-role', role('third')),
      on(9, 'config-history', role('third')),
      on(9, 'list-maybe', role('third')),
      on(9, 'config-without-roles'),
    );
    expect(await diff(db, 1, 9)).toEqual(['unchanged - A 1', 'resolved role-deleted B 2']);
    expect((await diffJson(db, 1, 9)).coverage.accounts).toMatchObject({ incomplete: 0 });
  });

  it('a cut export does, unless a whole one shows its roles', async () => {
    const before = on(1, 'gaad', role('third'), role('third', TWO, 'B'));
    const whole = on(9, 'cloudquery', role('third'));
    const covered = await storeWith(before, whole, on(9, 'gaad-cut', role('third', '')));
    expect(await diff(covered, 1, 9)).toEqual(['unchanged - A 1', 'resolved role-deleted B 2']);
    const further = await storeWith(before, whole, on(9, 'gaad-cut', role('third', ONE, 'C')));
    expect(await diff(further, 1, 9)).toContain('not-comparable incomplete-evidence B 2');
  });

  it('a regional snapshot of AWS Config without roles is no capture of the account', async () => {
    const files = [on(1, 'gaad', role('third')), on(5, 'config-without-roles')];
    const db = await storeWith(...files);
    expect(await rowsOf(db)).toMatchObject([{ state: 'baseline', lastSeen: day(1) }]);
    expect((await diffJson(db, 1, 9)).coverage.accounts).toEqual({
      both: 1,
      onlyFrom: 0,
      onlyTo: 0,
      carriedForward: 1,
      incomplete: 0,
    });
    expect(await trend(db)).toEqual([[2, 1, 0, 0]]);
    expect((await report(db)).exit).toBe(0);
    expect((await report(await storeWith(on(5, 'config-without-roles')))).exit).toBe(3);
  });
});

describe('what stands', () => {
  it('a late deletion of another id takes nothing away', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third', ONE)),
      on(2, 'gaad', role('anyone', TWO)),
      deletionOn(3, ONE),
    );
    expect(await rowsOf(db)).toMatchObject([{ roleId: TWO, verdict: 'fail', lastSeen: day(2) }]);
    expect(await diff(db, 1, 9)).toEqual(['resolved role-recreated A 1', 'new role-recreated A 2']);
    expect(await diff(db, 2, 9)).toEqual(['unchanged - A 2']);
  });

  it('nor does that of an id that nobody saw from a role without id', async () => {
    const db = await storeWith(on(1, 'prowler', role('third', '')), deletionOn(2, ONE));
    expect(await rowsOf(db)).toMatchObject([{ roleId: '', lastSeen: day(1) }]);
  });

  it('a list without ids speaks of the role that stands', async () => {
    const db = await storeWith(on(1, 'gaad', role('third')), on(2, 'prowler', role('anyone', '')));
    expect(await rowsOf(db)).toMatchObject([
      { roleId: ONE, lets: ['*'], firstSeen: day(1), lastSeen: day(2), state: 'changed' },
    ]);
    expect(await diff(db, 1, 2)).toEqual(['changed policy-changed A 1']);
    expect(await trend(db)).toEqual([
      [2, 1, 0, 0],
      [2, 1, 0, 0],
    ]);
  });

  it('a role without id is the one that is then shown with its id', async () => {
    const db = await storeWith(on(1, 'prowler', role('guarded', '')), on(2, 'gaad', role('guarded')));
    expect(await rowsOf(db)).toMatchObject([{ roleId: ONE, firstSeen: day(1), lastSeen: day(2) }]);
  });

  it('what was seen of a role before its id was told is nothing of the next role without one', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third', '')),
      on(2, 'gaad', role('third')),
      on(3, 'gaad'),
      on(4, 'gaad', role('third', '')),
    );
    expect(await rowsOf(db)).toMatchObject([{ roleId: '', state: 'new', firstSeen: day(4) }]);
    expect(await diff(db, 1, 4)).toEqual(["resolved role-recreated A ''", "new role-recreated A ''"]);
  });

  it('so it is when the id is told gone in the moment in which the next one is seen', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third', '')),
      on(2, 'gaad', role('third')),
      deletionOn(3),
      on(3, 'prowler', role('third', '')),
    );
    expect(await rowsOf(db)).toMatchObject([{ roleId: '', state: 'new', firstSeen: day(3) }]);
  });

  it('what was gone before another role without an id was told one is not of that role', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third', '')),
      on(2, 'gaad'),
      on(3, 'gaad', role('guarded', '')),
      on(4, 'gaad', role('guarded')),
      on(5, 'gaad'),
      on(6, 'gaad', role('third', '')),
    );
    expect(await rowsOf(db)).toMatchObject([{ roleId: '', state: 'reopened', firstSeen: day(1) }]);
    expect(await diff(db, 1, 4)).toEqual(["resolved role-recreated A ''"]);
  });

  it('what another id has replaced does not come back when that one is gone', async () => {
    for (const first of [on(1, 'get-role', role('third', ONE)), on(1, 'prowler', role('third', ''))]) {
      for (const id of [TWO, '']) {
        const db = await storeWith(first, on(2, 'get-role', role('third', TWO)), deletionOn(3, id));
        expect(await rowsOf(db)).toEqual([]);
      }
    }
  });

  it('a list without ids shows the one role of the ARN, whichever of two had stood', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('two', ONE), role('third', TWO)),
      on(2, 'prowler', role('guarded', '')),
    );
    expect(await rowsOf(db)).toMatchObject([{ roleId: ONE, verdict: 'pass', lastSeen: day(2) }]);
    expect(await diff(db, 1, 2)).toEqual(['resolved guard-added A 1', 'resolved role-deleted A 2']);
  });

  it('later evidence changes nothing of an earlier moment', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third')),
      on(2, 'gaad', role('third')),
      deletionOn(3),
      on(4, 'gaad'),
    );
    expect(await diff(db, 1, 2)).toEqual(['unchanged - A 1']);
    expect(await diff(db, 2, 3)).toEqual(['resolved role-deleted A 1']);
  });

  it('an outcome was first seen when the role first had it, a pass too', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('guarded')),
      on(2, 'gaad', role('third')),
      on(3, 'gaad', role('guarded')),
    );
    expect(await rowsOf(db)).toMatchObject([{ verdict: 'pass', firstSeen: day(1), lastSeen: day(3) }]);
  });

  it('the fingerprint of a finding does not hang on whether the id is shown', async () => {
    const fingerprint = async (...files: readonly EvidenceFile[]): Promise<string> => {
      const { stdout } = await report(await storeWith(...files), 'ocsf');
      const events = stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { unmapped: { arn?: string; fingerprint?: string } })
        .flatMap(({ unmapped }) => unmapped.fingerprint ?? []);
      return events.join(' ');
    };
    const [named, nameless] = [on(1, 'gaad', role('third')), on(1, 'prowler', role('third', ''))];
    expect(await fingerprint(named)).not.toBe('');
    expect(await fingerprint(named, on(2, 'prowler', role('third', '')))).toBe(await fingerprint(named));
    expect(await fingerprint(nameless, on(2, 'get-role', role('third')))).toBe(await fingerprint(nameless));
  });
});

describe('disagreement', () => {
  const expectWorst = async (db: string, roleId: string, verdict: string, lets: string): Promise<void> => {
    const rows = await rowsOf(db);
    const lost = rows.find((row) => row.roleId === roleId);
    expect(lost).toMatchObject({ verdict, lets: lets === '' ? [] : lets.split(' '), disputed: true });
    expect((await report(db)).exit).toBe(3);
  };

  it('of verdicts the worst stands, whatever the hashes of the policies', async () => {
    const failing: readonly PolicyName[] = ['third', 'other', 'two', 'anyone'];
    const harmless: readonly PolicyName[] = ['guarded', 'service'];
    const pairs = failing.flatMap((one) => harmless.map((other) => [one, other] as const));
    const greater = pairs.map(([one, other]) => policySha256(one) > policySha256(other));
    expect(new Set(greater).size).toBe(2);
    for (const [one, other] of pairs) {
      const db = await storeWith(on(1, 'gaad', role(one)), on(1, 'cloudquery', role(other)));
      await expectWorst(db, ONE, 'fail', POLICIES[one].lets.join(' '));
    }
  });

  it.each<[string, PolicyName, PolicyName, string, string]>([
    ['an undecided one before a pass', 'damaged', 'guarded', 'error', ''],
    ['a finding before an undecided one', 'damaged', 'other', 'fail', '555566667777'],
    ['a pass before one that nobody can use', 'service', 'guarded', 'pass', ''],
    ['who lets anyone in before who lets in two', 'two', 'anyone', 'fail', '*'],
    ['who lets in more', 'third', 'two', 'fail', '444455556666 555566667777'],
  ])('of two policies %s', async (_what, one, other, verdict, lets) => {
    await expectWorst(
      await storeWith(on(1, 'gaad', role(one)), on(1, 'prowler', role(other, ''))),
      ONE,
      verdict,
      lets,
    );
  });

  it('a role that one file shows and another says is gone stands', async () => {
    const db = await storeWith(on(1, 'gaad', role('third')), deletionOn(1));
    await expectWorst(db, ONE, 'fail', '444455556666');
  });

  it('so does one that a file that claims all roles lacks', async () => {
    const lacking = await storeWith(on(1, 'gaad', role('third')), on(1, 'config-snapshot'));
    await expectWorst(lacking, ONE, 'fail', '444455556666');
    const selected = await storeWith(on(1, 'gaad'), on(1, 'prowler', role('third', '')));
    await expectWorst(selected, '', 'fail', '444455556666');
  });

  it('two ids of one ARN at one moment both stand', async () => {
    const db = await storeWith(on(1, 'gaad', role('third', ONE)), on(1, 'cloudquery', role('guarded', TWO)));
    expect(await rowsOf(db)).toMatchObject([
      { roleId: ONE, verdict: 'fail', disputed: true },
      { roleId: TWO, verdict: 'pass', disputed: true },
    ]);
    expect((await report(db)).exit).toBe(3);
  });

  it('two records of one file can disagree too', async () => {
    const db = await storeWith(on(1, 'gaad', role('guarded'), role('third')));
    await expectWorst(db, ONE, 'fail', '444455556666');
  });

  it('is over when the files of a later moment agree', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third')),
      on(1, 'cloudquery', role('guarded')),
      on(2, 'gaad', role('guarded')),
    );
    expect(await rowsOf(db)).toMatchObject([{ verdict: 'pass', disputed: false }]);
    expect((await report(db)).exit).toBe(0);
    expect(await diff(db, 1, 2)).toEqual(['resolved guard-added A 1']);
  });
});

describe('between two looks', () => {
  const cut = (n: number): EvidenceFile => on(n, 'gaad-cut');

  it('the same capture on both sides changes nothing, whatever it leaves open', async () => {
    const db = await storeWith(on(1, 'gaad', role('third')), cut(2));
    expect(await diff(db, 2, 9)).toEqual(['unchanged - A 1']);
    expect(await diff(db, 1, 9)).toEqual(['not-comparable incomplete-evidence A 1']);
  });

  it('a proven deletion stays proven when a cut capture follows', async () => {
    const deleted = await storeWith(on(1, 'gaad', role('third')), deletionOn(2), cut(3));
    expect(await diff(deleted, 1, 3)).toEqual(['resolved role-deleted A 1']);
    const lacking = await storeWith(on(1, 'gaad', role('third')), on(2, 'gaad'), cut(3));
    expect(await diff(lacking, 1, 3)).toEqual(['resolved role-deleted A 1']);
  });

  it('a finding that was in doubt is resolved when it is seen to be over', async () => {
    const gone = await storeWith(on(1, 'gaad', role('third')), cut(2), on(3, 'gaad'));
    expect(await diff(gone, 2, 3)).toEqual(['resolved role-deleted A 1']);
    const guarded = await storeWith(on(1, 'gaad', role('third')), cut(2), on(3, 'get-role', role('guarded')));
    expect(await diff(guarded, 2, 3)).toEqual(['resolved guard-added A 1']);
  });

  it('a role that takes the ARN of another is new, also in an account that was never complete', async () => {
    const db = await storeWith(
      on(1, 'get-role', role('third', ONE)),
      on(2, 'get-role', role('third', TWO), role('third', ONE, 'B')),
    );
    expect(await diff(db, 1, 2)).toEqual([
      'resolved role-recreated A 1',
      'new role-recreated A 2',
      'not-comparable incomplete-evidence B 1',
    ]);
  });

  it('also after a gap', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third', ONE)),
      cut(2),
      on(3, 'get-role', role('third', TWO)),
    );
    expect(await diff(db, 2, 3)).toEqual(['resolved role-recreated A 1', 'new role-recreated A 2']);
  });

  it('and after a deletion, as long as no gap follows it', async () => {
    const deleted = [on(1, 'get-role', role('third', ONE)), deletionOn(2)];
    const anew = on(4, 'get-role', role('third', TWO));
    expect(await diff(await storeWith(...deleted, anew), 2, 4)).toEqual(['new role-recreated A 2']);
    expect(await diff(await storeWith(...deleted, cut(3), anew), 3, 4)).toEqual([
      'not-comparable incomplete-evidence A 2',
    ]);
    const same = on(4, 'get-role', role('third', ONE));
    expect(await diff(await storeWith(...deleted, cut(3), same), 3, 4)).toEqual([
      'reopened role-created A 1',
    ]);
  });

  it('but not after that of an id that nobody saw, which says nothing of others', async () => {
    const db = await storeWith(deletionOn(1, ONE), on(2, 'gaad', role('third', TWO)));
    expect((await diffJson(db, 1, 2)).changes).toMatchObject([{ change: 'not-comparable', roleId: TWO }]);
    const idless = await storeWith(deletionOn(1, ''), on(2, 'gaad', role('third', TWO)));
    expect((await diffJson(idless, 1, 2)).changes).toMatchObject([{ change: 'new', roleId: TWO }]);
  });

  it('a role without id that is seen twice was not made anew', async () => {
    const seen = (n: number): EvidenceFile => on(n, 'prowler', role('third', ''));
    const db = await storeWith(on(1, 'gaad'), seen(2), seen(3));
    expect(await diff(db, 1, 3)).toEqual(["new role-created A ''"]);
  });

  it('a trend counts what is new in an account that was never complete, but not at its first point', async () => {
    const db = await storeWith(
      on(1, 'get-role', role('third')),
      on(2, 'get-role', role('third', TWO, 'B')),
      on(3, 'get-role', role('guarded')),
    );
    expect(await trend(db)).toEqual([
      [1, 1, 0, 0],
      [2, 2, 1, 0],
      [2, 1, 0, 1],
    ]);
  });

  it('nothing is new or reopened after an undecidable look', async () => {
    const db = await storeWith(
      on(1, 'gaad', role('third')),
      on(2, 'gaad', role('damaged')),
      on(3, 'gaad', role('third')),
    );
    const expected = ['not-comparable incomplete-evidence A 1'];
    expect(await diff(db, 1, 2)).toEqual(expected);
    expect(await diff(db, 2, 3)).toEqual(expected);
    expect(await rowsOf(db)).toMatchObject([{ state: 'not-comparable', firstSeen: day(1) }]);
  });
});

it('a report of an earlier moment is the one that was made then', async () => {
  const then = [
    on(1, 'gaad', role('third')),
    on(2, 'gaad', role('guarded')),
    on(2, 'prowler', role('third', '')),
  ];
  const later = [deletionOn(3), on(4, 'gaad-cut', role('anyone', TWO))];
  const own = fresh();
  const before = await storeOf(own, then, 1, 'then.db');
  const since = await storeOf(own, [...later, ...then], 2, 'since.db');
  for (const format of ['ndjson', 'csv', 'html', 'sarif', 'ocsf', 'md']) {
    const made = await report(before, format);
    const again = await report(since, format, '--at', '2026-01-02');
    expect([format, again.stdout]).toEqual([format, made.stdout]);
    expect([format, again.exit]).toEqual([format, 3]);
    expect([format, made.exit]).toEqual([format, 3]);
  }
});

describe('the gate', () => {
  it('lets a finding pass of which the look before was undecidable', async () => {
    const { exit } = await gate(on(1, 'gaad', role('damaged')), on(2, 'gaad', role('third')));
    expect(exit).toBe(0);
  });

  it.each<[PolicyName, PolicyName, number]>([
    ['third', 'two', 1],
    ['third', 'other', 1],
    ['two', 'anyone', 1],
    ['two', 'third', 0],
    ['anyone', 'third', 0],
    ['third', 'third', 0],
  ])('from %s to %s ends with %i', async (before, now, expected) => {
    const { exit, stderr } = await gate(on(1, 'gaad', role(before)), on(2, 'gaad', role(now)));
    expect(exit).toBe(expected);
    if (expected === 1) expect(stderr).toMatch(/^gate failed .*lets more accounts in$/m);
  });
});

it('runs are compared in the order of their evidence only', async () => {
  const own = fresh();
  const db = await storeOf(own, [on(2, 'gaad', role('third')), on(1, 'gaad', role('third'))], 2);
  const { exit, stdout, stderr } = await cli(['diff', '1', '2', '--db', db]);
  expect(exit).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.split('\n')[0]).toContain(ACCOUNT);
});
