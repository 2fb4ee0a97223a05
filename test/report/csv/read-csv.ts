/** RFC 4180, read strictly: every record ends with CRLF, quotes only where a field is quoted. */
export function readCsv(text: string, delimiter = ','): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const field = new RegExp(`"((?:[^"]|"")*)"|([^"\\${delimiter}\\r\\n]*)`, 'y');
      field.lastIndex = at;
      const match = field.exec(text);
      if (match === null) throw new Error(`no field at ${at}`);
      row.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
      at = field.lastIndex;
      if (text[at] === delimiter) at += 1;
      else break;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`no CRLF at ${at}`);
    at += 2;
    rows.push(row);
  }
  return rows;
}
