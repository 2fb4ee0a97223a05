import type { JsonElement, ReadPlan } from '../json/reader.ts';
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
 * names of one's own (`--query 'RoleDetailList[].{Role: Arn, Trust: AssumeRolePolicyDocument}'`). The query may have
 * picked some roles and its output does not say so: no capture is complete.
 */
export const roleList: Format = {
  id: 'role-list',
  title: 'List of roles',
  detect: (sketch) => {
    const rows = sketchedRows(sketch);
    return !rows.some(hasOtherFormat) && findRoleKeys(rows) !== null;
  },
  open: (file) => new RoleListSession(file, findRoleKeys(sketchedRows(file.sketch)) ?? USUAL),
};

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

  constructor(file: FileContext, keys: RoleKeys = USUAL) {
    this.keys = keys;
    this.rows = new RoleRows(file, 'partial-inventory');
    const { arn, trust, roleId } = keys;
    this.plan = {
      sources: [{ at: [], shape: 'list', fields: [[arn], [trust], ...(roleId === null ? [] : [[roleId]])] }],
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
