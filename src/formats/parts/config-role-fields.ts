import type { JsonElement } from '../../json/reader.ts';
import { raised } from '../shared/config-item.ts';
import { entityKeys, type FieldMapping } from '../shared/entity.ts';
import { stringField } from '../shared/role.ts';

export const CONFIG_TRUST = 'configuration/assumeRolePolicyDocument';

/** A role's configuration has the keys of authorization details, beginning with a small letter. */
const CONFIGURATION: FieldMapping = {
  fields: new Map(
    ['Arn', 'RoleId', ...entityKeys('IamRole')].map((key) => [key, `configuration/${lowered(key)}`]),
  ),
  convert: (key, value) => raised(value, key === 'AssumeRolePolicyDocument'),
};
/** The fields of a configuration beside its ARN and its trust policy. */
export const CONFIG_DETAILS: readonly string[] = [...CONFIGURATION.fields.values()].filter(
  (name) => name !== CONFIG_TRUST && name !== 'configuration/arn',
);

/** How a role item writes the fields: where the item itself names the role, as for deleted ones, that is its ARN and id. */
export function itemMapping(element: JsonElement): FieldMapping {
  const fields = new Map(CONFIGURATION.fields);
  if (stringField(element, 'ARN') !== null) fields.set('Arn', 'ARN');
  fields.set('RoleId', 'resourceId');
  return { ...CONFIGURATION, fields };
}

function lowered(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}
