import { DuckDBInstance } from '@duckdb/node-api';

/** What an independent engine reads by a query: rows of plain values, integers of 64 bits as text. */
export async function queried(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson() as readonly Readonly<Record<string, unknown>>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
