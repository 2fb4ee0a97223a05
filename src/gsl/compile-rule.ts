import { assemble, type CompiledRule } from './assemble.ts';
import { checkRule } from './checker.ts';
import type { Diagnostic } from './diagnostics.ts';
import { parseRule } from './parser.ts';
import { DEFAULT_SWITCHES, type Switches } from './switches.ts';

export type CompileResult =
  | { readonly ok: true; readonly compiled: CompiledRule }
  | { readonly ok: false; readonly errors: readonly Diagnostic[]; readonly warnings: readonly Diagnostic[] };

export interface CompileOptions {
  /** Switches that differ from their defaults. */
  readonly switches?: Partial<Switches>;
}

/** Parses, checks and compiles one rule. Never throws; everything that is wrong with the text is in the result. */
export function compileRule(text: string, options: CompileOptions = {}): CompileResult {
  const parsed = parseRule(text);
  if (!parsed.ok) return { ok: false, errors: parsed.errors, warnings: [] };
  const switches: Switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const diagnostics = checkRule(text, parsed, switches);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = [...diagnostics.filter(({ severity }) => severity === 'warning'), ...parsed.warnings];
  if (errors.length > 0) return { ok: false, errors, warnings };
  return { ok: true, compiled: assemble(text, parsed, switches, warnings) };
}
