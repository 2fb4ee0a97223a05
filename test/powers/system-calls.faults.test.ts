import { lstatSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inCheckout } from '../checkout.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { isOfNetwork, openedBy, startsProcess, writtenBy } from './calls.ts';
import { ESCAPES, everything, worked } from './everything.ts';
import { type Call, cannotTrace, traced } from './traced.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]) => join(folder, ...names);
const out = at('out');
/** Nothing of whoever runs the test: the program's cache and temporary files have places of their own. */
const env = { HOME: at('home'), TMPDIR: at('tmp'), PATH: process.env['PATH'], TZ: 'Europe/Madrid' };

interface Traced {
  readonly name: string;
  readonly args: readonly string[];
  readonly calls: readonly Call[];
}
const traces: Traced[] = [];
let before: readonly string[];

/** Every file below the folder but what the program may write. */
const untouched = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !['out', 'home', 'tmp'].includes(path.slice(folder.length + 1).split('/')[0] ?? ''))
    .map((path) => `${path} ${lstatSync(path).isFile() ? lstatSync(path).mtimeMs : ''}`);

beforeAll(async () => {
  expect(cannotTrace()).toBe(null);
  for (const name of ['home', 'tmp']) mkdirSync(at(name), { mode: 0o700 });
  const steps = await everything(folder);
  before = untouched();
  for (const step of steps) {
    const { calls, ...end } = await traced(step.args, { cwd: out, env, input: step.input ?? '' });
    expect(worked(step, end)).toBe('');
    traces.push({ name: step.name, args: step.args, calls });
  }
}, 1_800_000);

/** What is wrong with the calls of all command lines, a line each; the same once. */
function faults(judge: (call: Call, trace: Traced) => readonly string[]): readonly string[] {
  const found = traces.flatMap((trace) =>
    trace.calls.flatMap((call) => judge(call, trace).map((fault) => `${trace.name}: ${fault}`)),
  );
  return [...new Set(found)];
}
const shown = ({ name, args, result }: Call) => `${name}(${args}) = ${result}`;

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const isTemporary = (path: string) => isBelow(path, at('tmp'));
/** docs/air-gap.md: compiled code is kept for the next start. */
const isCache = (path: string) => isBelow(path, at('home', '.cache'));
const OWN = [
  ...['dist', 'node_modules', 'package.json'].map((name) => inCheckout(name)),
  realpathSync(process.execPath),
];
const isOwn = (path: string) => OWN.some((own) => isBelow(path, own));

/** Whether a path is one that a command line names, or belongs to it: SQLite's, unfinished ones, what stands beside a report. */
function isNamed(path: string, args: readonly string[]): boolean {
  const finished = path.replace(
    /\/\.([^/]+)\.trustsieve-[0-9a-f]{12}-[0-9a-f-]+\.tmp(?:-(?:wal|shm|journal))?(?=\/|$)/,
    '/$1',
  );
  const target = finished.replace(/\.db-(?:wal|shm|journal)$/, '.db');
  const beside = target.replace(/\.evidence(\.\w+)$|\.manifest\.json$/, '$1');
  return args.map((arg) => resolve(out, arg)).some((named) => isBelow(target, named) || beside === named);
}

const SYSTEM: readonly RegExp[] = [
  // The loader, the C library, and what Node.js asks before it begins.
  /^\/etc\/ld\.so\.(?:cache|preload)$/,
  /^\/(?:usr\/)?lib(?:64)?\//,
  /^\/etc\/ssl\/openssl\.cnf$/,
  /^\/proc\/(?:self\/(?:maps|cgroup|exe)|meminfo|version_signature|sys\/vm\/overcommit_memory)$/,
  /^\/sys\/(?:fs\/cgroup|devices\/system\/cpu)\//,
  /^\/dev\/(?:null|urandom)$/,
  // Times are UTC; the C library looks for the zone nevertheless.
  /^\/etc\/localtime$/,
  /^\/usr\/share\/zoneinfo\//,
];

describe('every command', () => {
  it('was traced', () => {
    expect(traces.length).toBeGreaterThan(40);
    for (const { name, calls } of traces) {
      const kinds = new Set(calls.map((call) => call.name));
      expect([name, kinds.has('openat'), kinds.has('execve')]).toEqual([name, true, true]);
    }
    const threads = traces.map(({ calls }) => calls.filter(({ name }) => name === 'exit').length);
    expect(Math.max(...threads)).toBeGreaterThan(8);
  });

  it('makes no system call of a network', () => {
    expect(faults((call) => (isOfNetwork(call) ? [shown(call)] : []))).toEqual([]);
  });

  it('gets no ring through which to do what cannot be seen', () => {
    const rings = traces.flatMap(({ calls }) => calls.filter(({ name }) => name === 'io_uring_setup'));
    expect(rings.length).toBeGreaterThan(0);
    for (const { result } of rings) expect(result).toContain('ENOSYS');
  });

  it('starts threads and no process', () => {
    const started = traces.map(({ name, calls }) => [name, calls.filter(startsProcess).map(shown).length]);
    // The one that strace starts is the program itself.
    expect(started).toEqual(traces.map(({ name }) => [name, 1]));
  });

  it('writes, names anew and removes nothing but what was named, what stands beside it, and temporary files', () => {
    const mayWrite = (path: string, { args }: Traced) =>
      isTemporary(path) || isCache(path) || (isBelow(path, out) && isNamed(path, args));
    expect(faults((call, trace) => writtenBy(call, out).filter((path) => !mayWrite(path, trace)))).toEqual(
      [],
    );
    const written = traces.flatMap(({ calls }) => calls.flatMap((call) => writtenBy(call, out)));
    expect(written).toEqual(
      expect.arrayContaining([
        join(out, 'store.db'),
        join(out, 'report.html'),
        join(out, 'fixes', 'main.tf'),
      ]),
    );
  });

  it('leaves the evidence as it is, and writes no member of an archive', () => {
    expect(untouched()).toEqual(before);
    const linked = ['../..', 'linked'].map((name) => join(name, 'escaped.json'));
    for (const name of [...ESCAPES, ...linked]) {
      const path = name.startsWith('/') ? name : at('escapes', name);
      expect(lstatSync(path, { throwIfNoEntry: false })).toBe(undefined);
    }
  });

  it('reads nothing but what was named, its own files, and these of the system', () => {
    const mayRead = (path: string, { name, args }: Traced) =>
      isOwn(path) ||
      isNamed(path, args) ||
      isTemporary(path) ||
      isCache(path) ||
      path === out ||
      SYSTEM.some((place) => place.test(path)) ||
      // What a manifest names is what `verify` is asked to read.
      (name === 'verify' &&
        (isBelow(path, out) || isBelow(path, at('evidence')) || isBelow(path, inCheckout('samples'))));
    expect(faults((call, trace) => openedBy(call, out).filter((path) => !mayRead(path, trace)))).toEqual([]);
  });
});
