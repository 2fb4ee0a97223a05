import type { JsonElement, ReadPlan } from '../../json/reader.ts';
import { findObject } from '../../json/sketch.ts';
import { inSmallLetters, spelledAsIn } from '../shared/any-case.ts';
import type { CaptureTime } from '../shared/capture-time.ts';
import type { FileContext, Format, FormatSession } from '../shared/format.ts';
import { stringField } from '../shared/role.ts';
import { defaultVersionOf, permissionsPolicy } from '../shared/role-detail.ts';
import { cellValue, PolicyRows } from './rows.ts';

const LIST = 'policy_version_list';
const FIELDS = [
  '_cq_sync_time',
  'arn',
  LIST,
  'policy_arn',
  'is_default_version',
  'document_json',
  'document',
].map((name) => [name]);

/**
 * CloudQuery's tables with the texts of managed policies: `aws_iam_policies`, as far as it has the versions
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html), `aws_iam_policy_versions` and
 * `aws_iam_policy_default_versions` (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html). The roles
 * that have the policies are in other tables.
 */
export const cloudqueryPolicies: Format = {
  id: 'cloudquery-policies',
  title: 'CloudQuery tables of managed policies',
  detect: (sketch) =>
    inSmallLetters(sketch).documents.some(
      (document) =>
        findObject(
          document,
          (row) =>
            (row.has('_cq_id') || row.has('_cq_sync_time')) &&
            ((row.has('arn') && row.has(LIST)) || (row.has('policy_arn') && row.has('is_default_version'))),
          1,
        ) !== null,
    ),
  open: (file) => new CloudQueryPoliciesSession(file),
};

class CloudQueryPoliciesSession implements FormatSession {
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
    const version = stringField(element, 'policy_arn');
    const arn = version ?? stringField(element, 'arn') ?? '';
    const { offset } = element;
    const place = { arn, capturedAt: time.at, version: '', offset };
    if (version === null) {
      const document = defaultVersionOf({ PolicyVersionList: cellValue(element, LIST) });
      return this.file.sink.policyRecord({ ...place, document });
    }
    // A version that is not in force says nothing of the policy.
    const inForce = element.fields.get('is_default_version') ?? '';
    if (/^"?(?:false|f|0)"?$/i.test(inForce)) return true;
    const isDefault = /^"?(?:true|t|1)"?$/i.test(inForce);
    const text =
      permissionsPolicy(cellValue(element, 'document')) ??
      permissionsPolicy(cellValue(element, 'document_json'));
    return this.file.sink.policyRecord({ ...place, document: isDefault ? text : null });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}
