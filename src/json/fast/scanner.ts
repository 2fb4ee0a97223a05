/// <reference path="../../evidence/webassembly.d.ts" />
import { LANDING_END, LANDING_START, type Landing, MAX_PAGES } from '../../evidence/landing.ts';
import { compilePlan, type FieldNode, type PlanIndex } from '../plan-index.ts';
import type { ReadPlan, RowPlan } from '../reader.ts';
import { SCANNER_WASM } from './simd/scanner-wasm.ts';

/** What the scanner asks while it scans; all addresses are in its memory. */
export interface ScannerHost {
  /** A key outside elements. Answers 1 when its value is wanted should it be no array or object. */
  key(start: number, end: number): number;
  /** An array or object outside elements. Answers PLAIN, or a kind of level with a node above bit 3. */
  open(at: number, object: number, line: number): number;
  /** The end of an array or object outside elements. */
  close(): void;
  /** A value that was wanted and is no array or object. */
  scalar(start: number, end: number): void;
  /** So many items of an array outside elements that are no arrays or objects. */
  items(count: number): void;
  /** A key that is written with escapes, of the object at `node`. Answers the child's index or -1. */
  child(start: number, end: number, node: number): number;
  /** A key that is written with escapes, in a value of an element. Answers 1 when it is that of a trust policy. */
  isTrustKey(start: number, end: number): number;
  /** What rows have in common changes. Answers 1 when elements may go on as rows. */
  group(root: number): number;
}

/** Answers to `open`. */
export const PLAIN = -1;
export const LEVEL_LIST = 3;
export const LEVEL_MAP = 4;
export const LEVEL_ELEMENT = 5;

/** Why `scan` came back. */
export const SCAN_DONE = 0;
export const SCAN_FULL = 1;
export const SCAN_SUSPECT = 2;

/** Kinds of events: the low byte of an event's first word; the node, where there is one, stands above it. */
export const EVENT_ELEMENT = 1;
export const EVENT_FIELD = 2;
export const EVENT_ELEMENT_END = 3;
export const EVENT_BRANCH = 4;
export const EVENT_KEY = 5;

/** How a field's bytes become text: the low byte of a field's fourth word; the slot stands above it. */
export const TEXT_ASCII = 0;
export const TEXT_UTF8 = 1;
export const TEXT_COMPACT = 2;
export const TEXT_KNOWN = 3;
export const TEXT_FRESH = 4;
export const TEXT_REST = 8;

/** What may come next, where the scanner stands between two tokens; see assembly/state.ts. */
export const EXPECT_FIRST_KEY = 1;
export const EXPECT_KEY = 2;
export const EXPECT_COLON = 3;
export const EXPECT_VALUE = 4;
export const EXPECT_FIRST_ITEM = 5;
export const EXPECT_ITEM = 6;

/** The compiled scanner; assembly/index.ts says what each export means. */
export interface ScannerExports {
  begin(at: number, lines: number, root: number): void;
  restart(at: number): void;
  scan(end: number, final: number): number;
  neededFrom(): number;
  moved(by: number): void;
  openField(): number;
  takeOpenField(): void;
  compact(start: number, end: number): number;
  clearEvents(): void;
  setBase(base: number): void;
  clearNews(): void;
  clearRows(): void;
  arePoliciesForgotten(): number;
  readonly eventsAt: WebAssembly.Global<'i32'>;
  readonly count: WebAssembly.Global<'i32'>;
  readonly last: WebAssembly.Global<'f64'>;
  readonly rowsAt: WebAssembly.Global<'i32'>;
  readonly textsAt: WebAssembly.Global<'i32'>;
  readonly newsAt: WebAssembly.Global<'i32'>;
  readonly at: WebAssembly.Global<'i32'>;
  readonly depth: WebAssembly.Global<'i32'>;
  readonly expect: WebAssembly.Global<'i32'>;
  readonly inString: WebAssembly.Global<'i32'>;
  readonly lastOpen: WebAssembly.Global<'i32'>;
  readonly line: WebAssembly.Global<'i32'>;
  readonly lastFeed: WebAssembly.Global<'i32'>;
  readonly NO_FEED: WebAssembly.Global<'i32'>;
  readonly TYPES_AT: WebAssembly.Global<'i32'>;
  readonly EVENTS_AT: WebAssembly.Global<'i32'>;
  readonly SCRATCH_AT: WebAssembly.Global<'i32'>;
  readonly SHORT: WebAssembly.Global<'i32'>;
  readonly ROWS_AT: WebAssembly.Global<'i32'>;
  readonly ROW_BYTES: WebAssembly.Global<'i32'>;
  readonly TEXTS_AT: WebAssembly.Global<'i32'>;
  readonly NEWS_AT: WebAssembly.Global<'i32'>;
  readonly GROUP_AT: WebAssembly.Global<'i32'>;
  readonly GROUP_BYTES: WebAssembly.Global<'i32'>;
  readonly PLAN_AT: WebAssembly.Global<'i32'>;
}

