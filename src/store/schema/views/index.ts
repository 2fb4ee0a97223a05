import { ACCOUNT_VIEWS } from './accounts.ts';
import { CURRENT_ROLE_VIEWS } from './current-roles.ts';
import { FILE_VIEWS } from './files.ts';
import { ROLE_DETAIL_VIEWS } from './role-details.ts';
import { THIRD_PARTY_VIEWS } from './third-parties.ts';
import { VERDICT_VIEWS } from './verdicts.ts';

/**
 * The read-only views, for people with a SQL client; made anew whenever the schema changes. SQLite writes out what a view
 * or a WITH names wherever it is named, and newer ones refuse a statement of a thousand tables, so each is named as
 * seldom as can be.
 */
export const VIEWS = [
  ACCOUNT_VIEWS,
  CURRENT_ROLE_VIEWS,
  VERDICT_VIEWS,
  FILE_VIEWS,
  ROLE_DETAIL_VIEWS,
  THIRD_PARTY_VIEWS,
].join('');
