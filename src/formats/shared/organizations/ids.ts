import type { JsonElement } from '../../../json/reader.ts';
import { parseOrganizationArn, RESOURCE_CONTROL_POLICY } from '../../../model/organizations/fact.ts';
import { stringField, stringValue } from '../role.ts';

/** `o-...` out of an ARN of AWS Organizations; empty where it names none. */
export function organizationOfArn(arn: string | null): string {
  return arn === null ? '' : (parseOrganizationArn(arn)?.organization ?? '');
}

/**
 * Whether a policy is a resource control policy, by its type or else by its ARN; null when neither tells.
 *
 * @param type as AWS writes it
 */
export function isRcp(type: string | null, arn: string | null): boolean | null {
  if (type !== null) return type === RESOURCE_CONTROL_POLICY;
  const parsed = arn === null ? null : parseOrganizationArn(arn);
  return parsed === null ? null : parsed.type.toUpperCase() === RESOURCE_CONTROL_POLICY;
}

/** The strings of a list in a field; null where there is none, or something else is in it. */
export function stringsField(element: JsonElement, name: string): readonly string[] | null {
  const text = element.fields.get(name);
  if (text?.startsWith('[') !== true) return null;
  const list = JSON.parse(text) as readonly unknown[];
  return list.every((item) => typeof item === 'string') ? list : null;
}

/** The key by which a member of an object was found. */
export function keyOf({ pointer }: Pick<JsonElement, 'pointer'>): string {
  return pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

/** Whether resource control policies are enabled, by what `list-roots` shows of types of policies; null: not said. */
export function enabledByTypes(text: string | undefined): boolean | null {
  if (text?.startsWith('[') !== true) return null;
  const types = JSON.parse(text) as readonly unknown[];
  return types.some(
    (one) =>
      typeof one === 'object' &&
      one !== null &&
      'Type' in one &&
      one.Type === RESOURCE_CONTROL_POLICY &&
      !('Status' in one && one.Status === 'PENDING_ENABLE'),
  );
}

/** A field that names something: a string, or a number as spreadsheets and YAML make of account ids. */
export function idField(element: JsonElement, name: string): string | null {
  const text = element.fields.get(name);
  if (text === undefined || text === 'null') return null;
  if (text.startsWith('"')) return stringField(element, name);
  return /^\d{1,12}$/.test(text) ? text.padStart(12, '0') : stringValue(JSON.stringify(text));
}
