import { chmodSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Finding, type FindingFilter, openStore, type StoreScope } from '../../src/api/store.ts';
import { put, putOrganisation } from '../cli/evidence.ts';
import { cli } from '../cli/harness.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const SAMPLES = new URL('../../samples/', import.meta.url).pathname;

let samples: string;
beforeAll(async () => {
  const folder = temporaryFolder();
  samples = join(folder, 'samples.db');
  const scan = ['scan', '--db', samples, '--as-of', '2026-06-01', '--accounts', `${SAMPLES}accounts.json`];
  const exceptions = [
    '--exceptions',
    `${SAMPLES}exceptions.yaml`,
    '--known-accounts',
    `${SAMPLES}vendors.yaml`,
  ];
  await cli([...scan, ...exceptions, `${SAMPLES}evidence/2026-01-31`]);
  await cli([...scan, ...exceptions, `${SAMPLES}evidence`]);
}, 60_000);

async function reported(db: string, args: readonly string[]): Promise<readonly unknown[]> {
  const { stdout } = await cli(['report', '--db', db, '--format', 'ndjson', ...args]);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
}

function found(db: string, scope: StoreScope = {}, filter?: FindingFilter): readonly Finding[] {
  const store = openStore(db, scope);
  try {
    return [...store.findings(filter)];
  } finally {
    store.close();
  }
}

describe('the findings of a store', () => {
  it('are the objects of a report, in all scopes and states', { timeout: 60_000 }, async () => {
    const cases: readonly (readonly [StoreScope, FindingFilter | undefined, readonly string[]])[] = [
      [{}, undefined, []],
      [{}, { status: 'all' }, ['--status', 'all']],
      [{}, { status: ['fail'] }, ['--status', 'fail']],
      [{}, { status: ['pass', 'not-applicable'] }, ['--status', 'pass,not-applicable']],
      [{ run: 1 }, { status: 'all' }, ['--status', 'all', '--run', '1']],
      [{ at: '2026-02-28' }, { status: 'all' }, ['--status', 'all', '--at', '2026-02-28']],
      [{ asOf: '2027-06-01' }, { status: 'all' }, ['--status', 'all', '--as-of', '2027-06-01']],
      [{ maxAge: 10, staleAfter: 1 }, undefined, ['--max-age', '10', '--stale-after', '1']],
    ];
    for (const [scope, filter, args] of cases) {
      const own = found(samples, scope, filter);
      const theirs = await reported(samples, args);
      expect(own.length).toBeGreaterThan(5);
      expect(JSON.stringify(own), args.join(' ')).toBe(JSON.stringify(theirs));
    }
    const all = found(samples);
    expect(new Set(all.map(({ state }) => state)).size).toBeGreaterThan(3);
    expect(all.some(({ suppressedBy }) => suppressedBy !== null)).toBe(true);
    expect(all.some(({ arn, reason }) => arn === '' && reason === 'account-gap')).toBe(true);
  });

  it('of one rule are told apart, and what is missing is told all the same', async () => {
    const folder = temporaryFolder();
    putOrganisation(folder);
    const rules = put(folder, 'rules.yaml', `- {id: OWN.1, logic: "IamRole should have path like '/%'"}\n`);
    const db = join(folder, 'a.db');
    put(folder, 'gaad/2026-04-30/cut.json', '{"RoleDetailList": [');
    await cli(['scan', join(folder, 'gaad'), '--db', db, '--rules', rules]);
    const ids = (filter: FindingFilter) =>
      [...new Set(found(db, {}, filter).map(({ rule, arn }) => arn && rule))].sort();
    expect(ids({ status: 'all' })).toEqual(['', 'D9.AWS.IAM.99', 'OWN.1']);
    expect(ids({ status: 'all', rule: 'OWN.1' })).toEqual(['', 'OWN.1']);
    expect(ids({ status: ['pass'], rule: 'OWN.1' })).toEqual(['OWN.1']);
    expect(() => ids({ rule: 'OWN.2' })).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(found(db, {}, { status: 'all' })).toEqual(await reported(db, ['--status', 'all']));
  });
});

