/**
 * Reads one YAML document that a user gives. Aliases are bounded, so that a small text cannot grow without end.
 *
 * @throws Error with what is wrong and where
 */
export async function parseYaml(text: string): Promise<unknown> {
  // Loaded only where it is needed, as its package is large.
  const { parse } = await import('yaml');
  return parse(text, { maxAliasCount: 100, logLevel: 'error' }) as unknown;
}
