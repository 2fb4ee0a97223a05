import { onlyUnit } from './char-set.ts';
import { holdsInOrder, neededTexts } from './needed.ts';
import { buildProgram } from './program.ts';
import { LinearSearch } from './search.ts';
import { type Node, PatternError, parsePattern } from './syntax.ts';

/** A compiled regular expression: one search, linear in the text. */
export interface Pattern {
  readonly test: (text: string) => boolean;
  /** The text itself when the pattern is just that text, to be found anywhere; else null. */
  readonly needle: string | null;
}

export type PatternResult =
  | { readonly ok: true; readonly pattern: Pattern }
  /** `offset`: index into the pattern's source. */
  | { readonly ok: false; readonly message: string; readonly offset: number };

const MAX_PATTERN_LENGTH = 1000;
/** Longest program; one character of text costs at most one pass over it. */
const MAX_PROGRAM = 500;
/** A `like` pattern needs at most three instructions a character, few of which are ever active together. */
const MAX_LIKE_PROGRAM = 3 * MAX_PATTERN_LENGTH + 10;

/** Compiles the body and flags of `/body/flags`. Only the flag `i` is known. Never throws. */
export function compilePattern(source: string, flags: string): PatternResult {
  if (flags !== '' && flags !== 'i') {
    return { ok: false, message: `unknown flag in \`${flags}\`: only \`i\` is known`, offset: source.length };
  }
  if (source.length > MAX_PATTERN_LENGTH) {
    return { ok: false, message: `the pattern is longer than ${MAX_PATTERN_LENGTH} characters`, offset: 0 };
  }
  try {
    return { ok: true, pattern: buildPattern(parsePattern(source, flags === 'i'), MAX_PROGRAM) };
  } catch (failure) {
    if (!(failure instanceof PatternError)) throw failure;
    return { ok: false, message: failure.message, offset: failure.offset };
  }
}

function buildPattern(node: Node, limit: number): Pattern {
  const plain = plainText(node);
  if (plain === null) {
    const search = new LinearSearch(buildProgram(node, limit));
    // An anchored search leaves by itself, and must not read on for what else is needed.
    const needed = search.anchored ? [] : neededTexts(node);
    return { test: (subject) => holdsInOrder(subject, needed) && search.finds(subject), needle: null };
  }
  const { text, fromStart, toEnd } = plain;
  if (fromStart && toEnd) return { test: (subject) => subject === text, needle: null };
  if (fromStart) return { test: (subject) => subject.startsWith(text), needle: null };
  if (toEnd) return { test: (subject) => subject.endsWith(text), needle: null };
  return { test: (subject) => subject.includes(text), needle: text };
}

/** Patterns that are a fixed text, perhaps anchored, need no machine. */
function plainText(node: Node): { text: string; fromStart: boolean; toEnd: boolean } | null {
  const items = node.kind === 'sequence' ? node.items : [node];
  let text = '';
  let fromStart = false;
  let toEnd = false;
  for (const [index, item] of items.entries()) {
    const unit = item.kind === 'set' ? onlyUnit(item.set) : null;
    if (unit !== null) text += String.fromCharCode(unit);
    else if (item.kind === 'assert' && item.what === 'start' && index === 0) fromStart = true;
    else if (item.kind === 'assert' && item.what === 'end' && index === items.length - 1) toEnd = true;
    else return null;
  }
  return { text, fromStart, toEnd };
}

/**
 * A `like` pattern: `%` stands for any run of characters, everything else for itself in any case, and the whole
 * text must match.
 */
export function compileLike(like: string): PatternResult {
  if (like.length > MAX_PATTERN_LENGTH) {
    return { ok: false, message: `the pattern is longer than ${MAX_PATTERN_LENGTH} characters`, offset: 0 };
  }
  const body = like
    .split(/%+/)
    .filter((piece) => piece !== '')
    .map((piece) => piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('[\\s\\S]*');
  const source = `${like.startsWith('%') ? '' : '^'}${body}${like.endsWith('%') ? '' : '$'}`;
  try {
    return { ok: true, pattern: buildPattern(parsePattern(source, true), MAX_LIKE_PROGRAM) };
  } catch (failure) {
    if (!(failure instanceof PatternError)) throw failure;
    return { ok: false, message: failure.message, offset: failure.offset };
  }
}
