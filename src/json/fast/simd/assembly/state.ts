/** What the scanner carries from one block of 64 bytes to the next. Positions are addresses in the window. */

export const TOP: u8 = 0;
export const ARRAY: u8 = 1;
export const OBJECT: u8 = 2;

/** The next block begins here. */
export let at: usize = 0;
/** Open arrays and objects. */
export let depth: i32 = 0;
/** All ones inside a string. */
export let inString: u64 = 0;
/** 1 when the next byte is escaped by the one before. */
export let escaped: u64 = 0;
/** 1 when the last token is `{`, `[`, `:` or `,`. */
export let operator: u64 = 0;
/** 1 when the last token is `:`. */
export let colon: u64 = 0;
/** True when the last of `{`, `[`, `:` and `,` is `:` or `,`. */
export let separator: bool = false;
/** 1 inside a string that is a key or an item, not a member's value. */
export let candidate: u64 = 0;
/** 1 when the last token is such a string. */
export let afterCandidate: u64 = 0;
/** 1 when the last byte belongs to a number or literal. */
export let inScalar: u64 = 0;
export let scalarStart: usize = 0;
/** The quotes seen last. */
export let lastOpen: usize = 0;
export let lastClose: usize = 0;
/** Line feeds before `at`, and the last one. */
export let line: u32 = 0;
export let lastFeed: usize = 0;
