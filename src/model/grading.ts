import type { RuleMetadata } from './rule.ts';
import type { GradedPath, PolicyVerdict, Relation, Severity } from './verdict.ts';

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };
const SEVERITY_OF: Readonly<Record<Relation, Severity>> = {
  any: 'critical',
  'third-party': 'high',
  unknown: 'medium',
  'same-organisation': 'low',
};

/** The note of an external id that can be guessed; a name of an account is one, see `namesExternalId`. */
export const EXTID_GUESSABLE = 'extid-guessable';

/** Notes that tell of a guard too weak to rely on. */
export const WEAK_GUARD_NOTES: ReadonlySet<string> = new Set([
  'extid-any',
  EXTID_GUESSABLE,
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

/** True when the first relation exposes a role more than the second. */
export function isMoreExposed(relation: Relation, than: Relation): boolean {
  return RANK[SEVERITY_OF[relation]] > RANK[SEVERITY_OF[than]];
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
  if (role.namesExternalId && !verdict.notes.includes(EXTID_GUESSABLE)) notes.push(EXTID_GUESSABLE);
  if (role.sharesExternalId === true) notes.push('extid-shared');
  if (closesBefore(verdict.witness, role.asOf)) notes.push('expired-window');
  return notes.length === 0 ? verdict.notes : [...verdict.notes, ...notes].sort();
}

/** A witness carries the latest moment at which its way in is open. */
function closesBefore(witness: PolicyVerdict['witness'], asOf: string): boolean {
  const current = witness?.context['aws:CurrentTime'];
  const epoch = witness?.context['aws:EpochTime'];
  if (typeof current === 'string') return Date.parse(current) < Date.parse(asOf);
  return typeof epoch === 'string' && Number(epoch) * 1000 < Date.parse(asOf);
}

/** What a finding of the rule counts as. */
export function severityOf({ riskLevel }: RuleMetadata): Severity {
  return riskLevel.toLowerCase() as Severity;
}
