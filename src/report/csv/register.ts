import type { Writable } from 'node:stream';
import type { ReportSource } from '../../model/report-source.ts';
import { NOBODY_NAMED, type ThirdPartyRow } from '../../model/third-party.ts';
import { writeAll } from '../files/stream.ts';
import { writeReportFile } from '../files/write-file.ts';
import type { ReportFormat, WrittenReport } from '../format.ts';
import { missingOf, standingOf } from '../shared/missing.ts';
import type { ReportOptions } from '../shared/options.ts';
import { REGISTER_COLUMNS, type RegisterLine } from '../shared/third-party-columns.ts';
import { writeEvidenceCsv } from './files.ts';
import { csvFile } from './index.ts';

const NO_COMPANION =
  'what is missing stands in a file beside the register (-o FILE), and in short in its last column; there is no such file beside standard output or a pipe';

/** The third-party register: one row for each outside account. */
export const REGISTER_FORMAT = {
  id: 'register',
  description: 'the third-party register: which outside accounts get into which roles, as CSV',
  extension: 'csv',
  options: ['csv'],
  render,
  write,
  besideFile: NO_COMPANION,
  beginnings: [/^\uFEFF?outside_account[,;\t|]vendor[,;\t|]relation/],
} as const satisfies ReportFormat;

async function render(source: ReportSource, out: Writable, options: ReportOptions): Promise<void> {
  await writeAll(out, registerText(source, options));
}

async function write(path: string, source: ReportSource, options: ReportOptions): Promise<WrittenReport> {
  await writeReportFile(path, (out) => render(source, out, options));
  const beside = await writeEvidenceCsv(path, source, options);
  return {
    files: [path, ...beside],
    remarks: beside.length === 0 ? [`${path}: ${NO_COMPANION}`] : [],
  };
}

function registerText(source: ReportSource, options: ReportOptions): Iterable<string> {
  return csvFile(REGISTER_COLUMNS, linesOf(source), options.csv ?? {});
}

function* linesOf(source: ReportSource): Iterable<RegisterLine> {
  const evidence = standingOf(missingOf(source));
  let isEmpty = true;
  for (const row of source.thirdParties()) {
    isEmpty = false;
    yield { row, evidence };
  }
  // A header alone would look like a register in which nobody is missing.
  if (isEmpty && evidence !== 'complete') yield { row: NOBODY_KNOWN, evidence };
}

const NOBODY_KNOWN: ThirdPartyRow = {
  account: NOBODY_NAMED,
  name: null,
  relation: 'unknown',
  roles: { open: 0, 'not-evaluated': 0, closed: 0, guarded: 0 },
  accounts: 0,
  carriedForward: 0,
  accepted: 0,
  guards: { mfa: 0, 'external-id': 0 },
  weak: { guarded: { roles: 0, notes: {} }, closed: { roles: 0, notes: {} } },
  notes: {},
  severity: null,
  privileges: null,
  lastUsed: null,
  exceptions: [],
  exceptionsLeftOut: 0,
  firstSeen: null,
  lastSeen: null,
  reasons: {},
  listed: [],
  leftOut: 0,
};
