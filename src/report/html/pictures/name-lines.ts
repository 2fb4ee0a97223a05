/** Room for a line beside a bar, in letters of common width. */
const LINE_WIDTH = 34;
const LINES = 3;

/** A name in as few lines as hold it, broken behind a blank or sign where there is one; what is beyond three lines is cut. */
export function nameLines(name: string): readonly string[] {
  const lines: string[] = [];
  let rest = [...name];
  while (rest.length > 0 && lines.length < LINES) {
    const fits = fitting(rest);
    const isLast = lines.length === LINES - 1;
    if (fits === rest.length) return [...lines, rest.join('')];
    if (isLast) return [...lines, `${rest.slice(0, fits - 1).join('')}…`];
    const end = breakBefore(rest, fits);
    lines.push(rest.slice(0, end).join('').trimEnd());
    rest = rest.slice(end);
  }
  return lines;
}

/** How many characters fill a line. */
function fitting(characters: readonly string[]): number {
  let width = 0;
  for (const [index, character] of characters.entries()) {
    width += isWide(character) ? 2 : 1;
    if (width > LINE_WIDTH) return index;
  }
  return characters.length;
}

/** Characters of East Asian scripts and pictures take twice the room. */
function isWide(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x1100 && (code <= 0x115f || (code >= 0x2e80 && code <= 0xd7ff) || code >= 0xf900);
}

/** Where the line ends: behind the last blank or sign in its second half, else where it is full. */
function breakBefore(characters: readonly string[], fits: number): number {
  for (let end = fits; end > fits / 2; end--) {
    if (/[\s\-_./@]/.test(characters[end - 1] ?? '')) return end;
  }
  return fits;
}
