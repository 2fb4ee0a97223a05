import { TrustsieveError } from '../errors.ts';
import { openStore, type Store } from './store.ts';

/**
 * Opens a store to say something of what it holds. One that no scan has filled, as when the first was killed at its
 * beginning, is refused: an empty answer would look clean.
 */
export function openScannedStore(path: string): Store {
  const store = openStore(path, { mode: 'read' });
  if (store.listRuns().length > 0) return store;
  store.close();
  throw new TrustsieveError('not-found', `the store \`${path}\` holds no scan yet: scan evidence first`);
}
