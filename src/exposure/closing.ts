import type { GuardrailStatement } from '../iam/guardrail-policy.ts';
import { pathKey } from '../model/exposure.ts';
import type { FoundPath } from './paths.ts';

/** What of a search it takes to tell which guardrails close what it finds. */
export interface OpenWays {
  /** The unguarded ways in that are left when only these guardrails have their say. */
  under(guardrails: ReadonlySet<GuardrailStatement>): readonly FoundPath[];
  /** The guardrail denies the request of the way in for certain. */
  denies(guardrail: GuardrailStatement, path: FoundPath): boolean;
}

/**
 * Of guardrails that together leave no unguarded way in those that close some: those that deny the requests that would get
 * in without any, then those that deny what these would leave, until nothing is left. One that denies such a request
 * only because it does not claim an exemption that it may claim closes nothing, and is left out.
 */
export function closingGuardrails(
  all: readonly GuardrailStatement[],
  ways: OpenWays,
): readonly GuardrailStatement[] {
  let closing: ReadonlySet<GuardrailStatement> = new Set();
  for (;;) {
    const open = ways.under(closing);
    const denying = all.filter((one) => closing.has(one) || open.some((path) => ways.denies(one, path)));
    if (denying.length === closing.size) break;
    closing = new Set(denying);
  }
  if (closing.size < 2) return [...closing];
  const open = ways.under(new Set());
  for (const one of closing) {
    const others = new Set([...closing].filter((other) => other !== one));
    if (ways.under(others).length === 0 && !closesSome(one, open, ways)) closing = others;
  }
  return [...closing];
}

/** By itself, it closes some of the ways in. */
function closesSome(guardrail: GuardrailStatement, open: readonly FoundPath[], ways: OpenWays): boolean {
  const keyOf = (path: FoundPath): string => `${path.statement} ${pathKey(path)}`;
  const left = new Set(ways.under(new Set([guardrail])).map(keyOf));
  return open.some((path) => !left.has(keyOf(path)));
}
