/** Columns of a terminal. */
export const WIDTH = 80;

/** Broken between words where a terminal ends. */
export function paragraph(text: string, indent = ''): string {
  let lines = '';
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines += `${indent}${line}\n`;
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return `${lines}${indent}${line}\n`;
}
