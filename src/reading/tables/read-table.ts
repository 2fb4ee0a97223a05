import { type EvidenceEnd, type EvidenceStream, MAX_HELD, type RandomAccess } from '../../evidence/open.ts';
import { SourceDamage } from '../../evidence/source.ts';
import { openDuckdb } from '../../evidence/tables/duckdb.ts';
import { openParquet } from '../../evidence/tables/parquet.ts';
import { MAX_VALUE, type Table } from '../../evidence/tables/table.ts';
import { detectFormat } from '../../formats/index.ts';
import type { FileReading, FormatEvent, ReadOptions } from '../../formats/shared/file-reading.ts';
import type { Format, FormatSession } from '../../formats/shared/format.ts';
import { Sink } from '../../formats/shared/sink.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import { conclude, openSession, unrecognised } from '../file-session.ts';
import { HeldElements } from '../held-elements.ts';
import type { RoleDetails } from '../role-details.ts';
import { RowElements, sketchColumns } from './row-elements.ts';

type TableContent = 'parquet' | 'sqlite' | 'duckdb';

/** CloudQuery's tables of roles, and Steampipe's. */
const NAMES = ['aws_iam_roles', 'aws_iam_role', 'aws_iam_account_authorization_details'];

const OPENERS: Readonly<Record<TableContent, (access: RandomAccess) => Promise<Table>>> = {
  parquet: (access) => openParquet(access),
  // Loaded only where it is needed: it brings SQLite.
  sqlite: async (access) => (await import('../../evidence/tables/sqlite.ts')).openSqlite(access, NAMES),
  duckdb: (access) => openDuckdb(access, NAMES),
};

export function isTable(stream: EvidenceStream): boolean {
  return stream.content in OPENERS;
}

/** Reads a file that is a table or a database, as readEvidence reads text, with the same `details`. The pointer of a record is `#` and its row. */
export async function* readTable(
  path: string,
  stream: EvidenceStream,
  options: ReadOptions,
  forced: Format | null,
  details: RoleDetails | null,
): AsyncGenerator<readonly FormatEvent[], FileReading> {
  let table: Table | null = null;
  let end: EvidenceEnd | null = null;
  try {
    const opened = await openTable(stream);
    if ('code' in opened) {
      end = await stream.finish();
      return unrecognised(end, opened);
    }
    table = opened;
    const sketch = sketchColumns(table.columns);
    const format = forced ?? detectFormat(sketch, path);
    if (format === null) {
      end = await stream.finish();
      const message = `holds a table without the columns of roles; export a table of roles`;
      return unrecognised(end, { code: 'format-unknown', message });
    }
    const sink = new Sink(options);
    const session = openSession(format, { path, sketch, stream, options, sink });
    details?.begin(session, sink);
    const held = details?.lookInto(new HeldElements()) ?? null;
    // Further columns of a row group would cost more time and memory than the rest of it.
    const asked = stream.content === 'parquet' ? { plan: session.plan } : session;
    const elements = new RowElements(asked, table.columns, sink, held, false);
    const missing = yield* handOut(table, elements, session, sink, details);
    if (sink.recordsRead === 0 && missing === null) sink.problem('no-roles', 'the table has no row');
    end = await stream.finish();
    return yield* conclude(end, {
      format,
      session,
      sink,
      missing,
      sketch,
      forced: forced !== null,
      closes: true,
    });
  } finally {
    await table?.close();
    if (end === null) await stream.close();
  }
}

/** Hands the rows to the session, and its records out in batches; returns why the table is not whole. */
async function* handOut(
  table: Table,
  elements: RowElements,
  session: FormatSession,
  sink: Sink,
  details: RoleDetails | null,
): AsyncGenerator<readonly FormatEvent[], 'truncated' | 'records-rejected' | null> {
  let missing: 'records-rejected' | null = null;
  const places = new Map(elements.wanted.map((column, place) => [column, place]));
  try {
    for await (const rows of table.rows(elements.wanted)) {
      for (const { offset, number, cells, tooLarge } of rows) {
        if (tooLarge === true) {
          const message = `row ${number} holds a value of more than ${MAX_VALUE / 1024 / 1024} MiB`;
          elements.flush(session);
          sink.reject({ offset, pointer: `#${number}` }, 'table-too-large', message);
          sink.problem('table-too-large', message);
          missing = 'records-rejected';
          continue;
        }
        const cell = (column: number) => cells[places.get(column) ?? -1] ?? null;
        elements.hand(session, cell, offset, `#${number}`);
      }
      elements.flush(session);
      const batch = sink.take();
      if (batch.length > 0) yield batch;
      details?.release();
    }
  } catch (error) {
    if (!(error instanceof SourceDamage)) throw error;
    sink.problem(error.code, error.message);
    return 'truncated';
  }
  return missing;
}

/** Where an SQLite database says whose it is (https://sqlite.org/fileformat2.html#application_id), and a store's answer. */
const APPLICATION_ID = 68;
const OWN_STORE = 0x54725376;

async function openTable(stream: EvidenceStream): Promise<Table | FileProblem> {
  const head = Buffer.from(stream.head);
  if (stream.content === 'sqlite' && head.length > 72 && head.readUInt32BE(APPLICATION_ID) === OWN_STORE) {
    return { code: 'not-evidence', message: 'is a store of this program' };
  }
  try {
    const access = await stream.randomAccess();
    if (access !== null) return await OPENERS[stream.content as TableContent](access);
  } catch (error) {
    if (error instanceof SourceDamage) return { code: error.code, message: error.message };
    return { code: 'evidence-unreadable', message: `cannot be read: ${String(error)}` };
  }
  const held = MAX_HELD / 1024 / 1024;
  const message = `is a ${stream.content} file of more than ${held} MiB that is not a file of its own; save or unpack it to a disk`;
  return { code: 'random-access-needed', message };
}