describe('what a store lacks', () => {
  it('is told with the words of a report', async () => {
    const store = openStore(samples);
    const { complete, standing, reasons, gaps, unread } = store.completeness();
    const { stderr } = await cli(['report', '--db', samples, '--format', 'ndjson']);
    expect({ complete, standing }).toEqual({ complete: false, standing: 'incomplete' });
    expect(stderr).toBe(`incomplete (exit 3): ${reasons.join(', ')}\n`);
    expect(gaps.map(({ account }) => account)).toEqual(['555566667777', '777788889999']);
    const lossy = [...store.evidence()].filter(({ loss }) => loss === 'missing');
    expect(lossy.length).toBeGreaterThanOrEqual(unread);
    expect([...store.rejects()]).toMatchObject([{ code: 'arn-invalid' }]);
    expect([...store.disagreements()]).toEqual([]);
    store.close();
  });

  it('is nothing only where a member list shows it', async () => {
    const folder = temporaryFolder();
    putOrganisation(folder);
    const db = join(folder, 'a.db');
    await cli(['scan', join(folder, 'gaad'), '--db', db]);
    const before = openStore(db);
    expect(before.completeness()).toMatchObject({ complete: false, standing: 'unknown', reasons: [] });
    const accounts = [...before.accounts()].map(({ account }) => ({ Id: account }));
    before.close();
    const list = put(folder, 'accounts.json', { Accounts: accounts });
    await cli(['scan', join(folder, 'gaad'), '--db', db, '--accounts', list]);
    const after = openStore(db);
    expect(after.completeness()).toMatchObject({ complete: true, standing: 'complete', interrupted: [] });
    expect(after.runs()).toHaveLength(2);
    after.close();
  });
});

describe('a store that is open', () => {
  it('adds up: lists, totals and changes agree', () => {
    const store = openStore(samples);
    const totals = store.totals();
    const accounts = [...store.accounts()];
    expect(accounts).toHaveLength(totals.accounts);
    expect(accounts.reduce((sum, { roles }) => sum + roles, 0)).toBe(totals.roles);
    const files = [...store.evidence()];
    expect(files).toHaveLength(totals.files);
    expect(files.reduce((sum, { recordsRead }) => sum + recordsRead, 0)).toBe(totals.recordsRead);
    const states = [...store.findings({ status: ['fail'] })].map(({ state }) => state);
    expect(states.filter((state) => state === 'new')).toHaveLength(store.changes().new);
    store.close();
  });

  it('can be read by several loops at once, again, and partly', () => {
    const store = openStore(samples);
    const all = store.findings();
    const whole = [...all].length;
    let inner = 0;
    for (const _ of all) {
      for (const __ of all) inner++;
      for (const __ of store.evidence()) break;
      if (inner > 2 * whole) break;
    }
    expect(inner).toBe(3 * whole);
    expect([...all]).toHaveLength(whole);
    store.close();
  });

  it('throws once it is closed, lists under way too', () => {
    const store = openStore(samples);
    const closed = expect.objectContaining({ code: 'usage', message: `the store \`${samples}\` is closed` });
    const seen: Finding[] = [];
    expect(() => {
      for (const finding of store.findings()) {
        seen.push(finding);
        store.close();
      }
    }).toThrow(closed);
    expect(seen).toHaveLength(1);
    expect(() => store.completeness()).toThrow(closed);
    expect(() => store.runs()).toThrow(closed);
    expect(() => [...store.evidence()]).toThrow(closed);
    store.close();
  });

  it('is not written to, and may lie where nothing can be written', () => {
    const folder = join(temporaryFolder(), 'disk');
    mkdirSync(folder);
    const path = join(folder, 'a.db');
    copyFileSync(samples, path);
    chmodSync(path, 0o400);
    chmodSync(folder, 0o500);
    try {
      expect(found(path)).toEqual(found(samples));
      expect(readdirSync(folder)).toEqual(['a.db']);
    } finally {
      chmodSync(folder, 0o700);
    }
  });
});

describe('what cannot be opened', () => {
  it('is refused with a code', async () => {
    const folder = temporaryFolder();
    const text = join(folder, 'text.db');
    writeFileSync(text, 'no database at all, only text that goes on for a while');
    const cases: readonly (readonly [string, StoreScope, string])[] = [
      [join(folder, 'none.db'), {}, 'store-not-found'],
      [text, {}, 'store-unwritable'],
      [samples, { run: 99 }, 'not-found'],
      [samples, { at: '2020-01-01' }, 'not-found'],
      [samples, { at: 'soon' }, 'usage'],
      [samples, { run: 1, at: '2026-02-01' }, 'usage'],
      [samples, { run: 1.5 }, 'usage'],
      [samples, { asOf: 'later' }, 'usage'],
      [samples, { maxAge: -1 }, 'usage'],
    ];
    for (const [path, scope, code] of cases) {
      expect(() => openStore(path, scope), JSON.stringify(scope)).toThrow(expect.objectContaining({ code }));
    }
    const store = openStore(samples);
    for (const status of [['failed'], [], 'fail']) {
      const filter = { status } as unknown as FindingFilter;
      expect(() => store.findings(filter)).toThrow(expect.objectContaining({ code: 'usage' }));
    }
    store.close();
  });
});
