import type { JsonElement, ReadPlan } from '../json/reader.ts';
import { findObject, type Sketch } from '../json/sketch.ts';
import { normaliseTime } from '../model/time.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { stringField, trustField } from './shared/role.ts';
import { RoleTable } from './shared/role-table.ts';

const TRUST = 'Details/AwsIamRole/AssumeRolePolicyDocument';

/**
 * Findings of AWS Security Hub in its own format, ASFF
 * (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html). A role stands there with
 * its trust policy when the product that made the finding put it in, and only when there is a finding.
 */
export const securityHub: Format = {
  id: 'security-hub',
  title: 'Security Hub findings',
  detect: ({ documents }) => documents.some((document) => findObject(document, isFinding) !== null),
  open: (file) => new SecurityHubSession(file),
};

function isFinding(members: ReadonlyMap<string, Sketch>): boolean {
  const resources = members.get('Resources');
  if (!members.has('AwsAccountId') || resources?.kind !== 'array') return false;
  // Some tools write a finding's resources without what else ASFF demands.
  return members.has('ProductArn') || findObject(resources, isRole, 1) !== null;
}

function isRole(resource: ReadonlyMap<string, Sketch>): boolean {
  const type = resource.get('Type');
  return type?.kind === 'string' && type.text === 'AwsIamRole';
}

class SecurityHubSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: RoleTable;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new RoleTable(file, 'partial-inventory');
    this.plan = {
      sources: [
        {
          at: ['Resources'],
          shape: 'list',
          fields: [
            ['Type'],
            ['Id'],
            ['Details', 'AwsIamRole', 'AssumeRolePolicyDocument'],
            ['Details', 'AwsIamRole', 'RoleId'],
            ['Details', 'AwsIamRole', 'RoleName'],
          ],
        },
      ],
      facts: ['AwsAccountId', 'UpdatedAt'],
      framing: file.sketch.lines ? 'lines' : 'stream',
    };
  }

  element(element: JsonElement): void {
    const hasDetails = [...element.fields.keys()].some((name) => name.startsWith('Details/AwsIamRole'));
    if (stringField(element, 'Type') !== 'AwsIamRole' && !hasDetails) return;
    if (!hasDetails) {
      this.rows.reject(element, 'trust-policy-missing', 'the finding names a role without its details');
      return;
    }
    const updated = element.facts.get('UpdatedAt');
    const time = updated?.startsWith('"') === true ? normaliseTime(JSON.parse(updated) as string) : null;
    this.rows.add(element, [TRUST, 'Details', 'Details/AwsIamRole'], {
      arn: stringField(element, 'Id'),
      roleId: stringField(element, 'Details/AwsIamRole/RoleId'),
      trust: trustField(element, TRUST),
      time: this.file.captureTime(time),
      account: element.facts.get('AwsAccountId'),
    });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    const { sink } = this.file;
    if (sink.recordsRead === sink.recordsRejected) {
      sink.problem('no-trust-policies', 'no finding shows a role with its trust policy');
    }
    this.rows.end(missing);
  }
}
