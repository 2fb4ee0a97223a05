/**
 * Characters that take two columns of a terminal: those that Unicode calls wide or full-width, and emoji.
 *
 * https://www.unicode.org/reports/tr11/
 */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Marks that stand over or under the character before them. */
const OVER = /[\p{Mn}\p{Me}]/u;
const PLAIN = /^[ -~]*$/;

const ELLIPSIS = '…';

/** The columns of a terminal that a text without hidden characters takes. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

function widthOf(character: string): 0 | 1 | 2 {
  if (OVER.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The text where it fits into so many columns; otherwise its beginning and an ellipsis. */
export function fitted(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let left = columns - displayWidth(ELLIPSIS);
  for (const character of text) {
    left -= widthOf(character);
    if (left < 0) break;
    kept += character;
  }
  return kept + ELLIPSIS;
}

/** The text with blanks up to so many columns, behind it or before it. */
export function padded(text: string, columns: number, toTheRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return toTheRight ? blanks + text : text + blanks;
}

/**
 * The line broken at blanks so that each part fits into so many columns where its words do. What stands between backticks is to
 * be copied, so it stays in one part wherever it fits.
 *
 * @param hang by how much further parts are indented more than the line is
 */
export function wrapped(line: string, columns: number, hang = 2): string {
  if (displayWidth(line) <= columns) return line;
  const [indent = ''] = /^ */.exec(line) ?? [];
  const further = indent + ' '.repeat(hang);
  const parts: string[] = [];
  let part: string | null = null;
  for (const word of wordsOf(line.slice(indent.length), columns - further.length)) {
    const longer: string = part === null ? indent + word : `${part} ${word}`;
    // After the first word alone, a line is not broken for a word that would fit no better on the next.
    const isVain =
      parts.length === 0 &&
      part?.trimStart().includes(' ') === false &&
      displayWidth(further + word) > columns;
    if (part === null || isVain || displayWidth(longer) <= columns) part = longer;
    else {
      parts.push(part);
      part = further + word;
    }
  }
  return [...parts, ...(part === null ? [] : [part])].join('\n');
}

/** The words of a line; several are one where they stand between the same backticks, up to so many columns. */
function wordsOf(line: string, columns: number): readonly string[] {
  const spans = line.split('`');
  if (spans.length % 2 === 0) return line.split(' ');
  const words: string[] = [''];
  spans.forEach((span, index) => {
    const isQuoted = index % 2 === 1;
    const text = isQuoted ? `\`${span}\`` : span;
    const isWhole = isQuoted && displayWidth(text) <= columns;
    const [first = '', ...more] = isWhole ? [text] : text.split(' ');
    words.push((words.pop() ?? '') + first, ...more);
  });
  return words;
}
