import type { JsonElement, ReadPlan } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { stringField, trustField } from './shared/role.ts';
import { RoleTable } from './shared/role-table.ts';

const ARN = 'Arn:string';
const TRUST = 'Trusts:string';
const ID = 'Id:string';

const PLAN: ReadPlan = {
  sources: [{ at: [], shape: 'list', fields: [[ARN], [TRUST], [ID]] }],
  facts: [],
  framing: 'lines',
};

/**
 * `AWS::Iam::Role.csv` of an awspx archive (https://github.com/WithSecureLabs/awspx): nodes for Neo4j, with a type
 * behind every column's name. awspx can be told to take up only some resources and does not say so, so the file counts as
 * complete only where it shows a service-linked role.
 */
export const awspxCsv: Format = {
  id: 'awspx-csv',
  title: 'awspx nodes AWS::Iam::Role',
  detect: ({ documents }) =>
    documents.some((document) => findObject(document, (row) => row.has(ARN) && row.has(TRUST), 0) !== null),
  open: (file) => new AwspxSession(file),
};

class AwspxSession implements FormatSession {
  readonly plan = PLAN;
  private readonly rows: RoleTable;

  constructor(file: FileContext) {
    this.rows = new RoleTable(file, 'maybe-filtered');
  }

  element(element: JsonElement): void {
    this.rows.add(element, [TRUST], {
      arn: stringField(element, ARN),
      roleId: stringField(element, ID),
      trust: trustField(element, TRUST),
    });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}
