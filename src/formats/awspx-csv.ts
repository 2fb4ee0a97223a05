import type { JsonElement, ReadPlan } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import type { FileContext, Format, FormatSession } from './format.ts';
import { addRole, stringField, trustField } from './role.ts';

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
 * behind every column's name. awspx can be told to take up only some resources and does not say so, so the file never
 * counts as complete.
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
  private readonly file: FileContext;

  constructor(file: FileContext) {
    this.file = file;
  }

  element(element: JsonElement): void {
    const time = this.file.captureTime(null);
    const result = addRole(this.file.sink, element, [TRUST], {
      arn: stringField(element, ARN),
      roleId: stringField(element, ID),
      trust: trustField(element, TRUST),
      status: 'live',
      time,
      version: '',
    });
    if (result.account !== null) this.file.sink.captures.add(result.account, time, 'partial-inventory');
  }

  scopeEnd(): void {}

  end(): void {}
}
