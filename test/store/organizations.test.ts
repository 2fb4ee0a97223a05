import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openReport } from '../../src/history/report/report.ts';
import { relationOf, relationsFor } from '../../src/model/relations.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import {
  fact,
  INNER,
  MANAGEMENT,
  ORG,
  OUTER,
  ROOT,
  SANDBOX,
  WORKLOAD,
  wholeFacts,
} from '../model/organizations.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { dumpStore } from './dump.ts';
import { AT, beginRun, roleRecord, scan, type TestFile, writeFile } from './files.ts';

const [JANUARY, FEBRUARY] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'] as const;
const OUTSIDE = '999988887777';

function newStore(): Store {
  return openStore(join(temporaryFolder(), 's.db'), { mode: 'write' });
}

function file(
  path: string,
  facts: readonly ReturnType<typeof fact>[],
  capturedAt: string = JANUARY,
  content = path,
): TestFile {
  const plain = facts.map(({ at: _, ...one }) => one);
  return {
    path,
    content,
    captures: [],
    records: [],
    organization: { capturedAt, facts: plain, accepted: facts.length, duplicate: 1 },
  };
}

/** Roles of an account, all of them. */
function roles(account: string, capturedAt = JANUARY): TestFile {
  const captures = [{ account, capturedAt, complete: true, reasons: [] }];
  return { path: `${account}-${capturedAt}.json`, captures, records: [roleRecord({ account, capturedAt })] };
}

/** One fact each, in files of its own. */
const SPLIT = wholeFacts().map((one, index) => file(`${index}.json`, [one]));
const policiesOf = (store: Store, account: string, at: string | null = null) =>
  store.reader
    .organizationOf(account, at)
    ?.policiesOf(account)
    .policies?.map(({ id }) => id) ?? null;

describe('organisation evidence in the store', () => {
  it('says the same in whichever files and scans it came', () => {
    const dumps: unknown[] = [];
    for (const scans of [
      [SPLIT],
      [SPLIT.toReversed()],
      SPLIT.map((one) => [one]),
      [SPLIT.slice(8), SPLIT, SPLIT],
    ]) {
      const store = newStore();
      for (const files of scans) scan(store, files);
      expect(policiesOf(store, WORKLOAD)).toEqual(['p-perimeter1']);
      expect(store.reader.organizations(null)[0]?.members.get(WORKLOAD)?.path).toBe(
        `${ORG}/${ROOT}/${OUTER}/${INNER}/`,
      );
      store.close();
      dumps.push(dumpStore(store.path));
    }
    for (const dump of dumps) expect(dump).toEqual(dumps[0]);
  });

  it('is counted, and of the time that it says', () => {
    const store = newStore();
    const [row] = scan(store, [file('o.json', wholeFacts(), FEBRUARY)]);
    const count = wholeFacts().length;
    expect(row).toMatchObject({
      recordsRead: count + 1,
      recordsAccepted: count,
      recordsDuplicate: 1,
      capturedAt: FEBRUARY,
    });
    expect(store.reader.organizations(null)[0]?.capturedAt).toBe(FEBRUARY);
  });

  it('holds from its time on', () => {
    const store = newStore();
    scan(store, [
      roles(WORKLOAD),
      file('o.json', wholeFacts(), JANUARY),
      file('p.json', [fact('targets', 'p-perimeter1', [])], FEBRUARY),
    ]);
    expect(policiesOf(store, WORKLOAD, '2025-12-31T00:00:00')).toBeNull();
    expect(store.reader.organizations('2025-12-31T00:00:00')).toEqual([]);
    expect(policiesOf(store, WORKLOAD, '2026-01-01T00:00:00')).toEqual(['p-perimeter1']);
    expect(policiesOf(store, WORKLOAD, '2026-01-31T00:00:00')).toEqual(['p-perimeter1']);
    expect(policiesOf(store, WORKLOAD, '2026-02-01T00:00:00')).toEqual([]);
    expect(policiesOf(store, WORKLOAD)).toEqual([]);
    // The reader of a moment knows nothing later, whatever it is asked.
    const then = store.readerAt('2026-01-15T00:00:00');
    expect(then.organizationOf(WORKLOAD, null)?.policiesOf(WORKLOAD).policies).toHaveLength(1);
    expect(then.organizationOf(WORKLOAD, '2026-02-01T00:00:00')?.policiesOf(WORKLOAD).policies).toHaveLength(
      1,
    );
    expect([...then.evidenceRows(null)].map(({ path }) => path)).not.toContain('p.json');
    expect(store.readerAt('2025-06-01T00:00:00').members()).toBeNull();
  });

  it('goes with the run that read it, and is replaced when it reads otherwise', () => {
    const store = newStore();
    scan(store, [roles(WORKLOAD)]);
    const before = store.listRuns().length;
    scan(store, [file('o.json', wholeFacts())]);
    expect(policiesOf(store, WORKLOAD)).toEqual(['p-perimeter1']);
    const changed = wholeFacts().map((one) => (one.kind === 'targets' ? { ...one, value: '[]' } : one));
    scan(store, [file('o.json', changed)]);
    expect(policiesOf(store, WORKLOAD)).toEqual([]);
    store.forgetRun(before + 1);
    store.forgetRun(before + 2);
    expect(store.reader.organizations(null)).toEqual([]);
    expect(store.reader.members()).toBeNull();
    store.close();
    expect(dumpStore(store.path).members).toEqual([]);
  });

  it('is nothing of a file that was given up', () => {
    const store = newStore();
    const run = beginRun(store);
    const writer = run.evidence();
    writer.organization(file('o.json', wholeFacts()).organization as NonNullable<TestFile['organization']>);
    writer.abandon();
    writeFile(run, roles(WORKLOAD));
    expect(store.reader.organizations(null)).toEqual([]);
  });
});

