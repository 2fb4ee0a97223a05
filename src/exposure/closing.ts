import type { GuardrailStatement } from '../iam/guardrail-policy.ts';
import { pathKey } from '../model/exposure.ts';
import type { FoundPath } from './paths.ts';

/** What of a search it takes to tell which guardrails close what it finds. */
export interface OpenWays {
  /** The unguarded ways in that are left when only these guardrails have their say; null: that is too much work. */
  under(guardrails: ReadonlySet<GuardrailStatement>): readonly FoundPath[] | null;
  /** The guardrail denies the request of one of the ways in for certain; null: that is too much work. */
  deniesSome(guardrail: GuardrailStatement, paths: readonly FoundPath[]): boolean | null;
}

/**
 * Of guardrails that together leave no unguarded way in those that close some: those that deny the requests that would get
 * in without any, then those that deny what these would leave, until nothing is left. One that denies such a request
 * only because it does not claim an exemption that it may claim closes nothing, and is left out. Null: that is too much work.
 */
export function closingGuardrails(
  all: readonly GuardrailStatement[],
  ways: OpenWays,
): readonly GuardrailStatement[] | null {
  let closing: ReadonlySet<GuardrailStatement> = new Set();
  for (;;) {
    const open = ways.under(closing);
    if (open === null) return null;
    const denying = new Set<GuardrailStatement>();
    for (const one of all) {
      const denies = closing.has(one) || ways.deniesSome(one, open);
      if (denies === null) return null;
      if (denies) denying.add(one);
    }
    if (denying.size === closing.size) break;
    closing = denying;
  }
  return closing.size < 2 ? [...closing] : withoutIdle(closing, ways);
}

/** Without those that the others do without, and that by themselves close none of the ways in. */
function withoutIdle(
  all: ReadonlySet<GuardrailStatement>,
  ways: OpenWays,
): readonly GuardrailStatement[] | null {
  const open = ways.under(new Set());
  if (open === null) return null;
  const closing = new Set(all);
  for (const one of all) {
    closing.delete(one);
    const left = ways.under(closing);
    const byItself = left?.length === 0 ? ways.under(new Set([one])) : [];
    if (left === null || byItself === null) return null;
    if (left.length > 0 || closesSome(open, byItself)) closing.add(one);
  }
  return [...all].filter((one) => closing.has(one));
}

function closesSome(open: readonly FoundPath[], left: readonly FoundPath[]): boolean {
  const keyOf = (path: FoundPath): string => `${path.statement} ${pathKey(path)}`;
  const keys = new Set(left.map(keyOf));
  return open.some((path) => !keys.has(keyOf(path)));
}
