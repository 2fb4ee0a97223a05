/** The place of each of these distinct texts in their order. */
export function ranksOf(texts: readonly string[]): readonly number[] {
  const sorted = [...texts].sort();
  return texts.map((text) => sorted.indexOf(text));
}
