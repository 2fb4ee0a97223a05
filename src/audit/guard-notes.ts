import { EXTERNAL_ID, isKnownKey, NETWORK_KEYS, ORGANISATION_KEYS } from '../iam/condition-keys.ts';
import type { Condition } from '../iam/conditions.ts';
import type { Statement } from '../iam/trust-policy.ts';
import type { ContextValue } from '../iam/truth.ts';
import { UNGUARDED } from './credentials.ts';
import { STRANGER_ADDRESSES, STRANGERS } from './domains.ts';
import type { FoundPath } from './paths.ts';
import type { RequestSearch, Restriction } from './search.ts';

/** A condition on a key that AWS does not document. */
export function isOfUnknownKey(condition: Condition): boolean {
  return condition.key !== '' && !isKnownKey(condition.key);
}

/** Who stays out when nobody belongs to the named organisation, or comes through the named network? */
export function noteConfinement(
  unguarded: readonly FoundPath[],
  search: RequestSearch,
  notes: Set<string>,
): void {
  const confined = (keys: ReadonlySet<string>): boolean => {
    const restrict: Restriction = (key, value) => !keys.has(key) || isStranger(value);
    return unguarded.every(
      ({ statementObject, request }) =>
        [...request.context.keys()].some((key) => keys.has(key)) &&
        search.find(statementObject, request.caller, {
          guards: UNGUARDED,
          certainty: 'permissive',
          restrict,
        }) === null,
    );
  };
  if (confined(ORGANISATION_KEYS)) notes.add('org-confined');
  if (confined(NETWORK_KEYS)) notes.add('network-confined');
}

function isStranger(value: ContextValue): boolean {
  const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  return values.every((text) => STRANGERS.includes(text) || STRANGER_ADDRESSES.includes(text));
}

const MIN_UNGUESSABLE = 8;

/** What there is to say of guards that hold. */
export function noteGuards(
  paths: readonly FoundPath[],
  search: RequestSearch,
  statements: readonly Statement[],
  own: string,
  notes: Set<string>,
): void {
  for (const path of paths) {
    if (path.account === '*') notes.add('world-principal');
    if (path.guards.length === 1 && path.guards[0] === 'mfa') {
      notes.add('mfa-untrusted-account');
      if (path.principalKind === 'role' || path.principalKind === 'session')
        notes.add('mfa-impossible-for-role');
    }
    if (!path.guards.includes('external-id')) continue;
    const anyValue = search.find(path.statementObject, path.request.caller, {
      guards: { mfa: path.guards.includes('mfa'), externalId: true },
      certainty: 'permissive',
      restrict: (key, value) => key !== EXTERNAL_ID || isStranger(value),
    });
    if (anyValue !== null) notes.add('extid-any');
    const deciding = [path.statementObject, ...statements.filter((statement) => statement.effect === 'Deny')];
    for (const condition of deciding.flatMap((statement) => statement.conditions)) {
      if (condition.key !== EXTERNAL_ID || condition.kind !== 'compare') continue;
      for (const value of condition.values) {
        if (value.pattern.some((token) => typeof token === 'symbol')) notes.add('extid-wildcard');
        const guessable =
          value.hasVariable ||
          value.text.length < MIN_UNGUESSABLE ||
          value.text === own ||
          value.text === path.account;
        if (guessable) notes.add('extid-guessable');
      }
    }
  }
}
