/**
 * What a JSON reader is asked for and what it hands out. Bytes go in by `push`, events come out in batches;
 * what the plan does not name is skipped and never assembled.
 */

/** A place in the document whose values are elements. */
export interface ElementSource {
  /**
   * The keys that lead to the container, innermost last, matched at any depth outside elements
   * (array steps do not count); ANY_ACCOUNT stands for every account's number, and such a container is a scope
   * of its own. Empty: the document itself, or the items of a document that is an array.
   */
  readonly at: readonly string[];
  /** `list`: the items of an array (anything else but null is a list of one). `map`: the members of an object. */
  readonly shape: 'list' | 'map';
  /**
   * Fields to hand out, as paths of keys inside the element. Where a path goes through a value that is not an
   * object, that value is handed out under the part of the path that leads to it.
   */
  readonly fields: readonly (readonly string[])[];
  /**
   * Hands out the element itself under the empty name, and no field; for elements that are JSON in a string. Only the
   * reference reader can: ask `needsReference`.
   */
  readonly whole?: true;
  /** How elements may be handed out as rows; without it each is handed out by itself. */
  readonly row?: RowPlan;
  /** Nothing that a file claims hangs on it: it tells more of what other sources hand out. */
  readonly aside?: true;
}

/**
 * How elements that look as nearly all do are handed out as rows, many at once. Any other element is handed out by itself,
 * and the reference reader does so with all of them. Each field of the source must be named here.
 */
export interface RowPlan {
  /** The field with the ARN; in a row that of a role where `trust` is given. */
  readonly arn: string;
  /** The field with the unique id, of letters, digits and underscores. Without it rows are only counted. */
  readonly id?: string;
  /** The field with the trust policy, an object in a row; given for roles, together with `id`. */
  readonly trust?: string;
  /** Fields that say the same in many elements that follow each other; at most 4. */
  readonly group: readonly string[];
  /** Fields that no row has. */
  readonly none: readonly string[];
  /**
   * Asked when the group changes.
   *
   * @param prefix the beginning of the ARNs: `arn:aws:iam::111122223333:`, of a role with `role/` behind it
   * @param values the fields of `group` as JSON text, as it is written in the evidence
   * @returns null when the elements of this group are to be handed out one by one
   */
  readonly open: (prefix: string, values: readonly string[]) => RowGroup | null;
}

/** What the rows of a group have in common. */
export interface RowGroup {
  readonly partition: string;
  readonly account: string;
  readonly capturedAt: string;
}

/** In the path to a container: a key of 12 digits. */
export const ANY_ACCOUNT = '<account>';

/** True for a plan that only the reference reader carries out. */
export function needsReference(plan: ReadPlan): boolean {
  return plan.anyCase === true || plan.sources.some(({ whole }) => whole === true);
}

export interface ReadPlan {
  readonly sources: readonly ElementSource[];
  /** Keys whose scalar values are wanted wherever they stand outside elements. */
  readonly facts: readonly string[];
  /** `lines`: one document per line; a bad line is reported and the next one read. */
  readonly framing: 'stream' | 'lines';
  /**
   * Compares keys without regard to case and hands them out as the plan spells them; of keys that differ in case alone
   * the plan's first. Only the reference reader can.
   */
  readonly anyCase?: true;
}

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** One element, complete. */
export interface JsonElement {
  readonly kind: 'element';
  /** Index into the plan's sources. */
  readonly source: number;
  readonly type: JsonType;
  /** Offset of the element's first byte, counted from the reader's `start`. */
  readonly offset: number;
  /**
   * JSON pointer in its document; `#2/...` for the second of several concatenated documents, and with one
   * document per line always `#` and the line number.
   */
  readonly pointer: string;
  /** The innermost object outside elements that holds the element; -1 when there is none. */
  readonly scope: number;
  /** Facts of that object that stand before the element, as JSON text. */
  readonly facts: ReadonlyMap<string, string>;
  /**
   * Wanted fields by path (joined with `/`) as compact JSON: members in source order, duplicates kept, strings
   * as JSON.stringify writes them, numbers as written. Of a repeated field the first.
   */
  readonly fields: ReadonlyMap<string, string>;
  /** Wanted fields that occur more than once. */
  readonly repeated: readonly string[];
  /** Wanted fields left out because their text is longer than MAX_FIELD. */
  readonly tooLarge: readonly string[];
  /**
   * There where the key of a role's trust policy, as IAM spells it, stands within a value of the element: a role within a role,
   * as damage leaves it. Three and four arrays and objects deep stand those of the role's own instance profiles.
   */
  readonly holdsRole?: true;
}

