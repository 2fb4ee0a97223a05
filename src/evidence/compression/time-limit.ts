import { type Context, createContext, Script } from 'node:vm';

/** Longest time for one step of a decoder, in milliseconds; an ordinary one takes a fraction of a second. */
export const MAX_STEP = 30_000;

const CALL = new Script('step()');
let around: { step: () => void } | null = null;

/**
 * Runs a step of a decoder that crafted data can make loop for ever, and ends it when it takes too long. Nothing but the
 * engine's own watchdog ends a loop in the same thread.
 *
 * @throws what the step throws, or an Error that says that it took too long
 */
export function withinTime(step: () => void, limit = MAX_STEP): void {
  around ??= createContext({ step }) as Context & { step: () => void };
  around.step = step;
  try {
    CALL.runInContext(around as Context, { timeout: limit });
  } catch (error) {
    // An error of that context is none of this one.
    if ((error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new Error(`unpacking a piece of it takes longer than ${limit / 1000} seconds`);
    }
    throw error;
  } finally {
    around.step = () => {};
  }
}