describe('members of an organisation', () => {
  const gapsOf = (store: Store) =>
    openReport(store, { asOf: AT })
      .completeness()
      .gaps.map(({ account, why }) => [account, why]);
  const inView = (store: Store) => {
    const db = new Database(store.path, { readonly: true });
    try {
      return db.prepare('SELECT account_id, why FROM v_account_gap').raw().all();
    } finally {
      db.close();
    }
  };

  it('should be there, as those of a list that was given', () => {
    const store = newStore();
    scan(store, [roles(WORKLOAD), file('o.json', wholeFacts())]);
    expect(store.reader.members()).toMatchObject({
      whole: true,
      members: [
        { account: MANAGEMENT },
        { account: WORKLOAD, name: 'Workload' },
        { account: SANDBOX, status: 'SUSPENDED' },
      ],
    });
    expect(gapsOf(store)).toEqual([[MANAGEMENT, 'no-evidence']]);
    expect(inView(store)).toEqual(gapsOf(store));
    // What is closed by one and open by the other is open; what either names is a member.
    const given = [SANDBOX, OUTSIDE].map((account) => ({
      account,
      name: `given ${account}`,
      status: 'ACTIVE',
    }));
    store.saveMembers({ members: given, whole: false });
    expect(gapsOf(store).map(([account]) => account)).toEqual([MANAGEMENT, SANDBOX, OUTSIDE]);
    expect(inView(store)).toEqual(gapsOf(store));
    expect(store.reader.members()).toMatchObject({ whole: true });
  });

  it('are not known where no evidence lists them all', () => {
    const store = newStore();
    scan(store, [
      roles(WORKLOAD),
      file(
        'o.json',
        wholeFacts().filter(({ kind }) => kind !== 'accounts'),
      ),
    ]);
    expect(store.reader.members()).toBeNull();
    expect(gapsOf(store)).toEqual([]);
    expect(inView(store)).toEqual([[null, 'members-unknown']]);
    store.saveMembers({ members: [{ account: WORKLOAD, name: null, status: 'ACTIVE' }], whole: false });
    expect(inView(store)).toEqual([[null, 'members-cut']]);
  });

  it('belong together, and are third parties to members of another', () => {
    const store = newStore();
    scan(store, [roles(WORKLOAD), file('o.json', wholeFacts())]);
    const of = (owner: string, other: string) =>
      relationOf(other, relationsFor(store.reader.relations(), owner));
    expect(of(WORKLOAD, SANDBOX)).toBe('same-organisation');
    const db = new Database(store.path, { readonly: true });
    const account = db.prepare('SELECT account_id, name, relation FROM v_account').raw();
    expect(account.all()).toEqual([[WORKLOAD, 'Workload', 'same-organisation']]);
    expect(of(WORKLOAD, OUTSIDE)).toBe('third-party');
    expect(of(OUTSIDE, WORKLOAD)).toBe('third-party');
    expect(of(OUTSIDE, '123443211234')).toBe('unknown');
    scan(store, [file('p.json', [fact('accounts', '', [OUTSIDE], undefined, 'o-another001')])]);
    expect(of(WORKLOAD, OUTSIDE)).toBe('third-party');
    expect(of(OUTSIDE, WORKLOAD)).toBe('third-party');
    expect(of(OUTSIDE, OUTSIDE)).toBe('same-organisation');
    expect(account.all()).toEqual([[WORKLOAD, 'Workload', 'unknown']]);
    db.close();
  });

  it('of two organisations at one moment belong to neither', () => {
    const store = newStore();
    const other = (at: string) =>
      file(`${at}.json`, [fact('accounts', '', [WORKLOAD], undefined, 'o-another001')], at);
    scan(store, [file('o.json', wholeFacts()), other(JANUARY)]);
    expect(store.reader.organizationOf(WORKLOAD, null)).toBeNull();
    scan(store, [other(FEBRUARY)]);
    expect(store.reader.organizationOf(WORKLOAD, null)?.id).toBe('o-another001');
  });
});

