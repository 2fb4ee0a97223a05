/** Writes a value down with these texts in its slots. */
export type Filling = (values: readonly string[]) => unknown;

/**
 * Takes a value of JSON with placeholders apart once, so that it can be written down many times. What has none is the same
 * object each time.
 *
 * @param placeholders none of them part of another; the texts to be filled in come in the same order
 * @returns null when there is none in the value
 */
export function fillingOf(value: unknown, placeholders: readonly string[]): Filling | null {
  if (typeof value === 'string') return fillingOfText(value, placeholders);
  if (typeof value !== 'object' || value === null) return null;
  const fillings: [string, Filling][] = [];
  for (const [key, member] of Object.entries(value)) {
    const filling = fillingOf(member, placeholders);
    if (filling !== null) fillings.push([key, filling]);
  }
  if (fillings.length === 0) return null;
  const copyOf = (): object => (Array.isArray(value) ? [...(value as readonly unknown[])] : { ...value });
  return (values) => {
    const copy = copyOf() as Record<string, unknown>;
    for (const [key, filling] of fillings) copy[key] = filling(values);
    return copy;
  };
}

function fillingOfText(text: string, placeholders: readonly string[]): Filling | null {
  const pieces: string[] = [];
  const slots: number[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const slot = placeholders.findIndex((placeholder) => text.startsWith(placeholder, at));
    if (slot < 0) continue;
    pieces.push(text.slice(from, at));
    slots.push(slot);
    from = at + (placeholders[slot] as string).length;
    at = from - 1;
  }
  if (slots.length === 0) return null;
  const end = text.slice(from);
  return (values) => {
    let filled = '';
    for (let at = 0; at < slots.length; at++) filled += `${pieces[at]}${values[slots[at] as number]}`;
    return filled + end;
  };
}
