import { MemberSource } from './archive/member-source.ts';
import { type GivenBytes, pullFrom } from './given-bytes.ts';
import type { Source } from './source.ts';

/** What is read at a time decides how much is held, so a caller's chunk may come in pieces. */
const PIECE = 1024 * 1024;

/**
 * Evidence that a caller hands over as a stream: hashed on the way like a file, pulled no faster than it is read.
 * Closing it closes the caller's stream, also in the middle of waiting for it, which then is given up.
 *
 * @param stop ends the waiting with its reason
 */
export function givenSource(bytes: GivenBytes, stop: AbortSignal): Source {
  const pull = pullFrom(bytes);
  let rest: Uint8Array = new Uint8Array();
  const source = new MemberSource(async () => {
    while (rest.length === 0) {
      stop.throwIfAborted();
      const chunk = await unlessStopped(pull.next(), stop);
      if (chunk === null) return null;
      if (!(chunk instanceof Uint8Array)) {
        throw new TypeError(`the stream gives a ${typeof chunk} where bytes (Uint8Array) are expected`);
      }
      rest = chunk;
    }
    const piece = rest.subarray(0, PIECE);
    rest = rest.subarray(PIECE);
    return piece;
  }, null);
  return {
    modifiedAt: null,
    file: null,
    size: 0,
    get bytes() {
      return source.bytes;
    },
    next: () => source.next(),
    digest: () => source.digest(),
    async close() {
      await source.close();
      await pull.close();
    },
  };
}

function unlessStopped<Value>(pending: Promise<Value>, stop: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(stop.reason);
    stop.addEventListener('abort', give, { once: true });
    pending.then(resolve, reject).finally(() => stop.removeEventListener('abort', give));
  });
}
