import { TABLES_V1 } from './v1.ts';
import { CHANGES_V2 } from './v2.ts';
import { CHANGES_V3 } from './v3.ts';
import { ORGANIZATION_V5 } from './v5-organization.ts';
import { ROLE_DETAILS_V5 } from './v5-role-details.ts';
import { EXPOSURES_V6 } from './v6-exposures.ts';
import { ROLE_POLICIES_V6 } from './v6-role-policies.ts';
import { FINDINGS_V8 } from './v8-findings.ts';
import { SEAL_V9 } from './v9-seal.ts';
import { SHARDS_V9 } from './v9-shards.ts';
import { VIEWS } from './views/index.ts';

/** Changes no table. The views of version 4 name each other less often, those of version 7 are read by older SQLite, too. */
const VIEWS_ONLY = '';

/** What version 5 adds, each part of it in a file of its own. */
const CHANGES_V5 = `${ORGANIZATION_V5}\n${ROLE_DETAILS_V5}`;
/** What version 6 adds. */
const CHANGES_V6 = `${EXPOSURES_V6}\n${ROLE_POLICIES_V6}`;
/** What version 9 adds. */
const CHANGES_V9 = `${SHARDS_V9}\n${SEAL_V9}`;

/**
 * Step `n` (from 0) takes the tables of a store from version `n` to `n + 1`. A released step never changes: what a
 * later version needs is a further step.
 */
const STEPS: readonly string[] = [
  TABLES_V1,
  CHANGES_V2,
  CHANGES_V3,
  VIEWS_ONLY,
  CHANGES_V5,
  CHANGES_V6,
  VIEWS_ONLY,
  FINDINGS_V8,
  CHANGES_V9,
];

/** `PRAGMA user_version` of a store this program writes. */
export const SCHEMA_VERSION = STEPS.length;

/** From this version on a store has a seal. */
export const SEALED_SINCE = 9;

/** Before this version, what several files of one moment say together was worked out by other rules. */
export const REBUILT_SINCE = 3;

/** What makes an empty store of a version; of older ones the tables only. */
export function schemaOf(version: number): string {
  return [...STEPS.slice(0, version), ...(version === SCHEMA_VERSION ? [VIEWS] : [])].join('\n');
}

/** What brings a store of an older version up to date: its tables step by step, and all views of today. */
export function migrationFrom(version: number, views: readonly string[]): string {
  if (version === SCHEMA_VERSION) return '';
  return [...STEPS.slice(version), ...views.map((view) => `DROP VIEW ${view};`), VIEWS].join('\n');
}
