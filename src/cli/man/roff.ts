/** Text as it is to be read, safe in every place of a roff source: lines of it are no requests. */
export function roff(text: string): string {
  const escaped = text.replace(/[\\-]|[^\x20-\x7e]/gu, (char) => {
    if (char === '\\') return '\\e';
    if (char === '-') return '\\-';
    // A new line would begin one that roff reads anew.
    if (/\s/.test(char)) return ' ';
    return `\\[u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  return harmless(escaped);
}

/** A dot or an apostrophe in front of a line would make a request of it. */
function harmless(source: string): string {
  return /^[.']/.test(source) ? `\\&${source}` : source;
}

export function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${roff(text)}\\fR`;
}

/** Sentences in which words between backticks are bold, in lines as long as roff sources have them. */
export function prose(text: string): string {
  const pieces = text.split('`');
  const source = pieces.map((piece, index) => (index % 2 === 1 ? bold(piece) : roff(piece))).join('');
  const lines: string[] = [];
  let line = '';
  for (const word of source.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LINE) {
      lines.push(line);
      line = harmless(word);
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/** Longest line that roff's own checkers like. */
const LINE = 79;

/** An argument of a macro. */
export function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}
