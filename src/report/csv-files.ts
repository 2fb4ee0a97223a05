import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { ReportSource, StoredVerdict } from '../store/types.ts';
import { csvRows, csvText, renderCsv } from './csv.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from './options.ts';
import { writeAll } from './stream.ts';
import { isReplaceable, writeReportFile } from './write-file.ts';

/** Excel opens 1,048,576 rows of a sheet and drops the rest; one of them is the header. */
export const SPREADSHEET_ROWS = 1_048_575;

export interface CsvFilesOptions extends ReportOptions {
  /** Rows of one file without its header; `SPREADSHEET_ROWS` when absent. */
  readonly rowsPerFile?: number;
}

/** One file that holds findings. */
export interface CsvFile {
  readonly path: string;
  readonly rows: number;
}

/**
 * Writes the CSV report to `path`. When there are more rows than a spreadsheet opens, they go to
 * `findings-001.csv`, `findings-002.csv` ... beside it, in order, and `path` itself becomes the index that
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
  const outcomes = options.outcomes ?? DEFAULT_OUTCOMES;
  const counts = source.totals().verdicts;
  const rows = outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
  const rowsPerFile = options.rowsPerFile ?? SPREADSHEET_ROWS;
  if (rows <= rowsPerFile || !(await isReplaceable(path))) {
    await writeReportFile(path, (out) => renderCsv(source, out, options));
    return [{ path, rows }];
  }

  const verdicts = source.verdicts({ outcomes })[Symbol.iterator]();
  const parts: Part[] = [];
  try {
    for (let next = verdicts.next(); next.done !== true; next = verdicts.next()) {
      const part = await writePart(
        numbered(path, parts.length + 1),
        next.value,
        verdicts,
        options,
        rowsPerFile,
      );
      parts.push(part);
    }
  } finally {
    verdicts.return?.();
  }
  await writeReportFile(path, (out) => writeAll(out, indexText(parts, options)));
  return parts.map((part) => ({ path: part.path, rows: part.rows }));
}

interface Part extends CsvFile {
  readonly firstAccount: string;
  readonly lastAccount: string;
  readonly sha256: string;
}

/** Writes one file: the verdict at hand and as many more as fit. */
async function writePart(
  path: string,
  start: StoredVerdict,
  more: Iterator<StoredVerdict>,
  options: ReportOptions,
  limit: number,
): Promise<Part> {
  const hash = createHash('sha256');
  const firstAccount = start.object.account;
  let lastAccount = firstAccount;
  let rows = 0;
  function* taken(): Generator<StoredVerdict> {
    for (let verdict: StoredVerdict | undefined = start; verdict !== undefined; ) {
      rows += 1;
      lastAccount = verdict.object.account;
      yield verdict;
      const next = rows === limit ? undefined : more.next();
      verdict = next === undefined || next.done === true ? undefined : next.value;
    }
  }
  function* hashed(): Generator<string> {
    for (const text of csvText(taken(), options.csv ?? {})) {
      hash.update(text, 'utf8');
      yield text;
    }
  }
  await writeReportFile(path, (out) => writeAll(out, hashed()));
  return { path, rows, firstAccount, lastAccount, sha256: hash.digest('hex') };
}

function indexText(parts: readonly Part[], options: ReportOptions): readonly string[] {
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
  const stem = extension === '' ? path : path.slice(0, -extension.length);
  return `${stem}-${String(number).padStart(3, '0')}${extension}`;
}
