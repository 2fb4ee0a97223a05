import type { JsonElement, ReadPlan } from '../json/reader.ts';
import type { PrefixSketch, Sketch } from '../json/sketch.ts';
import type { FileContext, Format, FormatSession } from './format.ts';
import { stringField, trustField } from './role.ts';
import { findRoleKeys, type RoleKeys, sketchedRows } from './role-keys.ts';
import { RoleRows } from './role-rows.ts';

/** Keys of rows that another format reads. */
const OTHERS: ReadonlySet<string> = new Set([
  '_cq_id',
  '_cq_sync_time',
  'assume_role_policy',
  'assume_role_policy_std',
  'assume_role_policy_document',
  'id_value',
  'resourceType',
]);

/**
 * Roles in a bare list or one per line, such as `--query 'RoleDetailList[]'` or `jq -c '.Roles[]'` leave them, also with
 * names of one's own (`--query 'RoleDetailList[].{Role: Arn, Trust: AssumeRolePolicyDocument}'`), or in a list that is
 * called `roles` or `roleDetailList` in any spelling. The query may have
 * picked some roles and its output does not say so: no capture is complete.
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
    return new RoleListSession(file, findRoleKeys(rows) ?? USUAL, at);
  },
};

const LIST_NAMES: ReadonlySet<string> = new Set(['roles', 'roledetaillist', 'rolelist', 'iamroles']);

interface NamedList {
  readonly rows: ReturnType<typeof sketchedRows>;
  /** As in a ReadPlan. */
  readonly at: readonly string[];
}

/** The list of roles: the documents themselves, or the one list in each that has such a name. */
function listOf(sketch: PrefixSketch): NamedList {
  const found = new Map<string, readonly Sketch[]>();
  for (const document of sketch.documents) {
    for (const [key, value] of document.kind === 'object' ? document.members : []) {
      const isNamed = LIST_NAMES.has(key.toLowerCase().replaceAll(/[_\s-]/g, ''));
      if (isNamed && value.kind === 'array' && SPELT_BY_OTHERS.has(key) === false) {
        found.set(key, [...(found.get(key) ?? []), ...value.items]);
      }
    }
  }
  const [only] = found;
  if (only === undefined || found.size > 1) return { rows: sketchedRows(sketch), at: [] };
  const [key, items] = only;
  return { rows: sketchedRows({ documents: items, lines: false }), at: [key] };
}

/** Lists that other formats read when their roles have the usual keys. */
const SPELT_BY_OTHERS: ReadonlySet<string> = new Set(['RoleDetailList', 'Roles', 'role_detail_list']);

const USUAL: RoleKeys = { arn: 'Arn', trust: 'AssumeRolePolicyDocument', roleId: 'RoleId' };

function hasOtherFormat(row: ReadonlyMap<string, unknown>): boolean {
  for (const key of row.keys()) if (OTHERS.has(key) || key.startsWith('c7n:')) return true;
  return false;
}

/** Reads rows that are roles. */
export class RoleListSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly keys: RoleKeys;
  private readonly rows: RoleRows;

  constructor(file: FileContext, keys: RoleKeys = USUAL, at: readonly string[] = []) {
    this.keys = keys;
    this.rows = new RoleRows(file, 'partial-inventory');
    const { arn, trust, roleId } = keys;
    this.plan = {
      sources: [{ at, shape: 'list', fields: [[arn], [trust], ...(roleId === null ? [] : [[roleId]])] }],
      facts: [],
      framing: file.sketch.lines ? 'lines' : 'stream',
    };
  }

  element(element: JsonElement): void {
    const { arn, trust, roleId } = this.keys;
    this.rows.add(element, [trust], {
      arn: stringField(element, arn),
      roleId: roleId === null ? null : stringField(element, roleId),
      trust: trustField(element, trust),
    });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}
