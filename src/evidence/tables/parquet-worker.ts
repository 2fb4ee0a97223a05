import type { AsyncBuffer, FileMetaData } from 'hyparquet';

/** What the worker is started with; `null` bytes mean the file. */
export interface ParquetInput {
  readonly file: string | null;
  readonly bytes: Uint8Array | null;
  /** Longest footer, in bytes. */
  readonly maxFooter: number;
  /** Most bytes of the wanted columns of one row group, compressed. */
  readonly maxGroup: number;
  /** Most bytes that one page may unpack to. */
  readonly maxPage: number;
  /** Most values of one page; a few bytes can stand for as many as they like. */
  readonly maxValues: number;
  /** Most items of one list of the footer. */
  readonly maxList: number;
  /**
   * About how many bytes are unpacked at a time. A page is unpacked as a whole when any of its rows is wanted, and kept
   * until all of them were handed out; pages are mostly of 1 MiB, but some programs write one for each row group.
   */
  readonly segmentBytes: number;
  /** About how many bytes, and how many rows, are handed out at a time. */
  readonly batchBytes: number;
  readonly batchRows: number;
}

/** The values of some rows in one column. */
export interface ParquetColumn {
  readonly values: readonly unknown[];
  /** Where each row's value stands among the values; null when they stand in the order of the rows. */
  readonly places: Uint32Array | null;
}

/** What the worker answers. */
export type ParquetAnswer =
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  | {
      readonly kind: 'rows';
      readonly offset: number;
      /** Number of the first row, from 1. */
      readonly first: number;
      readonly count: number;
      /** In the order in which they are wanted. */
      readonly columns: readonly ParquetColumn[];
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'too-large'; readonly what: 'group' | 'page'; readonly row: number };

/** What the worker is asked: first for the columns (at its start), then for batch after batch. */
export type ParquetQuestion = { readonly columns: readonly string[] };

