import { tellsName } from '../iam/external-id-strength.ts';
import { externalIdsOf } from '../iam/external-ids.ts';
import type { GradedPath, PathIn, PolicyVerdict, Relation, Severity } from './verdict.ts';

/** What is known of an account apart from the evidence; sets relation, name and severity, never the verdict. */
export interface KnownAccount {
  readonly name: string | null;
  /** `unknown`: one of AWS's own, which is no third party and not of the own organisation. */
  readonly relation: 'third-party' | 'same-organisation' | 'unknown';
}

/** An entry of the list of known accounts; with the type `aws`, the account is AWS's own and the name that of a service. */
export function knownAccount(name: string, type: unknown): KnownAccount {
  if (typeof type !== 'string' || type.toLowerCase() !== 'aws') return { name, relation: 'third-party' };
  return { name: /^(?:aws|amazon)\b/i.test(name) ? name : `AWS: ${name}`, relation: 'unknown' };
}

/** All that `--accounts` and `--known-accounts` told. */
export interface AccountRelations {
  /** By 12-digit account id. */
  readonly accounts: ReadonlyMap<string, KnownAccount>;
  /** True when the own organisation's account list was given: an account not on it is then a third party. */
  readonly organisationKnown: boolean;
}

export const NO_RELATIONS: AccountRelations = { accounts: new Map(), organisationKnown: false };

export function gradePath(path: PathIn, relations: AccountRelations): GradedPath {
  const known = relations.accounts.get(path.account);
  return { ...path, accountName: known?.name ?? null, relation: relationOf(path.account, relations) };
}

export function relationOf(account: string, relations: AccountRelations): Relation {
  if (account === '*') return 'any';
  const known = relations.accounts.get(account);
  if (known !== undefined) return known.relation;
  return relations.organisationKnown ? 'third-party' : 'unknown';
}

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };
const SEVERITY_OF: Readonly<Record<Relation, Severity>> = {
  any: 'critical',
  'third-party': 'high',
  unknown: 'medium',
  'same-organisation': 'low',
};

/** Notes that tell of a guard too weak to rely on. */
export const WEAK_GUARD_NOTES: ReadonlySet<string> = new Set([
  'extid-any',
  'extid-guessable',
  'extid-placeholder',
  'extid-wildcard',
]);
/** Notes of a confinement that is no guard, but keeps most of the world out. */
export const CONFINED_NOTES: ReadonlySet<string> = new Set(['org-confined', 'network-confined']);

/**
 * Grades exposure: critical (anyone), high (third party), medium (unknown relation, or only a weak guard or
 * confinement), low (own organisation); null where nobody gets in unguarded and no guard is weak.
 */
export function gradeSeverity(
  verdict: Pick<PolicyVerdict, 'verdict' | 'notes'>,
  paths: readonly GradedPath[],
): Severity | null {
  if (verdict.verdict === 'pass') {
    return verdict.notes.some((note) => WEAK_GUARD_NOTES.has(note)) ? 'medium' : null;
  }
  if (verdict.verdict !== 'fail') return null;
  let worst: Severity = 'low';
  for (const path of paths) {
    if (path.guards.length > 0) continue;
    const severity = SEVERITY_OF[path.relation];
    if (RANK[severity] > RANK[worst]) worst = severity;
  }
  const confined = verdict.notes.some((note) => CONFINED_NOTES.has(note));
  return confined && RANK[worst] > RANK.medium ? 'medium' : worst;
}

/** Those notes of a verdict that weigh on its severity, whoever the accounts are. */
export function gradingNotes({ notes }: Pick<PolicyVerdict, 'notes'>): readonly string[] {
  return notes.filter((note) => CONFINED_NOTES.has(note) || WEAK_GUARD_NOTES.has(note));
}

/** True when `severity` reaches the gate `atLeast`. */
export function reachesSeverity(severity: Severity | null, atLeast: Severity): boolean {
  return severity !== null && RANK[severity] >= RANK[atLeast];
}

/** Roles that AWS sets up in member accounts, open to the organisation's management account by design. */
const MANAGEMENT_ROLES =
  /^(?:OrganizationAccountAccessRole|AWSControlTowerExecution|AWSCloudFormationStackSetExecutionRole|stacksets-exec-[0-9a-f]+)$/;

/** What the notes of a role hang on beside its policy. */
export interface GradedRole {
  readonly roleName: string | null;
  readonly asOf: string;
  readonly sharesExternalId?: boolean;
  /** See `namesExternalId`. */
  readonly namesExternalId: boolean;
}

/** Notes that hang on more than the policy: on the role's name, on who is known, on the moment judged against. */
export function gradeNotes(
  verdict: Pick<PolicyVerdict, 'notes' | 'witness' | 'verdict'>,
  paths: readonly GradedPath[],
  role: GradedRole,
): readonly string[] {
  const notes: string[] = [];
  if (role.roleName !== null && MANAGEMENT_ROLES.test(role.roleName) && verdict.verdict === 'fail') {
    notes.push('aws-management-role');
  }
  if (paths.some((path) => path.relation === 'third-party' && path.accountName !== null))
    notes.push('known-vendor');
  // Of an account whose relation is unknown nothing but such a list can tell the name.
  if (paths.some((path) => path.relation === 'unknown' && path.accountName !== null))
    notes.push('aws-account');
  if (role.namesExternalId && !verdict.notes.includes('extid-guessable')) notes.push('extid-guessable');
  if (role.sharesExternalId === true) notes.push('extid-shared');
  if (closesBefore(verdict.witness, role.asOf)) notes.push('expired-window');
  return notes.length === 0 ? verdict.notes : [...verdict.notes, ...notes].sort();
}

/**
 * Is an external id that a pass rests on the name of the account that owns the role or of one that gets in? Whoever
 * knows the two knows it too.
 *
 * @param policyText null when there is none that can be read
 */
export function namesExternalId(
  { verdict }: Pick<PolicyVerdict, 'verdict'>,
  paths: readonly GradedPath[],
  own: string,
  policyText: string | null,
  relations: AccountRelations,
): boolean {
  if (verdict !== 'pass' || policyText === null || relations.accounts.size === 0) return false;
  const guarded = paths.filter((path) => path.guards.includes('external-id'));
  if (guarded.length === 0) return false;
  const names = new Set([relations.accounts.get(own)?.name, ...guarded.map((path) => path.accountName)]);
  const known = [...names].filter((name) => name != null);
  return (
    known.length > 0 &&
    externalIdsOf(policyText).some(({ value }) => known.some((name) => tellsName(value, name)))
  );
}

/** A witness carries the latest moment at which its way in is open. */
function closesBefore(witness: PolicyVerdict['witness'], asOf: string): boolean {
  const current = witness?.context['aws:CurrentTime'];
  const epoch = witness?.context['aws:EpochTime'];
  if (typeof current === 'string') return Date.parse(current) < Date.parse(asOf);
  return typeof epoch === 'string' && Number(epoch) * 1000 < Date.parse(asOf);
}
