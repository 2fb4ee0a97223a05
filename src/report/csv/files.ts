import { basename, extname } from 'node:path';
import type { Completeness } from '../../model/completeness.ts';
import type { ReportSource } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { writeAll } from '../files/stream.ts';
import { worstFirst } from '../files/worst-first.ts';
import { isReplaceable, writeHashed, writeReportFile } from '../files/write-file.ts';
import { type CompanionLine, companionLines, countCompanionLines } from '../shared/evidence-lines.ts';
import { listedCount } from '../shared/listed-count.ts';
import { missingOf } from '../shared/missing.ts';
import type { ReportOptions } from '../shared/options.ts';
import { EVIDENCE_COLUMNS } from './evidence.ts';
import { csvFile, csvRows, csvText, listedObjects } from './index.ts';

/** Excel opens 1,048,576 rows of a sheet and drops the rest; one of them is the header. */
export const SPREADSHEET_ROWS = 1_048_575;

export interface CsvFilesOptions extends ReportOptions {
  /** Rows of one file without its header; `SPREADSHEET_ROWS` when absent. */
  readonly rowsPerFile?: number;
}

/** What it takes to write rows. */
type RowOptions = Pick<CsvFilesOptions, 'csv' | 'rowsPerFile'>;

/** One file that holds findings. */
export interface CsvFile {
  readonly path: string;
  readonly rows: number;
}

/**
 * Writes the CSV report to `path`. When there are more rows than a spreadsheet opens, they go to
 * `findings-001.csv`, `findings-002.csv` ... beside it, the worst first, and `path` itself becomes the index that
 * lists those files with their rows and SHA-256. The index is written last, so it never names a file that is
 * not whole. Pipes and devices get one stream.
 *
 * @returns the files that hold findings. Errors: `output-unwritable`.
 */
export async function writeCsvFiles(
  path: string,
  source: ReportSource,
  options: CsvFilesOptions,
): Promise<readonly CsvFile[]> {
  const count = listedCount(source, options);
  const text = csvText(source, options);
  const objects = listedObjects(source, options);
  return worstFirst(objects, (await isReplaceable(path)) ? path : null, (items) => {
    const rows: RowsToWrite<VerdictObject> = { count, items, text, accountOf: ({ account }) => account };
    return writeRows(path, rows, options);
  });
}

/**
 * Writes what stands behind the CSV report at `path` beside it: every evidence file, every rejected record and every
 * account that is missing or stands as last captured; see `EVIDENCE_COLUMNS`. Splits like the report itself.
 *
 * @param missing what is told to be missing; that of the source when absent
 * @returns the files written, the index among them; none beside a pipe or device. Errors: `output-unwritable`.
 */
export async function writeEvidenceCsv(
  path: string,
  source: ReportSource,
  options: Partial<CsvFilesOptions>,
  missing: Completeness = missingOf(source),
): Promise<readonly string[]> {
  if (!(await isReplaceable(path))) return [];
  const companion = evidencePath(path);
  const rows: RowsToWrite<CompanionLine> = {
    count: countCompanionLines(source, options.heading, missing),
    items: companionLines(source, options.heading, missing),
    text: (lines) => csvFile(EVIDENCE_COLUMNS, lines, options.csv ?? {}),
    accountOf: ({ account }) => account ?? '',
  };
  const files = await writeRows(companion, rows, options);
  return [...new Set([companion, ...files.map((file) => file.path)])];
}

/** `findings.csv` gives `findings.evidence.csv`. */
function evidencePath(path: string): string {
  const extension = extname(path);
  return `${withoutEnd(path, extension)}.evidence${extension}`;
}

/** Rows of a file, or of several when there are too many for one. */
interface RowsToWrite<T> {
  readonly count: number;
  readonly items: Iterable<T>;
  /** A whole file of these items. */
  readonly text: (items: Iterable<T>) => Iterable<string>;
  readonly accountOf: (item: T) => string;
}

async function writeRows<T>(
  path: string,
  rows: RowsToWrite<T>,
  options: RowOptions,
): Promise<readonly CsvFile[]> {
  const rowsPerFile = options.rowsPerFile ?? SPREADSHEET_ROWS;
  if (rows.count <= rowsPerFile || !(await isReplaceable(path))) {
    await writeReportFile(path, (out) => writeAll(out, rows.text(rows.items)));
    return [{ path, rows: rows.count }];
  }

  const items = rows.items[Symbol.iterator]();
  const parts: CsvPart[] = [];
  try {
    for (let next = items.next(); next.done !== true; next = items.next()) {
      const name = numbered(path, parts.length + 1);
      parts.push(await writePart(name, next.value, items, rows, rowsPerFile));
    }
  } finally {
    items.return?.();
  }
  await writeReportFile(path, (out) => writeAll(out, indexText(parts, options)));
  return parts.map((part) => ({ path: part.path, rows: part.rows }));
}

/** One of several files that hold findings, as the index lists it. */
interface CsvPart extends CsvFile {
  /** The accounts of its rows lie between these two; '' when none names one. */
  readonly firstAccount: string;
  readonly lastAccount: string;
  readonly sha256: string;
}

/** Writes one file: the item at hand and as many more as fit. */
async function writePart<T>(
  path: string,
  start: T,
  more: Iterator<T>,
  { text, accountOf }: RowsToWrite<T>,
  limit: number,
): Promise<CsvPart> {
  let firstAccount = '';
  let lastAccount = '';
  let rows = 0;
  function* taken(): Generator<T> {
    for (let item: T | undefined = start; item !== undefined; ) {
      rows += 1;
      const account = accountOf(item);
      if (account !== '' && (firstAccount === '' || account < firstAccount)) firstAccount = account;
      if (account > lastAccount) lastAccount = account;
      yield item;
      const next: IteratorResult<T> | undefined = rows === limit ? undefined : more.next();
      item = next === undefined || next.done === true ? undefined : next.value;
    }
  }
  const sha256 = await writeHashed(path, text(taken()));
  return { path, rows, firstAccount, lastAccount, sha256 };
}

function indexText(parts: readonly CsvPart[], options: RowOptions): readonly string[] {
  const csv = { ...options.csv, raw: false };
  const rows = parts.map((part) => [
    basename(part.path),
    String(part.rows),
    part.firstAccount,
    part.lastAccount,
    part.sha256,
  ]);
  const header = ['file', 'rows', 'first_account', 'last_account', 'sha256'];
  return [...(csv.bom === true ? ['\ufeff'] : []), csvRows([header, ...rows], csv)];
}

/** `findings.csv` and 7 give `findings-007.csv`. */
function numbered(path: string, number: number): string {
  const extension = extname(path);
  return `${withoutEnd(path, extension)}-${String(number).padStart(3, '0')}${extension}`;
}

function withoutEnd(path: string, extension: string): string {
  return extension === '' ? path : path.slice(0, -extension.length);
}
