/**
 * The scanner's linear memory, from its beginning: tables of fixed size, then the window of evidence bytes,
 * which the reader fills and may grow. The reader knows these addresses by the exports of index.ts.
 */

/** Deepest nesting of arrays and objects; the reference reader's MAX_DEPTH. */
export const MAX_DEPTH: i32 = 512;

/** One byte per open container: OBJECT or ARRAY; TOP at index 0. */
export const TYPES: usize = 1024;
/** One entry of 8 bytes per level that is looked into: its kind and its node. */
export const LEVELS: usize = 2048;
/** 256 bytes: 1 for every character that may follow a backslash. */
export const ESCAPES: usize = 8192;
/** 256 bytes: 1 for every hexadecimal digit. */
export const HEX: usize = 8448;

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

/** The plan: nodes, their children, and keys; written by the reader. */
export const PLAN: usize = SCRATCH + MAX_SHORT + 64;
