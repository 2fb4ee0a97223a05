/** Names in one reason. */
export const NAMED = 3;

/** The first names of a list, and how many more there are. */
export function andMore(first: readonly string[], count: number): string {
  const more = count - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
