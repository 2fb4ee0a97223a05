import type { Json, JsonObject } from '../json.ts';

/** The elements of a statement of that name, in any case. */
export function elementsOf(statement: JsonObject, name: string): readonly Json[] {
  return statement.members
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
}

/** IAM takes one value where it takes a list. */
export function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
}
