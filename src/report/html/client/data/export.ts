import { CSV_COLUMNS, guardedCell, type ReportedVerdict } from '../../../shared/csv-columns.ts';
import { findingAt, type PageData } from './page-data.ts';

/** Rows put together before the page gets its turn again. */
const ROWS_PER_TURN = 2000;

/**
 * The rows as a CSV file for spreadsheets: columns and guards of the CSV report, and a byte order mark by which
 * Excel knows UTF-8.
 */
export async function csvOf(data: PageData, rows: ArrayLike<number>): Promise<Blob> {
  const parts = ['\ufeff', csvLine(CSV_COLUMNS.map(({ name }) => name))];
  for (let start = 0; start < rows.length; start += ROWS_PER_TURN) {
    await new Promise((resolve) => setTimeout(resolve));
    let text = '';
    for (let at = start; at < Math.min(start + ROWS_PER_TURN, rows.length); at++) {
      const row = rows[at] ?? 0;
      const object = verdictAt(data, row);
      text += csvLine(CSV_COLUMNS.map((column) => guardedCell(column, object)));
    }
    parts.push(text);
  }
  return new Blob(parts, { type: 'text/csv' });
}

/** Offers a file to the person, who decides where it goes. */
export function offerFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the file a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function verdictAt(data: PageData, row: number): ReportedVerdict {
  const finding = findingAt(data, row);
  const rule = data.meta.rules.find(({ id }) => id === finding.rule);
  const { source, sha256, offset, capturedAt } = finding;
  return { ...finding, evidence: { source, sha256, offset, capturedAt }, controls: rule?.controls ?? [] };
}

/** Guarded cells hold no line ends, so only quotes and commas ask for quotes. */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(',')}\r\n`;
}
