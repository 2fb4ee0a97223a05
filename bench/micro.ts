/** Single steps: a verdict from the memo, a verdict on a policy never seen, rows into the store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench } from 'tinybench';
import { VerdictMemo } from '../src/audit/memo.ts';
import type { RoleRecord, TrustPolicy } from '../src/model/record.ts';
import { evaluateTrustPolicy } from '../src/rules/judge.ts';
import { openStore } from '../src/store/store.ts';
import { median } from './child.ts';
import { Organisation } from './generate-organisation.ts';

const ROLES = 50_000;
const CAPTURED = '2026-02-01T00:00:00Z';

export async function benchMicro(milliseconds: number): Promise<void> {
  const roles = [...records()];
  const memo = new VerdictMemo();
  for (const { trust, account, partition } of roles) memo.evaluate(trust, account, partition);
  const cold = [...new Map(roles.map((role) => [textOf(role.trust), role])).values()];

  const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 3 });
  bench.add('memo', () => {
    for (const { trust, account, partition } of roles) memo.evaluate(trust, account, partition);
  });
  await bench.run();
  const [task] = bench.tasks;
  if (task === undefined || !('latency' in task.result)) throw new Error('nothing was measured');
  const memoNs = (task.result.latency.p50 * 1e6) / roles.length;

  const coldMicroseconds = cold.map(({ trust, account, partition }) => {
    const began = performance.now();
    evaluateTrustPolicy(trust, account, partition);
    return (performance.now() - began) * 1000;
  });
  const rowsPerSecond = [1, 2, 3].map(() => storeAll(roles, memo));

  console.log('\nsingle steps');
  console.table([
    { step: 'verdict from the memo', median: `${memoNs.toFixed(0)} ns`, of: `${roles.length} roles` },
    {
      step: 'verdict on a policy not seen before',
      median: `${median(coldMicroseconds).toFixed(1)} µs`,
      of: `${cold.length} policies, 99 in 100 below ${percentile(coldMicroseconds, 0.99).toFixed(0)} µs`,
    },
    {
      step: 'roles into a fresh store',
      median: `${Math.round(median(rowsPerSecond) / 1000)} thousand a second`,
      of: `${roles.length} roles, one transaction`,
    },
  ]);
}

function* records(): Iterable<RoleRecord> {
  const organisation = new Organisation({
    seed: 1,
    roles: ROLES,
    accounts: 10,
    policies: 300,
    unique: 0.05,
    crossAccount: 0.25,
  });
  for (let number = 0; number < ROLES; number++) {
    const account = organisation.accounts[Math.floor(number / (ROLES / 10))] as string;
    const role = organisation.role(account, number);
    yield {
      account,
      partition: 'aws',
      arn: role.arn,
      roleName: role.name,
      roleId: role.id,
      trust: { state: 'document', text: JSON.stringify(role.trust) },
      status: 'live',
      capturedAt: CAPTURED,
      version: '',
      offset: number * 6000,
      pointer: '',
    };
  }
}

function storeAll(roles: readonly RoleRecord[], memo: VerdictMemo): number {
  const folder = mkdtempSync(join(tmpdir(), 'trustsieve-bench-'));
  const store = openStore(join(folder, 'bench.db'), { mode: 'write' });
  try {
    const began = performance.now();
    const run = store.beginRun({
      startedAt: CAPTURED,
      asOf: CAPTURED,
      toolVersion: 'bench',
      rules: ['D9.AWS.IAM.99'],
      options: null,
    });
    const writer = run.evidence();
    for (const role of roles) writer.add(role, memo.evaluate(role.trust, role.account, role.partition));
    writer.finish({
      evidence: { path: 'bench.json', bytes: 1, sha256: '0', modifiedAt: null },
      format: 'gaad',
      capturedFrom: 'option',
      captures: [...new Set(roles.map(({ account }) => account))].map((account) => ({
        account,
        capturedAt: CAPTURED,
        complete: true,
        reasons: [],
      })),
      recordsRead: roles.length,
      status: 'complete',
      problems: [],
    });
    return (roles.length * 1000) / (performance.now() - began);
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}

function textOf(trust: TrustPolicy): string {
  return trust.state === 'document' ? trust.text : trust.state;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] as number;
}
