import type { JsonElement } from '../../json/reader.ts';
import { findObject, type PrefixSketch } from '../../json/sketch.ts';
import type { TrustPolicy } from '../../model/record.ts';
import type { FileContext } from './format.ts';
import { stringField, trustField } from './role.ts';
import { RoleTable } from './role-table.ts';

/** The arguments of a role that are read; of all others, which may be secrets, nothing is kept. */
export const ROLE_ATTRIBUTES = ['arn', 'assume_role_policy', 'name', 'path', 'unique_id'] as const;

/** Where a role's arguments stand in an element. */
export interface RoleFields {
  /** The field around them. */
  readonly at: string;
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly trust: string;
}

/** @param at where they stand, joined with `/` */
export function roleFields(at: string): RoleFields {
  return {
    at,
    arn: `${at}/arn`,
    id: `${at}/unique_id`,
    name: `${at}/name`,
    path: `${at}/path`,
    trust: `${at}/assume_role_policy`,
  };
}

export const TERRAFORM_ROLE = 'aws_iam_role';

/** A plan holds states, too. */
export function isTerraformPlan({ documents }: PrefixSketch): boolean {
  return documents.some(
    (document) =>
      findObject(
        document,
        (members) =>
          members.get('planned_values')?.kind === 'object' ||
          (members.has('format_version') &&
            (members.get('resource_changes')?.kind === 'array' ||
              members.get('variables')?.kind === 'object')),
        2,
      ) !== null,
  );
}

const UNKNOWN: TrustPolicy = {
  state: 'undecodable',
  reason: 'Terraform computes the trust policy only when the plan is applied',
};
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
const NAME = /^[\w+=,.@-]{1,64}$/;
const PATH = /^\/(?:[!-~]+\/)?$/;

/** Takes up the roles of a Terraform state or plan. It lists what Terraform manages, never all roles of an account. */
export class TerraformRoles {
  private readonly file: FileContext;
  private readonly rows: RoleTable;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new RoleTable(file, 'partial-inventory');
  }

  /**
   * @param unknown true when the trust policy is not known yet
   * @param address of a planned role, under which it is judged when AWS or Terraform is to make up its name
   */
  add(element: JsonElement, fields: RoleFields, unknown = false, address: string | null = null): void {
    const { sink, options } = this.file;
    const field = (name: string) => stringField(element, name);
    const arn =
      field(fields.arn) ?? arnOf(options.account, field(fields.path) ?? '/', field(fields.name), address);
    if (arn === null && element.type === 'object') {
      const message =
        options.account === null
          ? 'the role has no ARN before it is created; name the account with `--account`'
          : 'the role has neither an ARN nor a name before it is created';
      sink.reject(element, 'arn-missing', message);
      sink.problem('account-unknown', message);
      return;
    }
    const trust = trustField(element, fields.trust);
    this.rows.add(element, [fields.trust, fields.at], {
      arn,
      roleId: field(fields.id),
      trust: unknown && trust.state === 'missing' ? UNKNOWN : trust,
    });
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}

/** The ARN that AWS will give a role in the account the user names, with the address for a name not known yet. */
function arnOf(
  account: string | null,
  path: string,
  name: string | null,
  address: string | null,
): string | null {
  if (account === null || !PATH.test(path)) return null;
  const known = name ?? address;
  if (known === null || (name !== null && !NAME.test(name))) return null;
  return `arn:aws:iam::${account}:role${path}${known}`;
}