/** An instance and the host it asks at the moment. */
export interface Scanner {
  readonly exports: ScannerExports;
  readonly memory: WebAssembly.Memory;
  /** Whose memory it is; null: its own. */
  readonly landing: Landing | null;
  host: ScannerHost | null;
}

let compiled: WebAssembly.Module | null | undefined;
/** Instances at rest. A reader takes one and gives it back, so that there are as many as files are read at once. */
const idle: Scanner[] = [];
/** Each has one, because its tables are in the same memory. */
const ofLandings = new WeakMap<Landing, Scanner>();
const MAX_IDLE = 8;

/** False where the runtime has no WebAssembly or no 128-bit SIMD in it. */
export function scannerRuns(): boolean {
  return compile() !== null;
}

function compile(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  const bytes = Buffer.from(SCANNER_WASM, 'base64');
  const runs = typeof WebAssembly === 'object' && WebAssembly.validate(bytes);
  compiled = runs ? new WebAssembly.Module(bytes) : null;
  return compiled;
}

/**
 * @param landing where bytes may lie that need not be copied; it is left to one reader at a time
 * @throws Error where `scannerRuns` says no
 */
export function takeScanner(host: ScannerHost, landing: Landing | null): Scanner {
  const scanner = scannerOf(landing) ?? idle.pop() ?? createScanner(null);
  scanner.host = host;
  return scanner;
}

export function returnScanner(scanner: Scanner): void {
  scanner.host = null;
  if (scanner.landing === null && idle.length < MAX_IDLE) idle.push(scanner);
}

/** Null while another reader has it. */
function scannerOf(landing: Landing | null): Scanner | null {
  if (landing === null) return null;
  const known = ofLandings.get(landing);
  if (known !== undefined) return known.host === null ? known : null;
  const scanner = createScanner(landing);
  ofLandings.set(landing, scanner);
  return scanner;
}

const PAGE = 65_536;
/** Holds all tables of the scanner, and plans as large as any format's. */
const FIRST_PAGES = LANDING_START / PAGE;

function createScanner(landing: Landing | null): Scanner {
  const module = compile();
  if (module === null) throw new Error('this runtime has no WebAssembly SIMD');
  const asked = (): ScannerHost => scanner.host as ScannerHost;
  const memory =
    landing?.memory ?? new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MAX_PAGES, shared: true });
  const instance = new WebAssembly.Instance(module, {
    env: { memory },
    reader: {
      key: (start: number, end: number) => asked().key(start, end),
      open: (at: number, object: number, line: number) => asked().open(at, object, line),
      close: () => asked().close(),
      scalar: (start: number, end: number) => asked().scalar(start, end),
      items: (count: number) => asked().items(count),
      child: (start: number, end: number, node: number) => asked().child(start, end, node),
      isTrustKey: (start: number, end: number) => asked().isTrustKey(start, end),
      group: (root: number) => asked().group(root),
    },
  });
  const exports = instance.exports as unknown as ScannerExports;
  const scanner: Scanner = { exports, memory, landing, host: null };
  return scanner;
}

/** A plan as the scanner and the reader know it. */
export interface ScanPlan {
  readonly index: PlanIndex;
  /** By the scanner's number. */
  readonly nodes: readonly FieldNode[];
  /** The number of each source's root. */
  readonly roots: readonly number[];
  readonly numbers: ReadonlyMap<FieldNode, number>;
}

