// Loaded before the program (`--import`) in its main thread and in every thread that it starts. Whatever reaches for a
// network or for another process is written down in the file that TRUSTSIEVE_GUARD_LOG names, and fails.

import childProcess from 'node:child_process';
import cluster from 'node:cluster';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import inspector from 'node:inspector';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';
import { isMainThread } from 'node:worker_threads';

const log = (line) => appendFileSync(process.env.TRUSTSIEVE_GUARD_LOG, `${line}\n`);

/** Puts in the place of functions what writes down that it was called. */
function guard(owner, of, names) {
  for (const name of names) {
    if (typeof owner[name] !== 'function') throw new Error(`${of} has no ${name}`);
    // Some are called with `new`.
    function reached() {
      log(`${of}.${name}`);
      throw new Error(`${of}.${name} was called`);
    }
    Object.defineProperty(owner, name, { configurable: true, writable: true, value: reached });
  }
}

const functionsOf = (owner) => Object.keys(owner).filter((name) => typeof owner[name] === 'function');
const LOOKUPS = /^(?:lookup|resolve|reverse)/;
const lookupsOf = (owner) => functionsOf(owner).filter((name) => LOOKUPS.test(name));

// A pipe or terminal that the program was given is a Socket, too (`src/evidence/pipe.ts`), so reading from one may.
guard(net.Socket.prototype, 'net.Socket', ['connect']);
guard(net.Server.prototype, 'net.Server', ['listen']);
guard(net, 'net', ['connect', 'createConnection', 'createServer']);
guard(tls, 'tls', ['connect', 'createServer']);
guard(dgram, 'dgram', ['createSocket']);
guard(dgram.Socket.prototype, 'dgram.Socket', ['bind', 'connect', 'send']);
guard(dns, 'dns', lookupsOf(dns));
guard(dns.promises, 'dns.promises', lookupsOf(dns.promises));
guard(http, 'http', ['get', 'request', 'createServer']);
guard(https, 'https', ['get', 'request', 'createServer']);
guard(http2, 'http2', ['connect', 'createServer', 'createSecureServer']);
guard(inspector, 'inspector', ['open']);
guard(cluster, 'cluster', ['fork']);
guard(childProcess, 'child_process', [
  'exec',
  'execFile',
  'execFileSync',
  'execSync',
  'fork',
  'spawn',
  'spawnSync',
]);
guard(childProcess.ChildProcess.prototype, 'child_process.ChildProcess', ['spawn']);
guard(globalThis, 'globalThis', ['fetch', 'WebSocket']);
syncBuiltinESMExports();

log(isMainThread ? 'guarded' : 'guarded thread');
