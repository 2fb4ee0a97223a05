import { TABLES_V1 } from './schema-v1.ts';
import { VIEWS_V1 } from './views-v1.ts';

/**
 * Step `n` (from 0) takes a store from version `n` to `n + 1`. A released step never changes: what a later version
 * needs is a further step.
 */
export const MIGRATIONS: readonly string[] = [TABLES_V1 + VIEWS_V1];

/** `PRAGMA user_version` of a store this program writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;
