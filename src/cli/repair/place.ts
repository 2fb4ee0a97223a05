import { constants, copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { TrustsieveError } from '../../errors.ts';
import { errorCode } from '../../text/error-text.ts';
import { SIDE_FILES } from '../../text/side-files.ts';

/**
 * Puts a rebuilt store in the place of a damaged one, which is kept under the name returned; null where none was there. At
 * every moment one of the two is in that place.
 */
export function putInPlace(rebuilt: string, store: string): string | null {
  try {
    const kept = existsSync(store) ? keep(store) : null;
    renameSync(rebuilt, store);
    return kept;
  } catch (cause) {
    throw inPlaceOf(store, cause);
  }
}

function inPlaceOf(store: string, cause: unknown): TrustsieveError {
  const message = `cannot put the rebuilt store in the place of \`${store}\`: ${errorCode(cause)}; see to its disk and repair it again`;
  return new TrustsieveError('store-unwritable', message, { cause });
}

function keep(store: string): string {
  for (let number = 1; ; number++) {
    const kept = keptAs(store, number);
    if (existsSync(kept)) continue;
    try {
      linkSync(store, kept);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue;
      // A file system without a second name for a file.
      copyFileSync(store, kept, constants.COPYFILE_EXCL);
    }
    // What SQLite keeps beside a store is part of it, and would be taken for that of the new one.
    moveSides(store, kept);
    return kept;
  }
}

/**
 * Takes back what a repair left that ended between its last two steps: the damaged store has a second name then, and what
 * belongs beside it may have gone there already. Without that it would be another store, and might look sound.
 */
export function takeBack(store: string): void {
  try {
    for (let number = 1; existsSync(store) && existsSync(keptAs(store, number)); number++) {
      const kept = keptAs(store, number);
      if (!isSameFile(store, kept)) continue;
      moveSides(kept, store);
      rmSync(kept);
    }
  } catch (cause) {
    throw inPlaceOf(store, cause);
  }
}

function keptAs(store: string, number: number): string {
  return `${store}.damaged${number === 1 ? '' : `-${number}`}`;
}

function moveSides(from: string, to: string): void {
  for (const suffix of SIDE_FILES) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true }));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}