/** The key of a trust policy as IAM and AWS Config spell it. */
export function isTrustKey(key: string): boolean {
  return key === 'AssumeRolePolicyDocument' || key === 'assumeRolePolicyDocument';
}

/** @param below how many arrays and objects lie between the element, or what is looked into of it, and the key */
export function isKeyOfRoleWithin(key: string, below: number): boolean {
  return below !== 3 && below !== 4 && isTrustKey(key);
}

/** Elements of one source and scope that follow each other. */
export interface JsonRows {
  readonly kind: 'rows';
  readonly source: number;
  readonly scope: number;
  /** Of the first element. */
  readonly pointer: string;
  readonly facts: ReadonlyMap<string, string>;
  readonly runs: readonly RowRun[];
  /** Null where the plan names no id; without trust policies all have the number 0. */
  readonly roles: RoleColumns | null;
}

/** So many elements of one group. */
export interface RowRun {
  readonly group: RowGroup;
  readonly count: number;
}

/** What is in the rows of roles, row by row. */
export interface RoleColumns {
  /** ARN and id of every row, one after the other. */
  readonly texts: string;
  /** Lengths in `texts`, alternately of an ARN and an id. */
  readonly lengths: Uint32Array;
  /** Index into `policyTexts`. */
  readonly policies: Uint32Array;
  /** Offset of the element's first byte. */
  readonly offsets: Float64Array;
  /** By which elements can be looked at once more, where offsets do not tell them apart. */
  readonly places?: Float64Array;
  /**
   * Trust policies as compact JSON, as elements have them. The same array goes with many rows and grows with them; when
   * numbers begin anew there is another one.
   */
  readonly policyTexts: readonly string[];
}

/** The end of an object outside elements that holds wanted facts or sources. */
export interface ScopeEnd {
  readonly kind: 'scope-end';
  readonly scope: number;
  readonly pointer: string;
  /** As JSON text; strings are cut to 1,024 characters. Of a repeated fact the last. */
  readonly facts: ReadonlyMap<string, string>;
  /** How many elements each source (by index) has in this object; 0 for an empty or null container. */
  readonly counts: ReadonlyMap<number, number>;
}

/** Reading stopped here; with `lines` framing only the line is lost. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly reason: 'syntax' | 'truncated' | 'too-deep' | 'too-long';
  /** Offset of the byte that does not fit, or of the end. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, counted in bytes. */
  readonly column: number;
  /** What was expected there, such as `expected a value`. */
  readonly expected: string;
  /** With `lines` framing the line's first byte and pointer; otherwise the document's. */
  readonly start: number;
  readonly pointer: string;
}

export type JsonEvent = JsonElement | JsonRows | ScopeEnd | Malformed;

export interface JsonReader {
  /** The bytes are not kept: the caller may overwrite them afterwards. */
  push(bytes: Uint8Array): readonly JsonEvent[];
  end(): readonly JsonEvent[];
  /** True after a `malformed` event that ended the reading; further bytes are ignored. */
  readonly stopped: boolean;
}

/** `start` is the offset of the first byte pushed. */
export type ReaderFactory = (plan: ReadPlan, start?: number) => JsonReader;

/** Longest text of one wanted field, in characters. IAM's own limit for a document is 131,072. */
export const MAX_FIELD = 4 * 1024 * 1024;
/** Deepest nesting of arrays and objects. */
export const MAX_DEPTH = 512;
/** Longest string or number, in bytes as written. */
export const MAX_LEXEME = 32 * 1024 * 1024;
/** Longest text of a fact, in characters. */
export const MAX_FACT = 1024;
