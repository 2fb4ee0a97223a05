import { type Json, JsonObject, parseJson } from '../../../../iam/json.ts';
import { effectiveVerdict } from '../../../../model/guardrail.ts';
import { outsiderOf } from '../../../../model/third-party.ts';
import type { GradedPath } from '../../../../model/verdict.ts';
import { formatCounted } from '../../../../text/counted.ts';
import { exposedPaths, externalAccounts, worstPath } from '../../../shared/paths.ts';
import { messageWithNames } from '../../../shared/words/named-message.ts';
import { ANY_MEMBER_WORDS } from '../../../shared/words/outsider-words.ts';
import type { IsAsked } from '../data/filter.ts';
import type { Finding } from '../data/page-data.ts';

/** Longer policies are looked into when the finding is opened. */
const LONGEST = 20_000;

/**
 * What lets them in by one way, in few words: who of the account, and what the statement asks of them. What is no way in
 * has its message instead.
 */
export function whyWords(finding: Finding, path: GradedPath | null): string {
  return isWayIn(finding, path) ? wayWords(finding, path, 'the account') : messageWithNames(finding);
}

/** The same of a policy, with the account, and how many more get in. */
export function policyWords(finding: Finding): string {
  const path = shownPath(finding, null);
  return isWayIn(finding, path) ? wayWords(finding, path, null) : messageWithNames(finding);
}

/** The way in that stands for all: the worst of the accounts that are asked for, or of all. */
export function shownPath({ paths, ways = paths }: Finding, isAsked: IsAsked | null): GradedPath | null {
  const asked = isAsked === null ? [] : ways.filter(isAsked);
  return worstPath(asked.length > 0 ? asked : ways);
}

function isWayIn(finding: Finding, path: GradedPath | null): path is GradedPath {
  const outcome = effectiveVerdict(finding);
  return path !== null && outcome !== 'error' && outcome !== 'not-applicable';
}

/** `called`: the account, where the reader knows which; else it is named, and the others are counted. */
function wayWords(finding: Finding, path: GradedPath, called: string | null): string {
  const { paths, ways = paths } = finding;
  const others = externalAccounts(exposedPaths(ways)).length - 1;
  const more =
    called !== null || others === 0 ? '' : ` and principals of ${formatCounted(others, 'more account')}`;
  const demanded = demandedWords(path, finding);
  return `${whoWords(path, ways, called)}${more}${demanded === '' ? '' : `; ${demanded}`}`;
}

function whoWords(path: GradedPath, ways: readonly GradedPath[], called: string | null): string {
  const { account, principal } = path;
  if (account === '*') return 'any principal of any account';
  if (path.anyMember === true) {
    return `${principal === '*' ? 'any principal' : principal} of ${called === null ? ANY_MEMBER_WORDS : 'these accounts'}`;
  }
  const ofAccount = `of ${called ?? account}`;
  const same = exposedPaths(ways).filter((way) => outsiderOf(way) === account);
  // Several statements may name one of them.
  const principals = new Set(same.map((way) => way.principal)).size;
  if (principals > 1) return `${formatCounted(principals, 'principal')} ${ofAccount}`;
  const session = /^arn:[^:]*:sts::\d{12}:assumed-role\/([^/]+)\/([^/]+)$/.exec(principal);
  const behind = called === null ? ` ${ofAccount}` : '';
  if (session !== null) return `the session ${session[2]} of the role ${session[1]}${behind}`;
  const kind = /^arn:[^:]*:iam::\d{12}:(role|user)\/(?:.*\/)?([^/]+)$/s.exec(principal);
  if (kind !== null) return `the ${kind[1]} ${kind[2]}${behind}`;
  const isWhole = principal === account || /^arn:[^:]*:iam::\d{12}:root$/.test(principal);
  if (isWhole) return `any principal ${ofAccount}`;
  return principal === '*' ? `callers ${ofAccount}` : principal;
}

/** What the statement asks of callers; empty where its policy cannot be looked into. */
function demandedWords({ statement, guards }: GradedPath, { policy, notes }: Finding): string {
  const weak = notes.some((note) => note.startsWith('extid-')) ? ' that is weak' : '';
  if (guards.length > 0) {
    return guards.map((guard) => (guard === 'mfa' ? 'MFA' : `external ID${weak}`)).join(' or ');
  }
  if (policy === null || policy.length > LONGEST) return '';
  const keys = conditionKeys(policy, statement);
  if (keys === null) return '';
  return keys.length === 0 ? 'no condition' : `only ${keys.join(', ')} asked`;
}

/** The condition keys of a statement as written; null where it cannot be told. */
function conditionKeys(policy: string, statement: number): readonly string[] | null {
  try {
    const statements = member(parseJson(policy), 'statement');
    const one = Array.isArray(statements) ? (statements as readonly Json[])[statement] : statements;
    if (!(one instanceof JsonObject)) return null;
    const condition = member(one, 'condition');
    if (condition === undefined) return [];
    if (!(condition instanceof JsonObject)) return null;
    const keys = condition.members.flatMap(([, asked]) =>
      asked instanceof JsonObject ? asked.members.map(([key]) => key) : [],
    );
    return [...new Set(keys)];
  } catch {
    return null;
  }
}

/** @throws when there is more than one, because it cannot be told which counts */
function member(value: Json, name: string): Json | undefined {
  const found =
    value instanceof JsonObject ? value.members.filter(([key]) => key.toLowerCase() === name) : [];
  if (found.length > 1) throw new Error(name);
  return found[0]?.[1];
}
