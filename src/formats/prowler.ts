import type { JsonElement, ReadPlan } from '../json/reader.ts';
import { findObject, type Sketch } from '../json/sketch.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { stringField, trustField } from './shared/role.ts';
import { sketchedRows } from './shared/role-keys.ts';
import { RoleTable } from './shared/role-table.ts';

const METADATA = 'data/metadata';
const TRUST = `${METADATA}/assume_role_policy`;

/**
 * Prowler's findings in OCSF (https://docs.prowler.com): a role stands there with its trust policy once for every check
 * that looked at it, and only when one did. A scan that was interrupted leaves an array without an end.
 */
export const prowler: Format = {
  id: 'prowler-ocsf',
  title: 'Prowler findings in OCSF',
  detect: (sketch) => sketchedRows(sketch).some(isFinding),
  open: (file) => new ProwlerSession(file),
};

function isFinding(row: ReadonlyMap<string, Sketch>): boolean {
  const resources = row.get('resources');
  if (resources?.kind !== 'array') return false;
  if (isByProwler(row)) return true;
  if (!row.has('finding_info')) return false;
  return findObject(resources, (data) => data.has('metadata') && data.has('details'), 2) !== null;
}

/** A person may have cut all else away. */
function isByProwler(row: ReadonlyMap<string, Sketch>): boolean {
  const product = membersOf(row.get('metadata')).get('product');
  const name = product?.kind === 'string' ? product : membersOf(product).get('name');
  return name?.kind === 'string' && /^prowler$/i.test(name.text);
}

function membersOf(sketch: Sketch | undefined): ReadonlyMap<string, Sketch> {
  return sketch?.kind === 'object' ? sketch.members : new Map();
}

class ProwlerSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: RoleTable;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new RoleTable(file, 'partial-inventory');
    this.plan = {
      sources: [
        {
          at: ['resources'],
          shape: 'list',
          fields: [
            ['uid'],
            ['data', 'metadata', 'arn'],
            ['data', 'metadata', 'id'],
            ['data', 'metadata', 'assume_role_policy'],
          ],
        },
      ],
      facts: [],
      framing: file.sketch.lines ? 'lines' : 'stream',
    };
  }

  /** Only roles have such a field. */
  element(element: JsonElement): void {
    if (!element.fields.has(TRUST) && !element.tooLarge.includes(TRUST)) return;
    this.rows.add(element, [TRUST, METADATA, 'data'], {
      arn: stringField(element, `${METADATA}/arn`) ?? stringField(element, 'uid'),
      roleId: stringField(element, `${METADATA}/id`),
      trust: trustField(element, TRUST),
    });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    const { sink } = this.file;
    if (sink.recordsRead === 0) {
      sink.problem('no-trust-policies', 'no finding shows a role with its trust policy');
    }
    this.rows.end(missing);
  }
}
