/** Where the scanner stands between two tokens, or in a string. Positions are addresses in the window. */

export const TOP: u8 = 0;
export const ARRAY: u8 = 1;
export const OBJECT: u8 = 2;

// What may come next.
/** A document, outside of all arrays and objects. */
export const DOCUMENT: u32 = 0;
/** Behind `{`: a key or `}`. */
export const FIRST_KEY: u32 = 1;
/** Behind a comma: a key. */
export const KEY: u32 = 2;
export const COLON: u32 = 3;
/** Behind a colon. */
export const VALUE: u32 = 4;
/** Behind `[`: a value or `]`. */
export const FIRST_ITEM: u32 = 5;
/** Behind a comma: a value. */
export const ITEM: u32 = 6;
/** A comma or the end of the array or object. */
export const AFTER: u32 = 7;

/** The next byte to be read. */
export let at: usize = 0;
/** Open arrays and objects. */
export let depth: i32 = 0;
export let expect: u32 = DOCUMENT;
/** True when `at` is inside a string. */
export let inString: bool = false;
/** The opening quote of that string. */
export let lastOpen: usize = 0;
/** Line feeds before `at`, and the last one. */
export let line: u32 = 0;
export let lastFeed: usize = 0;
/** True where a line feed is no white space: inside a document that ends with its line. */
export let feedEnds: bool = false;
/** Where the token that was read last and refused could not go on. */
export let stop: usize = 0;
/** True when a key of a role's trust policy was met in a value of the element that is read. */
export let holdsRole: bool = false;
