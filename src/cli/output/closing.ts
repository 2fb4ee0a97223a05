import type { Store } from '../../store/index.ts';
import { errorText } from '../../text/error-text.ts';
import type { CliContext } from '../context.ts';
import { say } from './messages.ts';

type Work<T> = (store: Store) => Promise<T>;

/**
 * Does what a command does with a store that it writes to, and closes the store. A disk that fails only then is an error,
 * too, for whoever copies the store would lack what lies beside it; where the work has failed already, both are said.
 */
export async function withStore<T>(store: Store, work: Work<T>, context: CliContext): Promise<T> {
  const warn = (text: string): void => say('warning', text, context);
  const result = await worked(store, work, warn);
  if (store.close() === 'shared') {
    const { path } = store;
    warn(
      `another program reads \`${path}\`, so part of it is still in \`${path}-wal\`, which must go wherever the store goes; run \`trustsieve runs settle\` when that has ended`,
    );
  }
  return result;
}

/** The same with a store under a temporary name, of which nothing stays when something fails. */
export async function withTemporaryStore<T>(store: Store, work: Work<T>): Promise<T> {
  const result = await worked(store, work, () => {});
  store.close();
  return result;
}

async function worked<T>(store: Store, work: Work<T>, warn: (text: string) => void): Promise<T> {
  try {
    return await work(store);
  } catch (error) {
    try {
      store.close();
    } catch (closing) {
      warn(errorText(closing));
    }
    throw error;
  }
}
