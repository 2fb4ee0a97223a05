import { PRINCIPAL_ARN, PRINCIPAL_TYPE, USERNAME } from '../iam/conditions/keys.ts';
import type { TrustPolicyDocument } from '../iam/trust-policy.ts';
import { capital } from '../text/capital.ts';
import { counted } from '../text/counted.ts';
import type { FoundPath } from './paths.ts';

/** The organisation that all callers of a path are of; null when they need not be of one. */
export type OrganisationOf = (path: FoundPath) => string | null;

/** The sentence of a fail, about the path that proves it; `open`: all that are open. */
export function failMessage(
  path: FoundPath,
  open: readonly FoundPath[],
  organisationOf: OrganisationOf,
): string {
  return `${whoOf(path, open, organisationOf)} can assume this role without MFA or an external ID.`;
}

/** The sentence of a pass, about the widest path. */
export function passMessage(paths: readonly FoundPath[], organisationOf: OrganisationOf): string {
  const guards = new Set(paths.flatMap((path) => path.guards));
  const text = guards.size === 2 ? 'MFA or an external ID' : guards.has('mfa') ? 'MFA' : 'an external ID';
  const [widest] = widestFirst(paths, organisationOf);
  const who = widest === undefined ? 'Nobody' : whoOf(widest, paths, organisationOf);
  return `${who} can assume this role only with ${text}.`;
}

/** The sentence of a policy that lets in nobody of another account. */
export function nobodyMessage({ statements }: TrustPolicyDocument): string {
  return statements.some(({ principals }) => principals.some(({ kind }) => kind === 'federated'))
    ? 'Through sts:AssumeRole no principal of another account gets in; federated identities are not judged.'
    : 'No principal of another account can assume this role.';
}

/**
 * Those that count on nothing undefined before the others, and of each the ones that let most callers in: any
 * account, any of an organisation, a whole account, one user or role. Otherwise as they come.
 */
export function widestFirst(
  paths: readonly FoundPath[],
  organisationOf: OrganisationOf,
): readonly FoundPath[] {
  const widths = new Map(paths.map((path) => [path, widthOf(path, organisationOf)]));
  const width = (path: FoundPath): number => widths.get(path) ?? 0;
  return [...paths].sort(
    (a, b) => Number(a.undefinedSemantics) - Number(b.undefinedSemantics) || width(b) - width(a),
  );
}

function widthOf(path: FoundPath, organisationOf: OrganisationOf): number {
  const limited = isLimited(path) || path.principalKind === 'undefined';
  if (path.account === '*' || path.anyMember)
    return (organisationOf(path) === null ? 6 : 4) - Number(limited);
  return isWhole(path) && !limited ? 2 : 1;
}

/** The principal stands for everybody in the account. */
function isWhole({ principalKind }: FoundPath): boolean {
  return principalKind === 'account' || principalKind === 'anyone';
}

/** A condition of the statement picks some callers out of those that the principal stands for. */
function isLimited(path: FoundPath): boolean {
  return isWhole(path) && path.statementObject.conditions.some(({ key }) => tellsCallers(key));
}

function tellsCallers(key: string): boolean {
  return (
    key === PRINCIPAL_ARN ||
    key === USERNAME ||
    key === PRINCIPAL_TYPE ||
    key === 'aws:userid' ||
    key.startsWith('aws:principaltag/')
  );
}

function whoOf(path: FoundPath, all: readonly FoundPath[], organisationOf: OrganisationOf): string {
  const { account, principal, principalKind, request } = path;
  const limited = isLimited(path);
  const such = `such as ${quote(request.caller.arn)}`;
  if (account === '*' || path.anyMember) {
    const organisation = organisationOf(path);
    const accounts =
      organisation === null ? 'any account' : `any account of organisation ${quote(organisation)}`;
    const more = organisation === null ? '' : furtherAccounts(path, all);
    if (principalKind === 'undefined') return `Whoever ${quote(principal)} stands for${more}`;
    if (limited) return `Principals of ${accounts}, ${such},${more}`;
    return organisation === null ? `Anyone, from ${accounts},` : `${capital(accounts)}${more}`;
  }
  const more = furtherAccounts(path, all) || furtherPrincipals(path, all);
  if (limited) return `Principals of account ${account}, ${such},${more}`;
  if (isWhole(path)) return `Any principal of account ${account}${more}`;
  // An asterisk in it, say, is part of what is written, and of no caller's name.
  if (principalKind === 'undefined')
    return `Whoever ${quote(principal)} stands for in account ${account}${more}`;
  return `${quote(principal)} of account ${account}${more}`;
}

function furtherAccounts(path: FoundPath, all: readonly FoundPath[]): string {
  const others = new Set(all.map(({ account }) => account));
  others.delete(path.account);
  others.delete('*');
  if (others.size === 0) return '';
  return ` and principals of ${counted(others.size, 'more account')}`;
}

function furtherPrincipals(path: FoundPath, all: readonly FoundPath[]): string {
  if (isWhole(path)) return '';
  const others = new Set(all.map(({ principal }) => principal));
  const more = others.size - 1;
  return more === 0 ? '' : ` and ${counted(more, 'more principal')} of it`;
}

function quote(text: string): string {
  return `\`${text}\``;
}
