import type { ObservedRole } from './role-reader.ts';

/** Observations read ahead. */
const AHEAD = 512;

/**
 * Hands on roles as they come, some of them read ahead, and before that names them and their policies, so that what is to be
 * known of these can be read together.
 */
export function* readAhead(
  roles: Iterable<ObservedRole>,
  expect: (policies: readonly number[], roles: readonly number[]) => void,
): Iterable<ObservedRole> {
  let ahead: ObservedRole[] = [];
  let observations = 0;
  for (const role of roles) {
    ahead.push(role);
    observations += role.observations.length;
    if (observations < AHEAD) continue;
    expect(policiesOf(ahead), numbersOf(ahead));
    yield* ahead;
    ahead = [];
    observations = 0;
  }
  expect(policiesOf(ahead), numbersOf(ahead));
  yield* ahead;
}

function policiesOf(roles: readonly ObservedRole[]): readonly number[] {
  const policies = new Set<number>();
  for (const { observations } of roles) {
    for (const { policy } of observations) if (policy !== null) policies.add(policy);
  }
  return [...policies];
}

function numbersOf(roles: readonly ObservedRole[]): readonly number[] {
  return [...new Set(roles.flatMap(({ observations }) => observations.map(({ role }) => role)))];
}
