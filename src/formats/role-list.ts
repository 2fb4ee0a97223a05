import { ANY_ACCOUNT } from '../json/reader.ts';
import type { PrefixSketch, Sketch } from '../json/sketch.ts';
import { isAccountId } from '../model/arn.ts';
import type { Format } from './shared/format.ts';
import { findRoleKeys, sketchedRows, withoutSpelling } from './shared/role-keys.ts';
import { RoleListSession } from './shared/role-list-session.ts';

/** Keys of rows that another format reads. */
const OTHERS: ReadonlySet<string> = new Set([
  '_cq_id',
  '_cq_sync_time',
  'assume_role_policy',
  'assume_role_policy_std',
  'assume_role_policy_document',
  'id_value',
]);

/**
 * Roles in a bare list or one per line, such as `--query 'RoleDetailList[]'` or `jq -c '.Roles[]'` leave them, also with
 * names of one's own (`--query 'RoleDetailList[].{Role: Arn, Trust: AssumeRolePolicyDocument}'`), or in lists that are
 * called `roles` or `roleDetailList` in any spelling, or by the number of their account. The query may have picked some
 * roles and its output does not say so: a capture is complete only where it shows a service-linked role.
 */
export const roleList: Format = {
  id: 'role-list',
  title: 'List of roles',
  detect: (sketch) => {
    const { rows } = listOf(sketch);
    return !rows.some(hasOtherFormat) && findRoleKeys(rows) !== null;
  },
  open: (file) => {
    const { rows, at } = listOf(file.sketch);
    return new RoleListSession(file, 'maybe-filtered', findRoleKeys(rows) ?? undefined, at);
  },
};

const LIST_NAMES: ReadonlySet<string> = new Set(['roles', 'roledetaillist', 'rolelist', 'iamroles']);

interface NamedList {
  readonly rows: ReturnType<typeof sketchedRows>;
  /** As in a ReadPlan. */
  readonly at: readonly string[];
}

/** The lists of roles: the documents themselves, or those in them that have one such name. */
function listOf(sketch: PrefixSketch): NamedList {
  const found = new Map<string, Sketch[]>();
  for (const document of sketch.documents) collectLists(document, 3, found);
  const [only] = found;
  if (only === undefined || found.size > 1) return { rows: sketchedRows(sketch), at: [] };
  const [key, items] = only;
  return { rows: sketchedRows({ documents: items, lines: false }), at: [key] };
}

/** Puts the items of lists by name into `found`, those named by an account all under ANY_ACCOUNT. */
function collectLists(sketch: Sketch, depth: number, found: Map<string, Sketch[]>): void {
  if (depth === 0) return;
  if (sketch.kind === 'array') for (const item of sketch.items) collectLists(item, depth - 1, found);
  for (const [key, value] of sketch.kind === 'object' ? sketch.members : []) {
    const isNamed = LIST_NAMES.has(withoutSpelling(key));
    const isAccount = isAccountId(key);
    if (value.kind === 'array' && (isAccount || (isNamed && !SPELT_BY_OTHERS.has(key)))) {
      const name = isAccount ? ANY_ACCOUNT : key;
      found.set(name, [...(found.get(name) ?? []), ...value.items]);
    } else if (value.kind === 'object' && (isAccount || key === 'accounts')) {
      collectLists(value, depth - 1, found);
    }
  }
}

/** Lists that other formats read when their roles have the usual keys. */
const SPELT_BY_OTHERS: ReadonlySet<string> = new Set(['RoleDetailList', 'Roles', 'role_detail_list']);

function hasOtherFormat(row: ReadonlyMap<string, unknown>): boolean {
  for (const key of row.keys()) {
    if (key === 'resourceType' || OTHERS.has(key.toLowerCase()) || key.startsWith('c7n:')) return true;
  }
  return false;
}
