import { EXTERNAL_ID, isKnownKey, NETWORK_KEYS, ORGANISATION_KEYS } from '../iam/condition-keys.ts';
import type { Condition } from '../iam/conditions.ts';
import { type ExternalIdWeakness, externalIdWeakness } from '../iam/external-id-strength.ts';
import type { PatternToken } from '../iam/pattern.ts';
import type { Statement } from '../iam/trust-policy.ts';
import type { ContextValue } from '../iam/truth.ts';
import { UNGUARDED } from './credentials.ts';
import { STRANGER_ADDRESSES, STRANGERS } from './domains.ts';
import type { FoundPath } from './paths.ts';
import type { RequestSearch, Restriction } from './search.ts';
import { statementNames } from './statement-scope.ts';

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

/** What there is to say of guards that hold. */
export function noteGuards(
  paths: readonly FoundPath[],
  search: RequestSearch,
  statements: readonly Statement[],
  own: string,
  notes: Set<string>,
): void {
  const accounts = new Set([own, ...paths.map((path) => path.account)]);
  const byExternalId = paths.filter((path) => path.guards.includes('external-id'));
  for (const path of paths) {
    if (path.account === '*' && path.principalKind !== 'undefined') notes.add('world-principal');
    if (path.guards.length === 1 && path.guards[0] === 'mfa') {
      notes.add('mfa-untrusted-account');
      if (path.principalKind === 'role' || path.principalKind === 'session')
        notes.add('mfa-impossible-for-role');
    }
  }
  for (const path of byExternalId) {
    if (notes.has('extid-any')) break;
    const anyValue = search.find(path.statementObject, path.request.caller, {
      guards: { mfa: path.guards.includes('mfa'), externalId: true },
      certainty: 'permissive',
      restrict: (key, value) => key !== EXTERNAL_ID || isStranger(value),
    });
    if (anyValue !== null) notes.add('extid-any');
  }
  for (const statement of new Set(byExternalId.map((path) => path.statementObject)))
    noteExternalIds(statement, accounts, notes);
  for (const statement of statements) {
    if (statement.effect !== 'Deny') continue;
    if (byExternalId.some(({ request }) => statementNames(statement, request.caller, 'permissive')))
      noteExternalIds(statement, accounts, notes);
  }
}

/** What there is to say of the external ids that a statement lets callers send. */
export function noteExternalIds(
  { effect, conditions }: Statement,
  accounts: ReadonlySet<string>,
  notes: Set<string>,
): void {
  for (const condition of conditions) {
    if (condition.key !== EXTERNAL_ID || condition.kind !== 'compare') continue;
    if (condition.negated !== (effect === 'Deny')) continue;
    for (const { pattern, text } of condition.values) {
      if (pattern.some((token) => typeof token === 'symbol')) notes.add('extid-wildcard');
      const weakness = isPolicyVariable(pattern) ? 'guessable' : externalIdWeakness(text, accounts);
      if (weakness !== null) notes.add(WEAKNESS_NOTES[weakness]);
    }
  }
}

/** A placeholder where a value was to go leaves a statement that nobody can satisfy, or one that anybody can. */
export function notePlaceholder(statement: Statement, notes: Set<string>): void {
  const found = new Set<string>();
  noteExternalIds(statement, new Set(), found);
  if (found.has('extid-placeholder')) notes.add('extid-placeholder');
}

/** `${aws:username}`, unlike `${ExternalId}`, which a template should have filled in: AWS's keys have a prefix. */
function isPolicyVariable(pattern: readonly PatternToken[]): boolean {
  return pattern.some((token) => typeof token === 'object' && token.key.includes(':'));
}

const WEAKNESS_NOTES = {
  placeholder: 'extid-placeholder',
  guessable: 'extid-guessable',
} as const satisfies Readonly<Record<ExternalIdWeakness, string>>;
