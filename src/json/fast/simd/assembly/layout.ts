/**
 * The scanner's linear memory, from its beginning: tables of fixed size, then the plan, then the window of evidence
 * bytes, which the reader fills and may grow. The reader knows these addresses by the exports of index.ts.
 */

/** Deepest nesting of arrays and objects; the reference reader's MAX_DEPTH. */
export const MAX_DEPTH: i32 = 512;

/** One byte per open container: OBJECT or ARRAY; TOP at index 0. */
export const TYPES: usize = 1024;
/** One entry of 8 bytes per level that is looked into: its kind and its node. */
export const LEVELS: usize = 2048;

/** Columns of the element that may become a row, by number: where its value starts and ends, and its backslashes. */
export const COLUMNS: usize = 8192;
export const COLUMN_SIZE: usize = 12;
export const MAX_COLUMNS: u32 = 8;
/** What the rows of a group have in common: a length, then the bytes; the first is the beginning of the ARN. */
export const GROUP: usize = 9216;
export const GROUP_SIZE: usize = 256;
export const MAX_GROUP_TEXT: u32 = 248;

/** Events for the reader, 16 bytes each. */
export const EVENTS: usize = 16384;
export const EVENTS_END: usize = EVENTS + 65536;

/** Fields seen before: slots of 16 bytes (hash, address, length), and a copy of their bytes. */
export const MEMO: usize = EVENTS_END;
export const MEMO_SLOTS: u32 = 4096;
export const MEMO_END: usize = MEMO + MEMO_SLOTS * 16;
export const ARENA: usize = MEMO_END;
export const ARENA_END: usize = ARENA + 2097152;

/** Room for one field without its white space. */
export const SCRATCH: usize = ARENA_END;
/** Longest field that is remembered or compacted here; longer ones the reader parses. */
export const MAX_SHORT: u32 = 262144;

/** Rows of 24 bytes, and their texts. */
export const ROWS: usize = SCRATCH + MAX_SHORT + 64;
export const ROW_SIZE: usize = 24;
export const ROWS_END: usize = ROWS + 2048 * ROW_SIZE;
export const TEXTS: usize = ROWS_END;
export const TEXTS_END: usize = TEXTS + 262144;
/** Policies of these rows that were not seen before: 16 bytes each (start, end, number). */
export const NEWS: usize = TEXTS_END;
export const NEWS_END: usize = NEWS + 2048 * 16;
/** Policies of rows seen before: slots of 24 bytes (hash, address, length, number), and a copy of their bytes. */
export const POLICIES: usize = NEWS_END;
export const POLICY_SLOTS: u32 = 16384;
export const POLICY_SIZE: usize = 24;
export const POLICY_BYTES: usize = POLICIES + POLICY_SLOTS * POLICY_SIZE;
export const POLICY_BYTES_END: usize = POLICY_BYTES + 4194304;

/** The plan: nodes, their children, and keys; written by the reader. */
export const PLAN: usize = POLICY_BYTES_END;
