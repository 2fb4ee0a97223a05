/**
 * Loaded into every thread of a process under test, those of a text alone too (`NODE_OPTIONS=--require`, for `--import` leaves these
 * out): ends the first thread of a kind, or all of it.
 * `DYING_THREAD` is the kind, `DYING_AFTER` says after how many milliseconds, or reads of a file by the thread that reads
 * ahead; `DYING_ONCE` names a file that only the first one can make.
 */
const fs = require('node:fs');
const { isMainThread, workerData } = require('node:worker_threads');

const { DYING_THREAD, DYING_AFTER = '0', DYING_ONCE } = process.env;

function kind() {
  if (isMainThread || typeof workerData !== 'object' || workerData === null) return null;
  if ('readsAhead' in workerData) return 'reader';
  return 'control' in workerData ? 'ahead' : 'table';
}

function isFirst() {
  if (DYING_ONCE === undefined) return true;
  try {
    fs.closeSync(fs.openSync(DYING_ONCE, 'wx'));
    return true;
  } catch {
    return false;
  }
}

function die() {
  if (isFirst()) process.exit(7);
}

if (kind() === DYING_THREAD) {
  if (DYING_THREAD === 'ahead') {
    const { readSync } = fs;
    let left = Number(DYING_AFTER);
    fs.readSync = (...given) => {
      if (left-- <= 0) die();
      return readSync(...given);
    };
  } else setTimeout(die, Number(DYING_AFTER)).unref();
}
