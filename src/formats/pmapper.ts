import type { JsonElement, ReadPlan } from '../json/reader.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { stringField, trustField } from './shared/role.ts';
import { sketchedRows } from './shared/role-keys.ts';
import { RoleTable } from './shared/role-table.ts';

/**
 * `graph/nodes.json` of PMapper (https://github.com/nccgroup/PMapper): all users and roles of an account, written in one
 * go when all of it was gathered.
 */
export const pmapper: Format = {
  id: 'pmapper',
  title: 'PMapper nodes',
  detect: (sketch) => sketchedRows(sketch).some((row) => row.has('trust_policy') && row.has('id_value')),
  open: (file) => new PmapperSession(file),
};

class PmapperSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly rows: RoleTable;

  constructor(file: FileContext) {
    this.rows = new RoleTable(file, null);
    const source = { at: [], shape: 'list', fields: [['arn'], ['id_value'], ['trust_policy']] } as const;
    this.plan = { sources: [source], facts: [], framing: file.sketch.lines ? 'lines' : 'stream' };
  }

  element(element: JsonElement): void {
    const arn = stringField(element, 'arn');
    // Users stand there as well.
    if (arn !== null && /^arn:[^:]*:iam::\d{12}:user\//.test(arn)) return;
    this.rows.add(element, ['trust_policy'], {
      arn,
      roleId: stringField(element, 'id_value'),
      trust: trustField(element, 'trust_policy'),
    });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}
