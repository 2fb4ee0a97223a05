import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STRANGER_ACCOUNTS } from '../../../src/exposure/strangers.ts';
import { openReport } from '../../../src/history/report/report.ts';
import { evaluateRequest } from '../../../src/iam/oracle/evaluate.ts';
import type { KnownAccount } from '../../../src/model/relations.ts';
import { evaluateTrustPolicy } from '../../../src/rules/judge.ts';
import { openStore } from '../../../src/store/index.ts';
import { allow, policy } from '../../exposure/cases/index.ts';
import { AT, roleRecord } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const RULE = 'D9.AWS.IAM.99';
const OWN = '111122223333';
const WORLD = JSON.stringify(policy(allow({ AWS: '*' })));
const PATTERN = JSON.stringify(
  policy(allow({ AWS: '*' }, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy' } })),
);
const folder = temporaryFolder();
let stores = 0;

/** The accounts in the witnesses of a store with these policies and lists, by role name. */
function strangersIn(
  policies: Readonly<Record<string, string>>,
  known: ReadonlyMap<string, KnownAccount> = new Map(),
  account = OWN,
) {
  const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
  const run = store.beginRun({ startedAt: AT, asOf: AT, toolVersion: '1', rules: [RULE], options: {} });
  for (const [roleName, text] of Object.entries(policies)) {
    const writer = run.evidence();
    const record = roleRecord({ roleName, policy: text, account });
    writer.add(record, { account, verdicts: [evaluateTrustPolicy({ state: 'document', text }, account)] });
    writer.finish({
      evidence: { path: `${roleName}.json`, sha256: roleName, bytes: 1, modifiedAt: null },
      format: 'test',
      capturedFrom: 'name',
      captures: [{ account, capturedAt: record.capturedAt, complete: true, reasons: [] }],
      recordsRead: 1,
      status: 'complete',
      problems: [],
    });
  }
  store.saveRelations({ accounts: known, organisationKnown: false });
  const found = new Map<string, string>();
  for (const { object, policy: text } of openReport(store, { asOf: AT }).verdicts({ outcomes: ['fail'] })) {
    const witness = object.witness!;
    expect(evaluateRequest(text!, witness)).toBe('allowed');
    expect(object.message.match(/\d{12}/g) ?? []).toEqual(
      object.message.includes('such as') ? [witness.principalAccount] : [],
    );
    found.set(object.roleName, witness.principalAccount);
  }
  store.close();
  return Object.fromEntries(found);
}

it('anybody in a witness is an account that nothing in the store names', () => {
  expect(strangersIn({ World: WORLD, Pattern: PATTERN })).toEqual({
    World: '909090909090',
    Pattern: '909090909090',
  });
  const guarded = policy(
    allow({ AWS: '909090909090' }, { StringEquals: { 'sts:ExternalId': '8f14e45fce' } }),
  );
  const others = { World: WORLD, Pattern: PATTERN, Vendor: JSON.stringify(guarded) };
  expect(strangersIn(others)).toEqual({ World: '818181818181', Pattern: '818181818181' });
  const listed = new Map([['818181818181', { name: 'Vendor', relation: 'third-party' } as const]]);
  expect(strangersIn(others, listed)).toEqual({ World: '727272727272', Pattern: '727272727272' });
  expect(strangersIn({ World: WORLD }, new Map(), '909090909090')).toEqual({ World: '818181818181' });
});

it('at a moment in the past is one that nothing named by then', () => {
  const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
  const [first = '', second = '', third = ''] = STRANGER_ACCOUNTS;
  const texts = [WORLD, JSON.stringify(policy(allow({ AWS: `arn:aws:iam::${first}:root` }))), WORLD];
  for (const [index, text] of texts.entries()) {
    if (index === 2) {
      const known = new Map([[second, { name: 'Vendor', relation: 'third-party' as const }]]);
      store.saveRelations({ accounts: known, organisationKnown: false });
    }
    const run = store.beginRun({ startedAt: AT, asOf: AT, toolVersion: '1', rules: [RULE], options: {} });
    const writer = run.evidence();
    const capturedAt = `2026-01-0${index + 1}T00:00:00Z`;
    const record = roleRecord({ roleName: `${index}`, policy: text, account: OWN, capturedAt });
    writer.add(record, {
      account: OWN,
      verdicts: [evaluateTrustPolicy({ state: 'document', text }, OWN)],
    });
    writer.finish({
      evidence: { path: `${index}.json`, sha256: `${index}`, bytes: 1, modifiedAt: null },
      format: 'test',
      capturedFrom: 'name',
      captures: [{ account: OWN, capturedAt, complete: false, reasons: ['changes-only'] }],
      recordsRead: 1,
      status: 'complete',
      problems: [],
    });
  }
  const strangerAt = (at: string): string | null => store.readerAt(at).strangerAccount();
  expect([1, 2, 3].map((day) => strangerAt(`2026-01-0${day}T24`))).toEqual([first, second, third]);
  expect(store.reader.strangerAccount()).toBe(third);
  const [oldest] = [...openReport(store, { asOf: AT, at: '2026-01-01T24' }).verdicts({ outcomes: ['fail'] })];
  expect(oldest?.object.witness?.principalAccount).toBe(first);
  store.close();
});
