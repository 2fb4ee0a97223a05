import {
  PRINCIPAL_ORG_ID,
  PRINCIPAL_ORG_PATHS,
  RESOURCE_ORG_ID,
  RESOURCE_ORG_PATHS,
  RESOURCE_TAG_PREFIXES,
} from '../../iam/conditions/keys.ts';
import { ignoresCase } from '../../iam/conditions/operators.ts';
import type { ContextValue } from '../../iam/conditions/truth.ts';
import { parseGlob } from '../../iam/glob.ts';
import type { Matcher } from '../../iam/matcher.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import type { Caller } from '../callers/caller.ts';
import type { Membership } from '../callers/membership.ts';
import type { Carried } from './domains.ts';
import { variableKeys } from './variables.ts';

/** What is known of the context of every request for a role beside what its caller decides. */
export interface KnownKeys {
  /** By lower-case name; undefined: the key is absent for certain. */
  readonly fixed: ReadonlyMap<string, ContextValue>;
  /** Null: no organisation is known. */
  readonly membership: Membership | null;
}

export const NOTHING_KNOWN: KnownKeys = { fixed: new Map(), membership: null };

/** The key of a role's tag that a condition key asks for, in lower case; null where it asks for none. */
export function resourceTagOf(key: string): string | null {
  const prefix = RESOURCE_TAG_PREFIXES.find((start) => key.startsWith(start));
  return prefix === undefined ? null : key.slice(prefix.length);
}

/** Every key that conditions or their variables ask for, in lower case. */
export function keysAskedFor(statements: readonly Statement[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const condition of statements.flatMap(({ conditions }) => conditions)) {
    keys.add(condition.key);
    for (const key of variableKeys(condition)) keys.add(key);
  }
  return keys;
}

/**
 * The keys that are the same in all requests for a role.
 *
 * @param tags of the role; null: not known
 */
export function fixedKeys(
  own: string,
  tags: Readonly<Record<string, string>> | null,
  membership: Membership | null,
  statements: readonly Statement[],
): ReadonlyMap<string, ContextValue> {
  const fixed = new Map<string, ContextValue>();
  if (membership?.isMember(own) === true) {
    const path = membership.pathOf(own);
    fixed.set(RESOURCE_ORG_ID, membership.id);
    if (path !== null) fixed.set(RESOURCE_ORG_PATHS, [path]);
  }
  if (tags === null) return fixed;
  const all = Object.entries(tags);
  for (const key of keysAskedFor(statements)) {
    const tag = resourceTagOf(key);
    if (tag === null) continue;
    const values = all.filter(([name]) => name.toLowerCase() === tag).map(([, value]) => value);
    // Names of condition keys ignore case, so of two such tags either may be meant.
    if (values.length < 2) fixed.set(key, values[0]);
  }
  return fixed;
}

/** Values and patterns that tell the organisation's members from others. */
export function organisationValues(
  membership: Membership | null,
  callers: Iterable<Caller>,
  statements: readonly Statement[],
): ReadonlyMap<string, Carried> {
  if (membership === null) return new Map();
  const { id } = membership;
  // Ids and paths are in small letters. Where a condition ignores case, so that it tells nothing of a value in others, such
  // values must not stand for those that are.
  const isCaseIgnored = (key: string): boolean =>
    statements.some(({ conditions }) =>
      conditions.some((one) => one.key === key && one.kind === 'compare' && ignoresCase(one.comparison)),
    );
  const told = (key: string, pattern: string): readonly Matcher[] => [
    { patterns: [parseGlob(pattern)], scope: 'whole', ignoreCase: isCaseIgnored(key), arn: false },
  ];
  const accounts = new Set<string>();
  for (const { account } of callers) accounts.add(account);
  const paths = membership.pathsOf(accounts);
  return new Map([
    [PRINCIPAL_ORG_ID, { matchers: told(PRINCIPAL_ORG_ID, id), texts: [id] }],
    [PRINCIPAL_ORG_PATHS, { matchers: told(PRINCIPAL_ORG_PATHS, `${id}/*`), texts: paths }],
  ]);
}
