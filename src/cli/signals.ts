const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

const handlers = new Map<keyof typeof EXIT_CODES, () => void>();

/** Calls `handle` with the exit code of the signal, whenever somebody wants the program to end. */
export function onSignal(handle: (code: number) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const handler = (): void => handle(EXIT_CODES[signal]);
    handlers.set(signal, handler);
    process.on(signal, handler);
  }
}

/** Writing beyond a limit on the size of files then fails as on a full disk, where it would end the program without a word. */
export function failAtSizeLimit(): void {
  process.on('SIGXFSZ', () => {});
}

/**
 * Does work that keeps the event loop busy. No handler could run meanwhile, so a signal ends the program at once, as it
 * does any program without handlers: only for work that leaves nothing to tidy up.
 */
export function endableBySignal<Result>(work: () => Result): Result {
  for (const [signal, handler] of handlers) process.off(signal, handler);
  try {
    return work();
  } finally {
    for (const [signal, handler] of handlers) process.on(signal, handler);
  }
}
