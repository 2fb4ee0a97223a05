import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject, type Sketch } from '../json/sketch.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { ORGANIZATION_ATTRIBUTES, TerraformOrganizations } from './shared/organizations/terraform.ts';
import { stringField, stringValue } from './shared/role.ts';
import {
  isTerraformPlan,
  ROLE_ATTRIBUTES,
  type RoleFields,
  roleFields,
  TERRAFORM_ROLE,
  TerraformRoles,
} from './shared/terraform-role.ts';

const attributesAt = (...at: readonly string[]) =>
  [...new Set([...ROLE_ATTRIBUTES, ...ORGANIZATION_ATTRIBUTES])].map((name) => [...at, name]);

/** Where each kind of state keeps the attributes of a resource, by source. */
const ATTRIBUTES = ['attributes', 'primary/attributes', 'values', 'values'].map(roleFields);
const INSTANCES = 0;

const PLAN: ReadPlan = {
  sources: [
    // Version 4: the type stands in the resource around the instances.
    { at: ['resources', 'instances'], shape: 'list', fields: attributesAt('attributes') },
    // Version 3 and before.
    {
      at: ['modules', 'resources'],
      shape: 'map',
      fields: [['type'], ...attributesAt('primary', 'attributes')],
    },
    // `terraform show -json`, with modules inside modules.
    { at: ['root_module', 'resources'], shape: 'list', fields: [['type'], ...attributesAt('values')] },
    { at: ['child_modules', 'resources'], shape: 'list', fields: [['type'], ...attributesAt('values')] },
  ],
  facts: ['type'],
  framing: 'stream',
};

/**
 * A Terraform state (https://developer.hashicorp.com/terraform/language/state): `terraform.tfstate` of version 3 or 4,
 * or what `terraform show -json` prints of it. Roles that Terraform manages and roles that it looked up, and of organisations
 * what it manages of accounts, units, policies and attachments, which need not be all.
 */
export const terraformState: Format = {
  id: 'terraform-state',
  title: 'Terraform state',
  // An output may hold a whole role.
  elsewhere: ['assume_role_policy'],
  detect: (sketch) =>
    !isTerraformPlan(sketch) &&
    sketch.documents.some((document) => findObject(document, isState, 2) !== null),
  open: (file) => new TerraformStateSession(file),
};

function isState(members: ReadonlyMap<string, Sketch>): boolean {
  const isList = (key: string) => members.get(key)?.kind === 'array';
  // Outputs, which come first, may be long.
  if (members.has('lineage')) return members.has('serial') || isList('resources') || isList('modules');
  const values = members.get('values');
  return values?.kind === 'object' && values.members.has('root_module') && members.has('format_version');
}

/** True of a state that begins as one does in which nothing is: every version writes the list that holds nothing. */
function isEmptyState(members: ReadonlyMap<string, Sketch>): boolean {
  const values = members.get('values');
  const root = values?.kind === 'object' ? values.members.get('root_module') : undefined;
  if (root?.kind === 'object') return [...root.members.keys()].every((key) => key === 'address');
  const lists = [members.get('resources'), members.get('modules')];
  return lists.some((list) => list?.kind === 'array' && list.items.every(isEmptyModule));
}

function isEmptyModule(module: Sketch): boolean {
  const resources = module.kind === 'object' ? module.members.get('resources') : undefined;
  return resources?.kind === 'object' && resources.members.size === 0;
}

class TerraformStateSession implements FormatSession {
  readonly plan = PLAN;
  private readonly roles: TerraformRoles;
  private readonly organizations: TerraformOrganizations;
  private readonly file: FileContext;
  /** True once a list of resources was seen, empty or not. */
  private listed = false;

  constructor(file: FileContext) {
    this.file = file;
    this.roles = new TerraformRoles(file);
    this.organizations = new TerraformOrganizations(file);
  }

  element(element: JsonElement): void {
    const attributes = ATTRIBUTES[element.source] as RoleFields;
    const type = element.source === INSTANCES ? typeAround(element) : stringField(element, 'type');
    if (type?.startsWith('aws_organizations_') === true) this.organizations.add(element, type, attributes.at);
    // No other resource has such an attribute, whatever damage made of the type.
    if (type === TERRAFORM_ROLE || element.fields.has(attributes.trust)) this.roles.add(element, attributes);
  }

  scopeEnd({ counts }: ScopeEnd): void {
    this.listed ||= counts.size > 0;
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    const isEmpty = () =>
      this.file.sketch.documents.some((document) => findObject(document, isEmptyState, 2) !== null);
    if (!this.listed && missing === null && !isEmpty()) {
      const message = 'holds no `resources`, where a state lists what it manages; write the state again';
      this.file.sink.problem('no-roles', message);
    }
    this.roles.end(missing);
    this.organizations.end();
  }
}

function typeAround(element: JsonElement): string | null {
  const type = element.facts.get('type');
  return type?.startsWith('"') === true ? stringValue(type) : null;
}
