import { type Json, JsonObject, parseJson, printJson } from '../../../iam/json.ts';

export interface PolicyLine {
  readonly text: string;
  /** Index of the policy statement the line belongs to; null outside statements. */
  readonly statement: number | null;
}

/** A policy laid out for reading, one entry a line; text that is not JSON comes back as a single line. */
export function policyLines(text: string): readonly PolicyLine[] {
  try {
    const lines: PolicyLine[] = [];
    layOut(parseJson(text), { indent: '', label: '', comma: '', statement: null, depth: 0 }, lines);
    return lines;
  } catch {
    return [{ text, statement: null }];
  }
}

interface LineContext {
  readonly indent: string;
  /** What stands before the value: its name, quoted, and a colon. */
  readonly label: string;
  readonly comma: string;
  readonly statement: number | null;
  readonly depth: number;
}

function layOut(value: Json, context: LineContext, lines: PolicyLine[]): void {
  const { indent, label, comma, statement, depth } = context;
  const children = childrenOf(value);
  if (children.length === 0) {
    lines.push({ text: `${indent}${label}${printJson(value)}${comma}`, statement });
    return;
  }
  const [open, close] = value instanceof JsonObject ? ['{', '}'] : ['[', ']'];
  lines.push({ text: `${indent}${label}${open}`, statement });
  for (const [index, [name, child]] of children.entries()) {
    const inside: LineContext = {
      indent: `${indent}  `,
      label: name === null ? '' : `${JSON.stringify(name)}: `,
      comma: index < children.length - 1 ? ',' : '',
      statement,
      depth: depth + 1,
    };
    if (depth === 0 && name === 'Statement') layOutStatements(child, inside, lines);
    else layOut(child, inside, lines);
  }
  lines.push({ text: `${indent}${close}${comma}`, statement });
}

/** The statements of a list are numbered; a single one without a list is number 0. */
function layOutStatements(value: Json, context: LineContext, lines: PolicyLine[]): void {
  const items = childrenOf(value);
  if (!Array.isArray(value) || items.length === 0) {
    layOut(value, { ...context, statement: 0 }, lines);
    return;
  }
  lines.push({ text: `${context.indent}${context.label}[`, statement: null });
  for (const [statement, [, item]] of items.entries()) {
    const comma = statement < items.length - 1 ? ',' : '';
    layOut(item, { ...context, indent: `${context.indent}  `, label: '', comma, statement }, lines);
  }
  lines.push({ text: `${context.indent}]${context.comma}`, statement: null });
}

function childrenOf(value: Json): readonly (readonly [name: string | null, child: Json])[] {
  if (value instanceof JsonObject) return value.members;
  return Array.isArray(value) ? (value as readonly Json[]).map((item) => [null, item] as const) : [];
}
