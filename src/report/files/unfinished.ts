import { createHash, randomUUID } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { SIDE_FILES } from '../../text/side-files.ts';

/** The temporary files and folders this process is writing. */
const unfinished = new Set<string>();
const tidied = new Set<string>();

/**
 * Names a temporary file or folder beside `target`, `.report.html.trustsieve-HOST-PROCESS-UUID.tmp`, and first removes those
 * that dead processes have left in its folder. Call `forget` when it is gone.
 */
export function temporaryBeside(target: string): string {
  const folder = dirname(target);
  if (!tidied.has(folder)) {
    tidied.add(folder);
    removeLeftBehind(folder);
  }
  const path = join(folder, `.${basename(target)}.trustsieve-${host()}-${process.pid}-${randomUUID()}.tmp`);
  unfinished.add(path);
  return path;
}

/**
 * Makes the file of a temporary name, which may not be there, for its owner only, and opens it for reading and writing. Made at
 * once: what a thread is about to make when a signal ends the program, nobody would remove.
 */
export function openTemporary(temporary: string): Promise<FileHandle> {
  closeSync(openSync(temporary, 'wx', 0o600));
  return open(temporary, 'r+');
}

export function forget(temporary: string): void {
  unfinished.delete(temporary);
}

/** For a process that ends at once. A file may be a database, which has others beside it. */
export function removeUnfinished(): void {
  for (const path of unfinished) for (const suffix of ['', ...SIDE_FILES]) remove(path + suffix);
}

const NAME =
  /^\..+\.trustsieve-([0-9a-f]{12})-(\d+)-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\.tmp(?:-wal|-shm|-journal)?$/;

/** Of this program, this machine, this user, and of a process that is no more; whatever is in doubt stays. */
function removeLeftBehind(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, from, pid] = NAME.exec(name) ?? [];
    if (from !== host() || isAlive(Number(pid))) continue;
    const path = join(folder, name);
    try {
      const stats = lstatSync(path);
      if ((stats.isFile() || stats.isDirectory()) && stats.uid === (process.getuid?.() ?? stats.uid))
        remove(path);
    } catch {
      // Somebody else has removed it.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Writing there fails too, and says why.
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

let ownHost: string | undefined;

/** Names where process numbers are unique: this machine, or a container on it. */
function host(): string {
  ownHost ??= createHash('sha256').update(`${hostname()}\n${processSpace()}`).digest('hex').slice(0, 12);
  return ownHost;
}

function processSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true });
  } catch {
    // It is gone, or must stay.
  }
}
