import { globMatches, parseGlob } from '../../iam/glob.ts';
import { arnMatches, splitArnPattern } from '../../iam/pattern.ts';
import type { AcceptedRisk } from '../../model/exception.ts';
import type { PathIn } from '../../model/exposure.ts';
import type { VerdictObject } from '../../model/verdict.ts';

/** `partly`: it accepts some unguarded ways in, but not all, so it accepts nothing. */
export type Cover = 'whole' | 'partly' | 'none';

/** What an exception can be matched against. */
export type Coverable = Pick<VerdictObject, 'rule' | 'account' | 'arn' | 'roleName' | 'verdict'> & {
  readonly paths: readonly PathIn[];
};

type Test = (text: string) => boolean;

/**
 * Compiles one exception. It covers a failing verdict only when it accepts every unguarded way in: a principal that
 * is let in later is not accepted with the others. Patterns match whole texts; `*` and `?` are wildcards.
 */
export function compileException(entry: AcceptedRisk): (verdict: Coverable) => Cover {
  const rule = globTest(entry.rule);
  const account = globTest(entry.account);
  const role = roleTest(entry.role);
  const limited = entry.principals.length + entry.principalAccounts.length > 0;
  const principals = entry.principals.map(principalTest);
  const accounts = entry.principalAccounts.map(globTest);

  const accepts = (path: PathIn, partition: string): boolean =>
    (principals.length === 0 || principals.some((matches) => matches(path.principal, partition))) &&
    (accounts.length === 0 || accounts.some((matches) => matches(path.account)));

  return (verdict) => {
    if (verdict.verdict !== 'fail') return 'none';
    if (!rule(verdict.rule) || !account(verdict.account) || !role(verdict)) return 'none';
    if (!limited) return 'whole';
    const open = verdict.paths.filter((path) => path.guards.length === 0);
    const partition = verdict.arn.split(':', 2)[1] ?? '';
    const accepted = open.filter((path) => accepts(path, partition)).length;
    if (accepted === 0) return 'none';
    return accepted === open.length ? 'whole' : 'partly';
  };
}

function globTest(pattern: string | null): Test {
  if (pattern === null) return () => true;
  const glob = parseGlob(pattern);
  return (text) => globMatches(glob, text);
}

/** An ARN, a path with a name, or a name alone. */
function roleTest(pattern: string | null): (verdict: Coverable) => boolean {
  if (pattern?.startsWith('arn:') === true) {
    const matches = arnTest(pattern);
    return ({ arn }) => matches(arn);
  }
  const matches = globTest(pattern);
  if (pattern?.includes('/') !== true) return ({ roleName }) => matches(roleName);
  return ({ arn }) => matches(arn.slice(arn.indexOf('/') + 1));
}

/** A bare account id and the ARN of its root mean the same: every principal of that account. */
function principalTest(pattern: string): (principal: string, partition: string) => boolean {
  if (!ACCOUNT.test(pattern) && !pattern.startsWith('arn:')) return globTest(pattern);
  const matches = arnTest(ACCOUNT.test(pattern) ? `arn:*:iam::${pattern}:root` : pattern);
  return (principal, partition) =>
    matches(ACCOUNT.test(principal) ? `arn:${partition}:iam::${principal}:root` : principal);
}

const ACCOUNT = /^\d{12}$/;

/** Part by part, so that a wildcard never reaches from one part of the ARN into another. */
function arnTest(pattern: string): Test {
  const parts = splitArnPattern(parseGlob(pattern));
  if (parts === null) return () => false;
  return (text) => {
    const [a, b, c, d, e, ...rest] = text.split(':');
    return (
      rest.length > 0 && arnMatches(parts, [a ?? '', b ?? '', c ?? '', d ?? '', e ?? '', rest.join(':')])
    );
  };
}
