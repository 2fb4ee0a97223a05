import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { TrustsieveError } from '../../errors.ts';
import type { CaptureReport } from '../../history/report/captures.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { forget, temporaryBeside } from '../files/unfinished.ts';
import { unwritable } from '../files/write-file.ts';
import { missingOf } from '../shared/missing.ts';
import {
  CAPTURE_COLUMNS,
  type CaptureRow,
  EVIDENCE_COLUMNS,
  VERDICT_COLUMNS,
  type VerdictRow,
} from './columns.ts';
import { writeTableFile } from './table-file.ts';

/** Of the tables; additions do not change it. */
const SCHEMA = 'urn:trustsieve:lake:v1';

/** What is written: every capture, and the report of the whole store, which says what is missing. */
export interface Lake {
  readonly captures: Iterable<CaptureReport>;
  readonly source: ReportSource;
  readonly toolVersion: string;
}

/**
 * Writes the captures of a store as Parquet files into a folder that is new or empty, and returns why they are incomplete;
 * nothing where they are not. The folder appears when all of it is on disk. It holds a group of rows at a time.
 *
 * @throws TrustsieveError `output-unwritable`
 */
export async function writeLake(folder: string, lake: Lake): Promise<readonly string[]> {
  demandEmpty(folder);
  const temporary = temporaryBeside(folder);
  try {
    mkdirSync(temporary, { mode: 0o700 });
    const reasons = await writeInto(temporary, lake);
    // An empty folder gives way; one that something was put into meanwhile does not.
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(temporary, folder);
    return reasons;
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error instanceof Error && 'syscall' in error ? unwritable(folder, error) : error;
  } finally {
    forget(temporary);
  }
}

async function writeInto(folder: string, lake: Lake): Promise<readonly string[]> {
  const { captures, source, toolVersion } = lake;
  const table = (...names: readonly string[]): string => {
    const path = join(folder, ...names);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return join(path, 'part-0.parquet');
  };
  const written: CaptureRow[] = [];
  for (const capture of captures) {
    // Writing keeps the event loop busy: here a signal is heard, which ends the program and removes what is unfinished.
    await setImmediate();
    const path = table('verdicts', ...partitions(capture));
    const rows = writeTableFile(path, VERDICT_COLUMNS, rowsOf(capture));
    written.push({ capture, rows });
  }
  writeTableFile(table('captures'), CAPTURE_COLUMNS, written);
  writeTableFile(table('evidence'), EVIDENCE_COLUMNS, source.evidence());
  const partial = written.filter(({ capture }) => !capture.complete).length;
  const reasons = [
    ...missingOf(source).reasons,
    ...(partial === 0
      ? []
      : [`${partial} of ${written.length} captures do not show all roles of their account`]),
  ];
  const about = {
    schema: SCHEMA,
    tool: { name: 'trustsieve', version: toolVersion },
    asOf: source.asOf,
    complete: reasons.length === 0,
    missing: reasons,
    captures: written.length,
    incompleteCaptures: partial,
    verdicts: written.reduce((sum, { rows }) => sum + rows, 0),
  };
  // Engines pass over names that begin so.
  writeFileSync(join(folder, '_trustsieve.json'), `${JSON.stringify(about, null, 2)}\n`, {
    flag: 'wx',
    mode: 0o600,
  });
  return reasons;
}

function* rowsOf(capture: CaptureReport): Iterable<VerdictRow> {
  for (const stored of capture.verdicts()) yield { capture, stored };
}

/** Times without the characters that engines write in different ways into paths: `20260201T060000Z`. */
function partitions({ account, capturedAt }: CaptureReport): readonly string[] {
  const time = capturedAt.replace(/[-:]/g, '');
  // A crafted store may hold any text.
  return [`account_id=${encodeURIComponent(account)}`, `capture=${encodeURIComponent(time)}`];
}

function demandEmpty(folder: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw unwritable(folder, error);
  }
  if (names.length > 0) {
    throw new TrustsieveError(
      'output-unwritable',
      `\`${folder}\` is not empty: name a new folder for the export`,
    );
  }
}
