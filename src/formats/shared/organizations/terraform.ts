import type { JsonElement } from '../../../json/reader.ts';
import type { FileContext } from '../format.ts';
import { stringField } from '../role.ts';
import { OrganizationFacts } from './facts.ts';
import { isRcp, organizationOfArn } from './ids.ts';
import { decodeRcp } from './rcp-text.ts';

/** The arguments of resources of AWS Organizations that are read. */
export const ORGANIZATION_ATTRIBUTES = [
  'arn',
  'id',
  'name',
  'type',
  'content',
  'policy_id',
  'target_id',
  'parent_id',
  'status',
  'state',
  'master_account_id',
] as const;

/**
 * Takes up what a Terraform state has of organisations
 * (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy): policies, where they are
 * attached, units and accounts. What Terraform does not manage is missing in it, so it lists nothing whole.
 */
export class TerraformOrganizations {
  private readonly file: FileContext;
  private readonly facts: OrganizationFacts;

  constructor(file: FileContext) {
    this.file = file;
    this.facts = new OrganizationFacts(file.sink);
  }

  /** @param at the field around the arguments */
  add(element: JsonElement, type: string, at: string): void {
    const field = (name: (typeof ORGANIZATION_ATTRIBUTES)[number]) => stringField(element, `${at}/${name}`);
    const arn = field('arn');
    const organization = organizationOfArn(arn);
    switch (type) {
      case 'aws_organizations_organization':
        this.facts.organization(element, {
          organization: field('id'),
          management: field('master_account_id'),
        });
        return;
      case 'aws_organizations_account':
        this.facts.account(element, {
          organization,
          account: field('id'),
          name: field('name'),
          status: field('state') ?? field('status'),
          parent: field('parent_id'),
        });
        return;
      case 'aws_organizations_organizational_unit':
        this.facts.unit(element, { organization, unit: field('id'), parent: field('parent_id') });
        return;
      case 'aws_organizations_policy':
        // Without a type, Terraform makes service control policies.
        if (isRcp(field('type'), arn) !== true) return;
        this.facts.policy(element, {
          organization,
          policy: field('id'),
          name: field('name'),
          text: decodeRcp(element.fields.get(`${at}/content`)),
        });
        return;
      case 'aws_organizations_policy_attachment':
        this.facts.attachment(element, '', field('policy_id'), field('target_id'), false);
    }
  }

  end(): void {
    this.facts.end(this.file.captureTime(null));
  }
}
