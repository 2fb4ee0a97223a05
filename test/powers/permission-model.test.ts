import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inCheckout } from '../checkout.ts';
import { ended, MAIN } from '../cli/built.ts';
import { gaad, gaadRole, OPEN, put } from '../cli/evidence.ts';
import { folderOfTest } from '../temporary-folder.ts';

const at = folderOfTest();
const PROGRAM = ['dist', 'node_modules', 'package.json'].map((name) => inCheckout(name));

/** Runs the program as docs/threat-model.md says, with the powers that Node.js leaves it. */
async function confined(args: readonly string[]) {
  const reads = [...PROGRAM, at('evidence'), at('out')].map((path) => `--allow-fs-read=${path}`);
  const powers = [
    '--permission',
    '--allow-worker',
    '--allow-addons',
    ...reads,
    `--allow-fs-write=${at('out')}`,
  ];
  return ended(spawn(process.execPath, [...powers, MAIN, ...args], { cwd: at('out') }));
}

function putEvidence(): void {
  mkdirSync(at('out'));
  put(at('evidence'), '2026-04-30/roles.json', gaad([gaadRole('Open', { trust: OPEN })]));
  put(at('elsewhere'), '2026-04-30/roles.json', gaad([gaadRole('Open', { trust: OPEN })]));
}

describe("under Node.js's permission model", { timeout: 120_000 }, () => {
  it('scans with threads, and reports', async () => {
    putEvidence();
    const scanned = await confined(['scan', at('evidence'), '--jobs', '2', '--csv', 'scan.csv', '--quiet']);
    expect([scanned.code, existsSync(at('out', 'scan.csv'))]).toEqual([0, true]);
    const reported = await confined(['report', '--format', 'ndjson']);
    expect([reported.code, JSON.parse(reported.stdout)]).toMatchObject([
      0,
      { roleName: 'Open', verdict: 'fail' },
    ]);
  });

  it('says what it may not write, and does not take evidence that it may not read for none', async () => {
    putEvidence();
    await confined(['scan', at('evidence'), '--quiet']);
    const written = await confined(['report', '-o', at('evidence', 'report.csv')]);
    expect(written.code).toBe(2);
    expect(written.stderr).toMatch(/^error: cannot write .*ERR_ACCESS_DENIED/m);
    const read = await confined(['scan', at('elsewhere'), '--db', 'other.db', '--quiet']);
    expect([read.code, read.stderr]).toEqual([2, expect.stringMatching(/^error: .*elsewhere/m)]);
    expect(existsSync(at('evidence', 'report.csv'))).toBe(false);
  });
});
