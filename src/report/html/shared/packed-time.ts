/** Seconds since 1970 where they say the same as the text, which take a third of its place; else the text. */
export type PackedTime = number | string | null;

export function packTime(text: string | null): PackedTime {
  if (text === null) return null;
  const seconds = Date.parse(text) / 1000;
  return Number.isInteger(seconds) && timeOf(seconds) === text ? seconds : text;
}

export function unpackTime(time: PackedTime): string | null {
  return typeof time === 'number' ? timeOf(time) : time;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
