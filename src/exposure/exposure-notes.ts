import { EXTERNAL_ID, isKnownKey, NETWORK_KEYS, ORGANISATION_KEYS } from '../iam/conditions/keys.ts';
import type { Condition } from '../iam/conditions/parse.ts';
import type { ContextValue } from '../iam/conditions/truth.ts';
import { type ExternalIdWeakness, externalIdWeakness } from '../iam/external-id-strength.ts';
import { partitionOf } from '../iam/partitions.ts';
import type { PatternToken } from '../iam/pattern.ts';
import type { Statement, TrustPolicyDocument } from '../iam/trust-policy.ts';
import type { FoundPath } from './paths.ts';
import { STRANGER_ADDRESSES } from './search/addresses.ts';
import { STRANGER_TEXTS } from './search/domains.ts';
import type { Restriction } from './search/request-space.ts';
import type { RequestSearch } from './search/search.ts';

/** Notes what is odd about the policy, whoever gets in; `relevant`: the statements that say something of it. */
export function notePolicy(
  { rejected, statements }: TrustPolicyDocument,
  relevant: readonly Statement[],
  partition: string,
  notes: Set<string>,
): void {
  const isForeign = ({ principals }: Statement): boolean =>
    principals.some(({ text }) => isOfOtherPartition(text, partition));
  if (rejected || statements.some(isForeign)) notes.add('iam-would-reject');
  if (relevant.some(({ principals }) => principals.some(({ kind }) => kind === 'stale')))
    notes.add('stale-principal');
  if (relevant.some(({ conditions }) => conditions.some(isOfUnknownKey))) notes.add('unknown-key');
}

/** A principal that can be of no account of the role's partition. */
export function isOfOtherPartition(principal: string, partition: string): boolean {
  return (partitionOf(principal) ?? partition) !== partition;
}

/** A condition on a key that AWS does not document. */
function isOfUnknownKey(condition: Condition): boolean {
  return condition.key !== '' && !isKnownKey(condition.key);
}

/** Who stays out when nobody belongs to the named organisation, or comes through the named network? */
export function noteConfinement(
  unguarded: readonly FoundPath[],
  search: RequestSearch,
  notes: Set<string>,
): void {
  const confined = (keys: ReadonlySet<string>): boolean =>
    unguarded.every((path) => isConfined(path, keys, search));
  if (confined(ORGANISATION_KEYS)) notes.add('org-confined');
  if (confined(NETWORK_KEYS)) notes.add('network-confined');
}

/**
 * True when it is certain that nobody comes this way, with the guards it asks for, whose requests hold none of the values
 * that the policy names.
 */
function isConfined(path: FoundPath, keys: ReadonlySet<string>, search: RequestSearch): boolean {
  const { statementObject, request, guards } = path;
  if (![...request.context.keys()].some((key) => keys.has(key))) return false;
  const restrict: Restriction = (key, value) => !keys.has(key) || isStranger(value);
  const found = search.find(statementObject, request.caller, {
    guards: { mfa: guards.includes('mfa'), externalId: guards.includes('external-id') },
    certainty: 'permissive',
    restrict,
  });
  return found === null && search.exhaustive;
}

/**
 * Finds the organisation that everybody belongs to who comes a way; each way is looked at once.
 *
 * @param own that of the role; null: not known
 */
export function organisationFinder(
  search: RequestSearch,
  own: string | null,
): (path: FoundPath) => string | null {
  const known = new Map<FoundPath, string | null>();
  return (path) => {
    if (path.anyMember) return own;
    let organisation = known.get(path);
    if (organisation === undefined) {
      organisation = isConfined(path, ORGANISATION_KEYS, search) ? organisationIn(path) : null;
      known.set(path, organisation);
    }
    return organisation;
  };
}

/** The id, or the path of units that begins with it. */
function organisationIn({ request }: FoundPath): string | null {
  for (const key of ORGANISATION_KEYS) {
    const value = request.context.get(key);
    const text = typeof value === 'string' ? value : value?.[0];
    if (text !== undefined) return /^o-[a-z0-9]+(?=\/)/.exec(text)?.[0] ?? text;
  }
  return null;
}

function isStranger(value: ContextValue): boolean {
  const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  return values.every((text) => STRANGER_TEXTS.includes(text) || STRANGER_ADDRESSES.includes(text));
}

/** What there is to say of guards that hold. */
export function noteGuards(
  paths: readonly FoundPath[],
  search: RequestSearch,
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
  const deciding = new Set<Statement>();
  for (const { statementObject, request } of byExternalId) {
    deciding.add(statementObject);
    for (const deny of search.deniesNaming(request.caller)) deciding.add(deny);
  }
  // A policy may name a word that stands for any other value elsewhere.
  const named = new Set([...deciding].flatMap(textsOfExternalIds));
  const isNamed = (value: ContextValue): boolean =>
    typeof value === 'string' && named.has(value.toLowerCase());
  for (const path of byExternalId) {
    if (notes.has('extid-any')) break;
    const anyValue = search.find(path.statementObject, path.request.caller, {
      guards: { mfa: path.guards.includes('mfa'), externalId: true },
      certainty: 'permissive',
      restrict: (key, value) => key !== EXTERNAL_ID || (isStranger(value) && !isNamed(value)),
    });
    if (anyValue !== null) notes.add('extid-any');
  }
  for (const statement of deciding) noteExternalIds(statement, accounts, notes);
}

function textsOfExternalIds({ conditions }: Statement): readonly string[] {
  return conditions.flatMap((condition) =>
    condition.key === EXTERNAL_ID && condition.kind === 'compare'
      ? condition.values.map(({ text }) => text.toLowerCase())
      : [],
  );
}

/** What there is to say of the external ids that a statement lets callers send. */
function noteExternalIds(
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
