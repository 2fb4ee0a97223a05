import { type JsonNode, parseJson } from './json-tree.ts';

export interface PrintedLine {
  readonly text: string;
  /** Index of the policy statement the line belongs to; null outside statements. */
  readonly statement: number | null;
}

/** A policy laid out for reading, one entry a line; text that is not JSON comes back as a single line. */
export function printPolicy(text: string): readonly PrintedLine[] {
  const node = parseJson(text);
  return node === null ? [{ text, statement: null }] : printPolicyNode(node);
}

export function printPolicyNode(node: JsonNode): readonly PrintedLine[] {
  const lines: PrintedLine[] = [];
  if (node.kind !== 'object' || node.members.length === 0) {
    print(node, '', '', '', null, lines);
    return lines;
  }
  lines.push({ text: '{', statement: null });
  for (const [index, { name, value }] of node.members.entries()) {
    const comma = index < node.members.length - 1 ? ',' : '';
    const label = `${JSON.stringify(name)}: `;
    if (name === 'Statement' && value.kind === 'array' && value.items.length > 0) {
      lines.push({ text: `  ${label}[`, statement: null });
      for (const [statement, item] of value.items.entries()) {
        print(item, '    ', '', statement < value.items.length - 1 ? ',' : '', statement, lines);
      }
      lines.push({ text: `  ]${comma}`, statement: null });
    } else {
      print(value, '  ', label, comma, name === 'Statement' ? 0 : null, lines);
    }
  }
  lines.push({ text: '}', statement: null });
  return lines;
}

/** Any JSON laid out with two spaces of indent. */
export function printJson(node: JsonNode): string {
  const lines: PrintedLine[] = [];
  print(node, '', '', '', null, lines);
  return lines.map((line) => line.text).join('\n');
}

function print(
  node: JsonNode,
  indent: string,
  label: string,
  comma: string,
  statement: number | null,
  lines: PrintedLine[],
): void {
  const push = (text: string): void => {
    lines.push({ text: indent + text, statement });
  };
  if (node.kind === 'scalar') {
    push(label + node.text + comma);
    return;
  }
  const [open, close] = node.kind === 'array' ? ['[', ']'] : ['{', '}'];
  const children: readonly (readonly [string, JsonNode])[] =
    node.kind === 'array'
      ? node.items.map((item) => ['', item])
      : node.members.map((member) => [`${JSON.stringify(member.name)}: `, member.value]);
  if (children.length === 0) {
    push(label + open + close + comma);
    return;
  }
  push(label + open);
  for (const [index, [childLabel, child]] of children.entries()) {
    print(child, `${indent}  `, childLabel, index < children.length - 1 ? ',' : '', statement, lines);
  }
  push(close + comma);
}
