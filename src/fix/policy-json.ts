import { type Json, JsonObject, printJson } from '../iam/json.ts';
import { visible } from '../text/hidden-characters.ts';

/** Edits of policy documents that keep everything else as it is written: order of members, numbers, lists. */

/** The member replaced where it stands, or added at the end. */
export function withMember(object: JsonObject, key: string, value: Json): JsonObject {
  const present = object.members.some(([name]) => name === key);
  if (!present) return new JsonObject([...object.members, [key, value]]);
  return new JsonObject(object.members.map((member) => (member[0] === key ? [key, value] : member)));
}

export function withoutMember(object: JsonObject, key: string): JsonObject {
  return new JsonObject(object.members.filter(([name]) => name !== key));
}

export function renameMember(object: JsonObject, from: string, to: string): JsonObject {
  return new JsonObject(object.members.map((member) => (member[0] === from ? [to, member[1]] : member)));
}

/** The first member of that name. */
export function memberOf(object: JsonObject, key: string): Json | undefined {
  return object.members.find(([name]) => name === key)?.[1];
}

export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
}

/** A list of one is written as its only item. */
export function oneOrList(items: readonly Json[]): Json {
  return items.length === 1 ? (items[0] as Json) : items;
}

/** The document on one line; characters that do not show stand as escapes, which is the same JSON. */
export function compactPolicy(document: Json): string {
  return visible(printJson(document));
}
