import type { JsonElement, ReadPlan } from '../../json/reader.ts';
import { findObject } from '../../json/sketch.ts';
import { inSmallLetters, spelledAsIn } from '../shared/any-case.ts';
import type { CaptureTime } from '../shared/capture-time.ts';
import type { FileContext, Format, FormatSession } from '../shared/format.ts';
import { stringField } from '../shared/role.ts';
import { permissionsPolicy } from '../shared/role-detail.ts';
import { cellValue, PolicyRows } from './rows.ts';

const FIELDS = ['_cq_sync_time', 'role_arn', 'policy_arn', 'policy_name', 'policy_document'].map((name) => [
  name,
]);

/**
 * CloudQuery's tables `aws_iam_role_attached_policies`
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachedPolicy.html) and `aws_iam_role_policies`
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html). A role without a row may have no policies,
 * or its rows are in another file, or were left out: only the user can say (`--whole`).
 */
export const cloudqueryRolePolicies: Format = {
  id: 'cloudquery-role-policies',
  title: 'CloudQuery tables of the policies of roles',
  detect: (sketch) =>
    inSmallLetters(sketch).documents.some(
      (document) =>
        findObject(
          document,
          (row) =>
            (row.has('_cq_id') || row.has('_cq_sync_time')) &&
            row.has('role_arn') &&
            (row.has('policy_arn') || (row.has('policy_name') && row.has('policy_document'))),
          1,
        ) !== null,
    ),
  open: (file) => new CloudQueryRolePoliciesSession(file),
};

class CloudQueryRolePoliciesSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: PolicyRows;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new PolicyRows(file, (element, time) => this.row(element, time));
    this.plan = spelledAsIn(file.sketch, {
      sources: [{ at: [], shape: 'list', fields: FIELDS }],
      facts: [],
      framing: file.sketch.lines ? 'lines' : 'stream',
    });
  }

  element(element: JsonElement): void {
    this.rows.element(element, element.fields.get('_cq_sync_time'));
  }

  private row(element: JsonElement, time: CaptureTime): boolean {
    const arn = stringField(element, 'policy_arn');
    return this.file.sink.rolePolicy({
      role: stringField(element, 'role_arn') ?? '',
      capturedAt: time.at,
      kind: arn === null ? 'inline' : 'attached',
      policy: arn ?? stringField(element, 'policy_name') ?? '',
      document: arn === null ? permissionsPolicy(cellValue(element, 'policy_document')) : null,
      whole: this.file.options.whole === true,
    });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}
