import { join } from 'node:path';

/** The checkout that the tests belong to. */
export const CHECKOUT = join(import.meta.dirname, '..');

/** The path of something below the checkout. */
export const inCheckout = (...names: readonly string[]): string => join(CHECKOUT, ...names);
