import { oneLine } from '../text/hidden-characters.ts';

/** Something to say about a rule text, with its place. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable code, listed in docs/gsl.md. */
  readonly code: DiagnosticCode;
  /** One sentence, lower-case start, no final full stop. */
  readonly message: string;
  /** Index into the text, in UTF-16 code units, from 0. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** What could have stood here; empty when that is not the point. */
  readonly expected: readonly string[];
  /** Two lines: the source line (cut when long, hidden characters replaced) and a caret below the place. */
  readonly caret: string;
}

export type DiagnosticCode =
  | 'syntax'
  | 'unknown-operator'
  | 'unknown-function'
  | 'unsupported-function'
  | 'bad-argument'
  | 'bad-regex'
  | 'outward'
  | 'too-complex'
  | 'not-allowed'
  | 'ignored-after-end'
  | 'unknown-entity'
  | 'unknown-path'
  | 'path-not-in-export'
  | 'constant-condition';

export interface Complaint {
  readonly severity: 'error' | 'warning';
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly offset: number;
  readonly expected?: readonly string[];
}

/** Adds line, column and caret to a complaint about `text`. */
export function locate(text: string, complaint: Complaint): Diagnostic {
  const offset = Math.min(complaint.offset, text.length);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < lineStart; at = text.indexOf('\n', at + 1)) line++;
  const column = offset - lineStart + 1;
  const { severity, code, message, expected = [] } = complaint;
  return { severity, code, message, offset, line, column, expected, caret: caretAt(text, lineStart, offset) };
}

const CONTEXT = 60;

function caretAt(text: string, lineStart: number, offset: number): string {
  const newline = text.indexOf('\n', offset);
  const lineEnd = newline < 0 ? text.length : newline;
  const from = Math.max(lineStart, offset - CONTEXT);
  const to = Math.min(lineEnd, offset + CONTEXT);
  const before = (from > lineStart ? '...' : '') + oneLine(text.slice(from, offset));
  const after = oneLine(text.slice(offset, to)) + (to < lineEnd ? '...' : '');
  return `${before}${after}\n${' '.repeat(before.length)}^`;
}
