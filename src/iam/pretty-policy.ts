import { visible } from '../text/hidden-characters.ts';
import { type Json, JsonObject, printJson } from './json.ts';

/**
 * A policy for reading, one entry a line, two spaces of indent; characters that do not show stand as escapes, which is the
 * same JSON.
 */
export function prettyPolicy(document: Json): string {
  return prettyLines(document, '', '', '').map(visible).join('\n');
}

function prettyLines(value: Json, indent: string, label: string, comma: string): readonly string[] {
  const children: readonly (readonly [string, Json])[] | null = Array.isArray(value)
    ? (value as readonly Json[]).map((item) => ['', item] as const)
    : value instanceof JsonObject
      ? value.members.map(([key, member]) => [`${JSON.stringify(key)}: `, member] as const)
      : null;
  if (children === null || children.length === 0) return [`${indent}${label}${printJson(value)}${comma}`];
  const [open, close] = value instanceof JsonObject ? ['{', '}'] : ['[', ']'];
  const lines = [`${indent}${label}${open}`];
  children.forEach(([name, child], index) => {
    lines.push(...prettyLines(child, `${indent}  `, name, index < children.length - 1 ? ',' : ''));
  });
  lines.push(`${indent}${close}${comma}`);
  return lines;
}