it('belongs to no organisation where two of the newest claim it, whatever an older one says', () => {
  const claim = (organization: string, capturedAt: string): TestFile =>
    file(`${organization}.json`, [fact('accounts', '', [WORKLOAD], undefined, organization)], capturedAt);
  const of = (...files: readonly TestFile[]): string | undefined => {
    const store = newStore();
    scan(store, files);
    const found = store.reader.organizationOf(WORKLOAD, null)?.id;
    store.close();
    return found;
  };
  const newest = [claim('o-exampleorg1', FEBRUARY), claim('o-exampleorg2', FEBRUARY)];
  expect(of(newest[0] as TestFile, claim('o-exampleorg3', JANUARY))).toBe('o-exampleorg1');
  expect(of(...newest)).toBeUndefined();
  expect(of(...newest, claim('o-exampleorg3', JANUARY))).toBeUndefined();
});

it('goes with a capture of its day or later, and where that leaves none, with the one before', () => {
  const store = newStore();
  const times = ['2026-01-01T05:00:00', '2026-01-01T05:20:00', '2026-02-01T05:00:00', '2026-02-01T07:00:00'];
  scan(
    store,
    times.map((at) => file(`${at}.json`, [fact('name', WORKLOAD, at)], `${at}Z`)),
  );
  const { reader } = store;
  const moment = (at: string, next: string) => reader.organizationMoment(at, next);
  expect(moment('2026-01-01T04:00:00', '2026-02-01T04:00:00')).toBe('2026-01-01T05:20:00');
  expect(moment('2026-01-01T06:00:00', '2026-02-01T06:00:00')).toBe('2026-01-01T05:20:00');
  expect(moment('2026-02-01T00:00:00', '2026-03-01T00:00:00')).toBe('2026-02-01T07:00:00');
  // What changed in between was not yet so.
  expect(moment('2026-01-31T23:00:00', '2026-03-01T00:00:00')).toBe('2026-01-01T05:20:00');
  // None yet: the first that was given, with what else was collected that day.
  expect(moment('2025-12-31T00:00:00', '2026-03-01T00:00:00')).toBe('2026-01-01T05:20:00');
  // Nothing of the next capture, or later.
  expect(moment('2026-02-01T04:00:00', '2026-02-01T06:00:00')).toBe('2026-02-01T05:00:00');
  expect(moment('2025-12-31T00:00:00', '2026-01-01T05:10:00')).toBe('2026-01-01T05:00:00');
  expect(moment('2025-12-01T00:00:00', '2026-01-01T05:00:00')).toBeNull();
  expect(
    store.readerAt('2026-01-15T00:00:00').organizationMoment('2026-02-01T23:00:00', '2026-03-01T00:00:00'),
  ).toBe('2026-01-01T05:20:00');
  store.close();
});

it('is news where no run before had read it', () => {
  const store = newStore();
  expect(store.reader.organizationsBeforeRun(1)).toBeNull();
  scan(store, [file('a.json', wholeFacts())]);
  scan(store, [file('b.json', [fact('name', WORKLOAD, 'New', FEBRUARY)], FEBRUARY)]);
  expect(store.reader.organizationsBeforeRun(1)).toBeNull();
  expect(store.reader.organizationsBeforeRun(2)).toBe(JANUARY.slice(0, -1));
  expect(store.reader.organizationsBeforeRun(3)).toBe(FEBRUARY.slice(0, -1));
  store.close();
});

describe('reports of a store', () => {
  const reasonsOf = (...files: readonly TestFile[]) => {
    const store = newStore();
    scan(store, [roles(WORKLOAD), roles(MANAGEMENT), ...files]);
    return openReport(store, { asOf: AT }).completeness().reasons;
  };

  it('say what cannot be, with its code, and for which account it is not known what holds', () => {
    expect(reasonsOf(...SPLIT)).toEqual([]);
    expect(reasonsOf(...SPLIT, file('x.json', [fact('parent', WORKLOAD, ROOT)]))).toEqual([
      `organisation ${ORG}: files of one moment, or one file, put ${WORKLOAD} below two parents (organization-two-parents)`,
      `organisation evidence does not show all resource control policies of account ${WORKLOAD}: it does not show in which unit ${WORKLOAD} lies (organization-guardrails-unknown)`,
    ]);
  });

  it('miss no policies where evidence speaks of none, nor for the management account', () => {
    const accounts = wholeFacts().filter(({ kind }) => ['accounts', 'name', 'status'].includes(kind));
    expect(reasonsOf(file('o.json', accounts))).toEqual([]);
    expect(
      reasonsOf(
        file(
          'o.json',
          wholeFacts().filter(({ key }) => key !== MANAGEMENT),
        ),
      ),
    ).toEqual([]);
    expect(
      reasonsOf(
        file(
          'o.json',
          wholeFacts().filter(({ key }) => key !== OUTER),
        ),
      ),
    ).toHaveLength(1);
  });
});
