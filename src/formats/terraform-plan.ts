import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { stringField } from './shared/role.ts';
import {
  isTerraformPlan,
  ROLE_ATTRIBUTES,
  roleFields,
  TERRAFORM_ROLE,
  TerraformRoles,
} from './shared/terraform-role.ts';

const attributesAt = (...at: readonly string[]) => ROLE_ATTRIBUTES.map((name) => [...at, name]);

const CHANGES = 0;
const LOOKED_UP = [['type'], ['mode'], ...attributesAt('values')];

const PLAN: ReadPlan = {
  sources: [
    {
      at: ['resource_changes'],
      shape: 'list',
      fields: [
        ['type'],
        ['address'],
        ...attributesAt('change', 'before'),
        ...attributesAt('change', 'after'),
        ['change', 'after_unknown', 'assume_role_policy'],
      ],
    },
    { at: ['root_module', 'resources'], shape: 'list', fields: LOOKED_UP },
    { at: ['child_modules', 'resources'], shape: 'list', fields: LOOKED_UP },
  ],
  facts: ['format_version'],
  framing: 'stream',
};

/**
 * A Terraform plan as `terraform show -json` prints it
 * (https://developer.hashicorp.com/terraform/internals/json-format#plan-representation). A role stands there up to three
 * times: it is read once, as the plan would leave it, or as it is when the plan would destroy it. Roles that Terraform
 * only looked up are read from the state that the plan began with. A new role whose name is made up on apply (from
 * `name_prefix`, or altogether) is judged under its address.
 */
export const terraformPlan: Format = {
  id: 'terraform-plan',
  title: 'Terraform plan',
  // The configuration, and the states before and after, hold the roles a second time.
  elsewhere: ['assume_role_policy'],
  detect: isTerraformPlan,
  open: (file) => new TerraformPlanSession(file),
};

const AFTER = roleFields('change/after');
const BEFORE = roleFields('change/before');
const VALUES = roleFields('values');
const PLACES = [AFTER, BEFORE, VALUES] as const;

class TerraformPlanSession implements FormatSession {
  readonly plan = PLAN;
  private readonly file: FileContext;
  private readonly roles: TerraformRoles;
  private planned = 0;
  private hasChanges = false;

  constructor(file: FileContext) {
    this.file = file;
    this.roles = new TerraformRoles(file);
  }

  element(element: JsonElement): void {
    // No other resource has such an attribute, whatever damage made of the type.
    const isRole =
      stringField(element, 'type') === TERRAFORM_ROLE ||
      PLACES.some(({ trust }) => element.fields.has(trust));
    if (!isRole) return;
    if (element.source === CHANGES) {
      const unknown = element.fields.get('change/after_unknown/assume_role_policy') === 'true';
      const after = element.fields.get('change/after') !== 'null';
      const address = stringField(element, 'address');
      this.roles.add(element, after ? AFTER : BEFORE, unknown, address);
    } else if (element.pointer.includes('/planned_values/')) {
      this.planned++;
    } else if (element.pointer.includes('/prior_state/') && stringField(element, 'mode') === 'data') {
      this.roles.add(element, VALUES);
    }
  }

  scopeEnd({ counts }: ScopeEnd): void {
    if (counts.has(CHANGES)) this.hasChanges = true;
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    if (this.planned > 0 && !this.hasChanges) {
      const message = `${this.planned} planned roles were not read, for the plan has no \`resource_changes\`; print it anew with \`terraform show -json\``;
      this.file.sink.problem('truncated', message);
    }
    this.roles.end(missing);
  }
}
