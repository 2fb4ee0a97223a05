import { existsSync, linkSync, renameSync } from 'node:fs';
import { TrustsieveError } from '../../errors.ts';
import { SIDE_FILES } from '../../store/index.ts';
import { errorCode } from '../../text/error-text.ts';

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
    const message = `cannot put the rebuilt store in the place of \`${store}\`: ${errorCode(cause)}`;
    throw new TrustsieveError('store-unwritable', message, { cause });
  }
}

function keep(store: string): string {
  for (let number = 1; ; number++) {
    const kept = `${store}.damaged${number === 1 ? '' : `-${number}`}`;
    if (existsSync(kept)) continue;
    try {
      linkSync(store, kept);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue;
      // A file system without a second name for a file.
      renameSync(store, kept);
    }
    // What SQLite keeps beside a store is part of it, and would be taken for that of the new one.
    for (const suffix of SIDE_FILES)
      if (existsSync(store + suffix)) renameSync(store + suffix, kept + suffix);
    return kept;
  }
}
