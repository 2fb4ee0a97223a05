import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import project from '../../package.json' with { type: 'json' };
import { inCheckout } from '../checkout.ts';
import { ended, MAIN } from '../cli/built.ts';
import { folderOfTest } from '../temporary-folder.ts';
import { guarded, noted } from './guarded.ts';
import { importedFrom } from './imported.ts';

/** All that the program takes of Node.js. A further one needs a look at what it can do. */
const TAKEN = [
  ...['assert', 'buffer', 'crypto', 'events', 'fs', 'fs/promises', 'module', 'net', 'os', 'path', 'process'],
  ...[
    'readline',
    'stream',
    'stream/consumers',
    'stream/promises',
    'string_decoder',
    'timers/promises',
    'tty',
  ],
  // `vm` runs nothing that evidence says: it ends a decoder that loops.
  ...['url', 'util', 'v8', 'vm', 'worker_threads', 'zlib'],
];

describe('the built program and the packages it needs', () => {
  const { resolve } = createRequire(MAIN);
  const packages = Object.keys(project.dependencies).map((name) =>
    resolve(name === '@openpgp/unbzip2-stream' ? `${name}/lib/bzip2.js` : name),
  );
  const built = ['cli/main.js', 'audit/pool/worker.js', 'api/policy.js', 'api/stream.js', 'api/store.js'];
  const imported = importedFrom([...built.map((name) => inCheckout('dist', name)), ...packages]);

  it('import nothing of Node.js that reaches a network or starts a process', () => {
    const further = [...imported].filter(([name]) => !TAKEN.includes(name));
    expect(further.map(([name, files]) => `${name} in ${[...files].join(', ')}`)).toEqual([]);
    expect(imported.get('worker_threads')?.size).toBeGreaterThan(3);
  });

  it('import of `net` what reads a pipe that is open already', () => {
    const files = [...(imported.get('net') ?? [])].map((name) => inCheckout(name));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const lines = readFileSync(file, 'utf8').split('\n');
      const [imports, ...uses] = lines.filter((line) => /node:net|\bSocket\b/.test(line));
      expect(imports).toBe('import { Socket } from "node:net";');
      expect(uses).toEqual([expect.stringMatching(/ : new Socket\(\{$/)]);
    }
  });
});

const at = folderOfTest();

/** Each reaches for a network, or for another process, in a way of its own. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'globalThis.fetch': "fetch('http://192.0.2.1/')",
  'globalThis.WebSocket': "new WebSocket('ws://192.0.2.1/')",
  'net.Socket.connect': "new (await import('node:net')).Socket().connect(9, '192.0.2.1')",
  'net.connect': "(await import('node:net')).connect(9, '192.0.2.1')",
  'net.Server.listen': "new (await import('node:net')).Server().listen(0)",
  'tls.connect': "(await import('node:tls')).connect(9, '192.0.2.1')",
  'dgram.createSocket': "(await import('node:dgram')).createSocket('udp4')",
  'dns.lookup': "(await import('node:dns')).lookup('example.invalid', () => {})",
  'dns.promises.resolve4': "(await import('node:dns/promises')).resolve4('example.invalid')",
  'http.get': "(await import('node:http')).get('http://192.0.2.1/')",
  'https.request': "(await import('node:https')).request('https://192.0.2.1/')",
  'http2.connect': "(await import('node:http2')).connect('http://192.0.2.1/')",
  'child_process.spawn': "(await import('node:child_process')).spawn('true')",
  'child_process.execFileSync': "(await import('node:child_process')).execFileSync('true')",
};

it('the guard that looks on sees every attempt, in the main thread and in others', async () => {
  const tries = Object.values(ATTEMPTS).map((attempt) => `try { ${attempt}; } catch {}`);
  const other = 'if (isMainThread) new Worker(new URL(import.meta.url));';
  const script = ["import { isMainThread, Worker } from 'node:worker_threads';", other, ...tries].join('\n');
  writeFileSync(at('attempts.mjs'), script);
  const { code, stderr } = await ended(
    spawn(process.execPath, [at('attempts.mjs')], { env: guarded(at('log')) }),
  );
  expect([code, stderr]).toEqual([0, '']);
  const names = Object.keys(ATTEMPTS);
  const expected = [...names, ...names, 'guarded', 'guarded thread'];
  expect([...noted(at('log'))].toSorted()).toEqual(expected.toSorted());
});
