/** A web stream, as far as it is used; the real one has the same. */
export interface WebStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** Bytes from elsewhere than the file system. A Node.js stream is an AsyncIterable. */
export type GivenBytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array> | WebStream;

/** Pulls the bytes out of what a caller gave. */
export interface GivenPull {
  /** Unchecked: what a caller says is bytes may be something else. */
  next(): Promise<unknown>;
  close(): Promise<void>;
}

export function pullFrom(bytes: GivenBytes): GivenPull {
  if ('getReader' in bytes) {
    const reader = bytes.getReader();
    return {
      async next() {
        const { done, value } = await reader.read();
        return done ? null : value;
      },
      close: () => reader.cancel().catch(ignored),
    };
  }
  const iterator = Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]();
  let waiting = false;
  let ended = false;
  return {
    async next() {
      waiting = true;
      try {
        const { done, value } = await iterator.next();
        ended = done === true;
        return ended ? null : value;
      } catch (error) {
        ended = true;
        throw error;
      } finally {
        waiting = false;
      }
    },
    async close() {
      if (ended) return;
      ended = true;
      // A generator that waits takes nothing in before its wait is over; a Node.js stream can be ended at once.
      if ('destroy' in bytes && typeof bytes.destroy === 'function') bytes.destroy();
      const closed = Promise.resolve(iterator.return?.()).then(ignored, ignored);
      if (!waiting) await closed;
    },
  };
}

/** What closing a stream that is given up may complain of changes nothing. */
function ignored(): void {}
