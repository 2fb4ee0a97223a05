import type { Expr } from './ast.ts';
import type { Switches } from './switches.ts';

/** A bare text in an array bracket that is a `like` pattern: `Action contain ['%*%']`. */
export function isBarePattern(
  test: Expr,
  { bareTextIsPattern }: Switches,
): test is { readonly kind: 'literal'; readonly value: string } {
  return (
    bareTextIsPattern && test.kind === 'literal' && typeof test.value === 'string' && test.value.includes('%')
  );
}
