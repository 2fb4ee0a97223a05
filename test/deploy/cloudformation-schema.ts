import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, Resource } from '@aws-cdk/service-spec-types';

const specification = loadAwsServiceSpecSync();

export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What AWS's own description of its resources has against one: unknown and missing properties, values of another type. */
export function complaints({ Type, Properties }: TemplateResource): readonly string[] {
  const [resource] = specification.lookup('resource', 'cloudFormationType', 'equals', Type);
  return resource === undefined
    ? [`no such resource: ${Type}`]
    : inObject(Properties, resource.properties, Type);
}

function inObject(value: unknown, properties: Resource['properties'], path: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`];
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required === true && !(name in value))
    .map(([name]) => `${path}.${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, below]) => {
    const property = properties[name];
    return property === undefined
      ? [`${path}.${name} is unknown`]
      : inProperty(below, property, `${path}.${name}`);
  });
  return [...missing, ...wrong];
}

function inProperty(value: unknown, { type, previousTypes = [] }: Property, path: string): readonly string[] {
  const [first = [], ...others] = [type, ...previousTypes].map((one) => inType(value, one, path));
  return others.some((complaints) => complaints.length === 0) ? [] : first;
}

function inType(value: unknown, type: PropertyType, path: string): readonly string[] {
  // What a function will give is known to CloudFormation only.
  if (isFunction(value)) return [];
  switch (type.type) {
    case 'ref':
      return inObject(value, specification.get('typeDefinition', type.reference.$ref).properties, path);
    case 'array':
      if (!Array.isArray(value)) return [`${path} is no list`];
      return value.flatMap((one, index) => inType(one, type.element, `${path}.${index}`));
    case 'string':
      return typeof value === 'string' ? [] : [`${path} is no text`];
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path} is no whole number`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path} is neither true nor false`];
    case 'json':
      return typeof value === 'object' && value !== null ? [] : [`${path} is no document`];
    default:
      return [`${path} is of a type that the test does not know: ${type.type}`];
  }
}

function isFunction(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && /^(?:Ref|Fn::\w+)$/.test(name ?? '');
}