export function planScan(plan: ReadPlan): ScanPlan {
  const index = compilePlan(plan);
  const nodes: FieldNode[] = [];
  const add = (node: FieldNode): void => {
    nodes.push(node);
    for (const child of node.children?.values() ?? []) add(child);
  };
  const roots = index.sources.map(({ tree }) => {
    add(tree);
    return nodes.indexOf(tree);
  });
  return { index, nodes, roots, numbers: new Map(nodes.map((node, number) => [node, number])) };
}

const NODE_BYTES = 32;
const CHILD_BYTES = 16;

/** Columns of rows; see assembly/rows.ts. */
const COLUMN_ARN = 0;
const COLUMN_ID = 1;
const COLUMN_TRUST = 2;
const COLUMN_NONE = 3;
const COLUMN_GROUP = 4;

/** @throws Error for a field that the source's rows do not know */
function columnOf(row: RowPlan, field: string): number {
  if (field === row.arn) return COLUMN_ARN;
  if (field === row.id) return COLUMN_ID;
  if (field === row.trust) return COLUMN_TRUST;
  if (row.none.includes(field)) return COLUMN_NONE;
  const index = row.group.indexOf(field);
  if (index < 0) throw new Error(`rows have no place for the field ${field}`);
  return COLUMN_GROUP + index;
}

/**
 * Writes the plan into the scanner's memory.
 *
 * @returns the first address that is free behind it
 */
export function writePlan({ memory, landing, exports }: Scanner, plan: ScanPlan): number {
  const start = exports.PLAN_AT.value;
  const keys = new Map<FieldNode, readonly (readonly [Buffer, number])[]>();
  let size = plan.nodes.length * NODE_BYTES;
  for (const node of plan.nodes) {
    const children = Array.from(node.children ?? [], ([key, child]) => {
      const bytes = Buffer.from(key);
      size += CHILD_BYTES + bytes.length;
      return [bytes, plan.numbers.get(child) as number] as const;
    });
    keys.set(node, children);
  }
  if (start + size > LANDING_START) throw new Error('the plan is larger than the room for it');
  const bytes = Buffer.from(memory.buffer, start, size);
  bytes.fill(0);
  let childAt = plan.nodes.length * NODE_BYTES;
  let keyAt = childAt + [...keys.values()].reduce((sum, children) => sum + children.length * CHILD_BYTES, 0);
  plan.nodes.forEach((node, number) => {
    const children = keys.get(node) as readonly (readonly [Buffer, number])[];
    const at = number * NODE_BYTES;
    const row = plan.index.sources[plan.roots.indexOf(number)]?.row ?? null;
    let columns = 0;
    bytes.writeUInt32LE(start + childAt, at);
    bytes.writeUInt32LE(children.length, at + 4);
    const lengths = children.reduce((mask, [key]) => mask | (1 << Math.min(key.length, 31)), 0);
    bytes.writeInt32LE(lengths, at + 8);
    bytes.writeUInt32LE(whatNodeIs(plan, number), at + 12);
    for (const [key, child] of children) {
      bytes.writeUInt32LE(start + keyAt, childAt);
      bytes.writeUInt32LE(key.length, childAt + 4);
      bytes.writeUInt32LE(child, childAt + 8);
      if (row !== null) {
        const column = columnOf(row, key.toString());
        columns |= 1 << column;
        bytes.writeUInt32LE(column, childAt + 12);
      }
      key.copy(bytes, keyAt);
      childAt += CHILD_BYTES;
      keyAt += key.length;
    }
    bytes.writeUInt32LE(columns, at + 28);
  });
  return landing === null ? start + size : LANDING_END;
}

/** Bits: 1 for the root of a source, 2 for one whose elements are handed out whole, 4 for one with rows. */
function whatNodeIs({ roots, index }: ScanPlan, number: number): number {
  const source = index.sources[roots.indexOf(number)];
  if (source === undefined) return 0;
  return 1 | (source.whole ? 2 : 0) | (source.row !== null ? 4 : 0);
}

/** Makes sure that the memory holds `size` bytes; its buffer is another one afterwards if it grew. */
export function growTo(memory: WebAssembly.Memory, size: number): void {
  const missing = size - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
