/**
 * `npm run test:cluster`: a scan in 20 parts under a real Slurm, by the files of deploy/slurm. A node is killed in the middle,
 * with all that runs on it; what is merged must give the reports of one scan, byte for byte. Takes minutes. Slurm is unpacked and lives
 * in one temporary folder, which is removed in the end: nothing is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackSlurm } from './cluster/packages.ts';
import { type Job, SlurmCluster } from './cluster/slurm.ts';
import { until } from './cluster/until.ts';

const PARTS = 20;
const ROLES = process.argv[2] ?? '60000';
const REPORTS = ['report.html', 'findings.csv', 'findings.ndjson'];
const OPTIONS = ['--as-of', '2026-06-30'];

const root = fileURLToPath(new URL('../', import.meta.url));
const program = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'trustsieve-cluster-'));
const at = (...names: readonly string[]): string => join(folder, ...names);
const result = at('out/result');
const began = performance.now();

const interrupted = Promise.withResolvers<never>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.reject(new Error(`stopped by ${signal}`)));
}
let cluster: SlurmCluster | null = null;
try {
  await Promise.race([main(), interrupted.promise]);
  say('passed');
} catch (error) {
  for (const name of ['log', 'out/log']) showLogs(at(name));
  console.error(error);
  process.exitCode = 1;
} finally {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
}
// What was still awaited when a signal came would keep the process alive.
process.exit();

async function main(): Promise<void> {
  say(`unpacking Slurm and munge into ${folder}`);
  const slurm = new SlurmCluster(folder, unpackSlurm(folder));
  cluster = slurm;
  say(`generating ${ROLES} roles in 40 files`);
  run(join(root, 'build/bench/generate.js'), ['--folder', at('evidence'), '--roles', ROLES], [0]);
  await slurm.start();
  submit(slurm);
  const lost = await killNode(slurm);
  await beginAgain(slurm, lost);
  await until('array and merge have ended', async () => (await slurm.jobs()).length === 0);
  for (const { id } of lost) {
    const job = await slurm.command('scontrol', 'show', 'job', id);
    if (!/ Restarts=1 /.test(job) || !/ JobState=COMPLETED /.test(job)) throw new Error(job);
  }
  compare();
}

function submit(slurm: SlurmCluster): void {
  const env = {
    ...slurm.env,
    PARTS: String(PARTS),
    EVIDENCE: at('evidence'),
    OUT: at('out'),
    OPTIONS: OPTIONS.join(' '),
    TRUSTSIEVE: `${process.execPath} ${program}`,
    REPORTS: REPORTS.join(' '),
  };
  const { status, stdout, stderr } = spawnSync('sh', [join(root, 'deploy/slurm/submit.sh')], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`submit.sh ended with ${status}: ${stderr}`);
  say(stdout.trim());
}

/** Kills one node once some parts are done and it is in the midst of another; returns what it had. */
async function killNode(slurm: SlurmCluster): Promise<readonly Job[]> {
  await until('three parts are done and the second node scans', () => {
    return doneParts().length >= 3 && slurm.commandsOf('n2').some((words) => words.includes('scan'));
  });
  const pids = await slurm.kill('n2');
  const lost = (await slurm.jobs()).filter(({ state, node }) => state === 'RUNNING' && node === 'n2');
  say(`killed node n2 and ${pids.length} processes on it, with ${doneParts().length} of ${PARTS} parts done`);
  if (lost.length === 0) throw new Error('the node had ended all it had when it was killed');
  return lost;
}

/** Slurm notices after a while, and lets the parts of a failed node wait for two minutes, which we cut short. */
async function beginAgain(slurm: SlurmCluster, lost: readonly Job[]): Promise<void> {
  const ids = lost.map(({ id }) => id);
  await until('Slurm has queued the parts of the killed node again', async () => {
    const waiting = (await slurm.jobs()).filter(({ id, state }) => ids.includes(id) && state === 'PENDING');
    return waiting.length === ids.length;
  });
  for (const id of ids) await slurm.command('scontrol', 'update', `JobId=${id}`, 'StartTime=now');
  say(`Slurm has queued again what the node had: job ${ids.join(', ')}`);
}

function compare(): void {
  const left = readdirSync(at('out')).filter((name) => !/^(?:part-\d+-of-20|result|log)$/.test(name));
  const scratch = readdirSync(at('scratch'));
  if (left.length + scratch.length > 0) throw new Error(`left behind: ${[...left, ...scratch].join(', ')}`);
  const store = at('one.db');
  const scanned = run(program, ['scan', at('evidence'), ...OPTIONS, '--db', store, '--quiet'], [0, 3]);
  if (!existsSync(join(result, 'done'))) throw new Error('the merge left no result');
  const marker = readFileSync(join(result, 'done'), 'utf8');
  const [, code] = /^exit code: (\d+)$/m.exec(marker) ?? [];
  if (Number(code) !== scanned) throw new Error(`one scan ends with ${scanned}, the merge with ${code}`);
  for (const name of REPORTS) {
    run(program, ['report', '--db', store, '--output', at(name)], [scanned]);
    const [one, merged] = [readFileSync(at(name)), readFileSync(join(result, name))];
    if (!one.equals(merged)) throw new Error(`${name} differs: ${one.length} and ${merged.length} bytes`);
    say(`${name} is that of one scan, ${one.length} bytes, exit code ${code}`);
  }
}

function doneParts(): readonly string[] {
  const names = existsSync(at('out')) ? readdirSync(at('out')) : [];
  return names.filter((name) => name.startsWith('part-') && existsSync(at('out', name, 'done')));
}

function run(script: string, args: readonly string[], answers: readonly number[]): number {
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  if (status === null || !answers.includes(status)) {
    throw new Error(`${script} ${args.join(' ')} ended with ${status}: ${stderr}`);
  }
  return status;
}

function showLogs(path: string): void {
  for (const name of existsSync(path) ? readdirSync(path) : []) {
    console.error(`\n${name}\n${readFileSync(join(path, name), 'utf8').split('\n').slice(-30).join('\n')}`);
  }
}

function say(what: string): void {
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`);
}