/** Rows of one column as they are decoded: whole pages. */
interface DecodedRows {
  readonly columnData: ArrayLike<unknown>;
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** What the worker's few untyped lines hand to its typed part. */
interface WorkerParts {
  readonly hyparquet: typeof import('hyparquet');
  readonly compressors: typeof import('hyparquet-compressors').compressors;
  readonly fzstd: typeof import('fzstd');
  readonly fs: typeof import('node:fs');
  readonly zlib: typeof import('node:zlib');
  readonly input: ParquetInput;
  answer(answer: ParquetAnswer): void;
  /** Settles when the next question comes. */
  ask(): Promise<ParquetQuestion>;
}

/**
 * Decodes a Parquet file. A crafted one can make the decoder loop for ever or hoard memory, so this runs in a worker,
 * which its parent can end; it is handed there as text and may refer to nothing outside itself. A worker whose heap is full
 * ends alone only while what it asks for is small: an array that is larger than the 16 MiB that Node.js grants it then ends the
 * whole process. So counts are looked at before anything is decoded by them.
 */
async function decode({
  hyparquet,
  compressors,
  fzstd,
  fs,
  zlib,
  input,
  answer,
  ask,
}: WorkerParts): Promise<void> {
  const descriptor = input.file === null ? -1 : fs.openSync(input.file, 'r');
  const length = input.bytes?.length ?? fs.fstatSync(descriptor).size;
  const slice = (start: number, end = length): ArrayBuffer => {
    const size = Math.max(0, Math.min(end, length) - start);
    const bytes = new Uint8Array(size);
    if (input.bytes !== null) {
      bytes.set(input.bytes.subarray(start, start + size));
      return bytes.buffer;
    }
    for (let at = 0; at < size; ) {
      const read = fs.readSync(descriptor, bytes, at, size - at, start + at);
      if (read === 0) throw new Error('the file became shorter');
      at += read;
    }
    return bytes.buffer;
  };
  // Of those of hyparquet-compressors these two unpack as much as the bytes say, whatever the page claims.
  const unpackBrotli = (packed: Uint8Array, size: number): Uint8Array =>
    zlib.brotliDecompressSync(packed, { maxOutputLength: Math.max(1, size) });
  const unpackZstd = (packed: Uint8Array, size: number): Uint8Array => {
    // Older Node.js has none, and it reads one frame only.
    const found = zlib.zstdDecompressSync?.(packed, { maxOutputLength: Math.max(1, size) });
    if (found?.length === size) return found;
    const out = new Uint8Array(size);
    let at = 0;
    const stream = new fzstd.Decompress((piece) => {
      if (at + piece.length > size) throw new Error(`a page claims ${size} bytes and has more`);
      out.set(piece, at);
      at += piece.length;
    });
    stream.push(packed, true);
    return out.subarray(0, at);
  };
  const bounded = Object.fromEntries(
    Object.entries({ ...compressors, BROTLI: unpackBrotli, ZSTD: unpackZstd }).map(([codec, unpack]) => [
      codec,
      (packed: Uint8Array, size: number) => {
        if (size > input.maxPage) throw new Error(`a page claims ${size} bytes`);
        return unpack(packed, size);
      },
    ]),
  );

  class LongList extends Error {}
  /**
   * Goes over a struct of Thrift's compact protocol
   * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md) exactly as the decoder does, tells its
   * numbers by the ids of their fields, such as `5.1`, and returns where it ends.
   */
  const walk = (
    view: DataView,
    start: number,
    tell: (field: string, value: number) => void,
    outer = '',
  ): number => {
    let at = start;
    const varint = (): number => {
      for (let result = 0, shift = 0; ; shift += 7) {
        const byte = view.getUint8(at++);
        result |= (byte & 0x7f) << shift;
        if (byte < 0x80) return result;
      }
    };
    const number = (): number => {
      const folded = varint();
      return (folded >>> 1) ^ -(folded & 1);
    };
    const pass = (bytes: number): void => {
      if (bytes < 0 || at + bytes > view.byteLength) throw new Error(`a field claims ${bytes} bytes`);
      at += bytes;
    };
    const list = (): void => {
      const head = view.getUint8(at++);
      const size = head >> 4 === 15 ? varint() : head >> 4;
      if (size < 0 || size > input.maxList) throw new LongList(`a list claims ${size} items`);
      const type = head & 15;
      // Only in a list does a truth value take a byte.
      for (let item = 0; item < size; item++) value(type === 1 || type === 2 ? 3 : type, '');
    };
    const value = (type: number, field: string): void => {
      if (type === 1 || type === 2) return;
      if (type === 3) pass(1);
      else if (type === 4 || type === 5) tell(field, number());
      else if (type === 6) varint();
      else if (type === 7) pass(8);
      else if (type === 8) pass(varint());
      else if (type === 9) list();
      else if (type === 12) at = walk(view, at, tell, `${field}.`);
      else throw new Error(`a field has the type ${type}`);
    };
    for (let field = 0; ; ) {
      const head = view.getUint8(at++);
      if ((head & 15) === 0) return at;
      field = head >> 4 === 0 ? number() : field + (head >> 4);
      value(head & 15, `${outer}${field}`);
    }
  };

  const readMetadata = (): FileMetaData => {
    const end = new DataView(slice(Math.max(0, length - 8)));
    if (end.byteLength < 8 || end.getUint32(4, true) !== 0x31524150) {
      throw new Error('its end is missing or encrypted');
    }
    const footer = end.getUint32(0, true) + 8;
    if (footer > Math.min(length, input.maxFooter)) throw new Error(`its footer claims ${footer} bytes`);
    const bytes = slice(length - footer);
    walk(new DataView(bytes), 0, () => undefined);
    return hyparquet.parquetMetadata(bytes);
  };

  // The numbers of rows are written in several places; where one was changed, rows would go missing unseen.
  const checkCounts = ({ num_rows, row_groups }: FileMetaData, columns: readonly string[]): void => {
    const total = row_groups.reduce((sum, group) => sum + BigInt(group.num_rows), 0n);
    if (total !== num_rows) throw new Error(`its footer counts ${num_rows} rows, its row groups ${total}`);
    for (const [index, group] of row_groups.entries()) {
      for (const { meta_data: chunk } of group.columns) {
        const [name = '', ...below] = chunk?.path_in_schema ?? [];
        if (chunk === undefined || below.length > 0 || !columns.includes(name)) continue;
        if (chunk.num_values !== group.num_rows)
          throw new Error(`row group ${index + 1} has ${group.num_rows} rows, a column ${chunk.num_values}`);
        const { total_compressed_size: packed, total_uncompressed_size: unpacked, data_page_offset } = chunk;
        if ([packed, unpacked, data_page_offset].some((size) => typeof size !== 'bigint'))
          throw new Error(`row group ${index + 1} does not say where a column stands, and how large it is`);
      }
    }
  };

  const measure = (group: FileMetaData['row_groups'][number], columns: readonly string[]) => {
    let packed = 0;
    let unpacked = 0;
    let offset = Number.MAX_SAFE_INTEGER;
    for (const { meta_data: chunk } of group.columns) {
      if (chunk === undefined || !columns.includes(chunk.path_in_schema[0] ?? '')) continue;
      packed += Number(chunk.total_compressed_size);
      unpacked += Number(chunk.total_uncompressed_size);
      offset = Math.min(offset, Number(chunk.dictionary_page_offset ?? chunk.data_page_offset));
    }
    return { packed, unpacked, offset: offset >= 0 && offset < length ? offset : 0 };
  };

  const metadata = readMetadata();
  const names = hyparquet.parquetSchema(metadata).children.map(({ element }) => element.name);
  answer({ kind: 'columns', columns: names });
  const columns = [...(await ask()).columns];
  checkCounts(metadata, columns);
  // Every batch asks for the same pieces of its row group: they are read once, and dropped with it.
  const pieces = new Map<string, ArrayBuffer>();
  const file: AsyncBuffer = {
    byteLength: length,
    slice: (start, end) => {
      const key = `${start} ${end}`;
      const piece = pieces.get(key) ?? slice(start, end);
      pieces.set(key, piece);
      return piece;
    },
  };
  // The ids of fields are those of https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
  const hasLargePage = (group: FileMetaData['row_groups'][number]): boolean => {
    for (const { meta_data: chunk } of group.columns) {
      if (chunk === undefined || !columns.includes(chunk.path_in_schema[0] ?? '')) continue;
      const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
      const view = new DataView(
        file.slice(start, start + Number(chunk.total_compressed_size)) as ArrayBuffer,
      );
      for (let at = 0; at < view.byteLength - 1; ) {
        let size = 0;
        let most = 0;
        try {
          at = walk(view, at, (field, value) => {
            if (field === '3') size = value;
            if (['5.1', '7.1', '8.1', '8.3'].includes(field)) most = Math.max(most, value);
          });
        } catch (error) {
          if (error instanceof LongList) throw error;
          // The decoder goes no further either, and says so when it has given the rows before.
          break;
        }
        if (most > input.maxValues) return true;
        if (size < 0) break;
        at += size;
      }
    }
    return false;
  };
  // Keeps what JSON.parse would lose: repeated keys and long numbers.
  const parsers = {
    jsonFromBytes: (bytes: Uint8Array | undefined) =>
      bytes === undefined ? null : new TextDecoder().decode(bytes),
  };
  // A page is decoded as a whole: what it holds behind the rows that are wanted is kept for the next ones.
  const decoded = new Map<string, readonly DecodedRows[]>();
  const readColumn = async (name: string, rowStart: number, rowEnd: number): Promise<readonly unknown[]> => {
    const parts = (decoded.get(name) ?? []).filter((part) => part.rowEnd > rowStart);
    const reached = parts.reduce((end, part) => Math.max(end, part.rowEnd), rowStart);
    if (reached < rowEnd) {
      const onChunk = (part: DecodedRows) => {
        if (part.rowEnd > reached) parts.push(part);
      };
      const options = { file, metadata, columns: [name], compressors: bounded, parsers, onChunk };
      await hyparquet.parquetRead({ ...options, rowStart: reached, rowEnd });
    }
    decoded.set(name, parts);
    return Array.from({ length: rowEnd - rowStart }, (_, index) => {
      const row = rowStart + index;
      const part = parts.find((one) => row >= one.rowStart && row < one.rowEnd);
      return part === undefined ? undefined : part.columnData[row - part.rowStart];
    });
  };
  // Most roles share their policy with others: a text that repeats is handed over once.
  const pack = (values: readonly unknown[]): ParquetColumn => {
    const texts = [...new Set(values)];
    if (texts.length * 2 > values.length) return { values, places: null };
    const places = new Map(texts.map((text, index) => [text, index]));
    return { values: texts, places: Uint32Array.from(values, (text) => places.get(text) as number) };
  };
  // Where several columns are damaged, the first in the file is reported.
  const inOrder = [...new Set(columns)].sort((one, other) => names.indexOf(one) - names.indexOf(other));
  let groupStart = 0;
  let given = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    pieces.clear();
    decoded.clear();
    const { packed, unpacked, offset } = measure(group, columns);
    if (packed > input.maxGroup) {
      answer({ kind: 'too-large', what: 'group', row: groupStart + 1 });
      return;
    }
    if (hasLargePage(group)) {
      answer({ kind: 'too-large', what: 'page', row: groupStart + 1 });
      return;
    }
    const rowsIn = (bytes: number) => Math.max(1, Math.floor((rows * bytes) / Math.max(unpacked, 1)));
    const segment = rowsIn(input.segmentBytes);
    const step = Math.min(input.batchRows, rowsIn(input.batchBytes));
    for (let from = 0; from < rows; from += segment) {
      const rowStart = groupStart + from;
      const rowEnd = groupStart + Math.min(from + segment, rows);
      const found = new Map<string, readonly unknown[]>();
      for (const name of inOrder) found.set(name, await readColumn(name, rowStart, rowEnd));
      for (let at = 0; at < rowEnd - rowStart; at += step) {
        const batch = columns.map((name) => pack(found.get(name)?.slice(at, at + step) ?? []));
        const count = Math.min(step, rowEnd - rowStart - at);
        answer({ kind: 'rows', offset, first: rowStart + at + 1, count, columns: batch });
        given += count;
        await ask();
      }
    }
    groupStart += rows;
    if (given !== groupStart) throw new Error(`row ${given + 1} cannot be read`);
  }
  answer({ kind: 'end' });
}

/** The worker's script. The packages' addresses come with its data, because a script given as text has none. */
export const PARQUET_WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const fs = require('node:fs');
const zlib = require('node:zlib');
let wake = () => {};
const questions = [];
parentPort.on('message', (question) => { questions.push(question); wake(); });
const ask = async () => {
  while (questions.length === 0) await new Promise((resolve) => { wake = resolve; });
  return questions.shift();
};
const answer = (message) => parentPort.postMessage(message);
Promise.all([import(workerData.hyparquet), import(workerData.compressors), import(workerData.fzstd)])
  .then(([hyparquet, { compressors }, fzstd]) =>
    (${decode.toString()})({ hyparquet, compressors, fzstd, fs, zlib, input: workerData.input, answer, ask }))
  .catch((error) => answer({ kind: 'damaged', reason: String(error && error.message || error) }))
  .finally(() => parentPort.close());
`;
