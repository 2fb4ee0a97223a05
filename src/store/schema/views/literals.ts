/** SQL: the texts as a list of literals. */
export function literals(texts: Iterable<string>): string {
  return [...texts].map(literal).join(', ');
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
