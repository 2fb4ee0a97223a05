import type { Guard } from '../../../model/exposure.ts';
import { CONFINED_NOTES, gradeSeverity, reachesSeverity } from '../../../model/grading.ts';
import { effectiveVerdict } from '../../../model/guardrail.ts';
import { ANY_MEMBER, NOBODY_NAMED, outsiderOf, type ThirdPartyRole } from '../../../model/third-party.ts';
import type { GradedPath, VerdictObject } from '../../../model/verdict.ts';
import { accountsNamedIn } from './named-accounts.ts';
import type { RoleWays } from './role-ways.ts';

/** How one outside account stands to one role. */
export interface Standing {
  readonly outside: string;
  readonly known: Pick<GradedPath, 'accountName' | 'relation'>;
  readonly role: ThirdPartyRole;
}

/** What a verdict says of each outside account that it concerns, each once, in the order of its ways in. */
export function standingsOf(judged: RoleWays): readonly Standing[] {
  const { object, ways } = judged;
  if (effectiveVerdict(object) === 'error') {
    return [...accountsNamedIn(judged.policy, object.account)].map((outside) => ({
      outside,
      known: outside === NOBODY_NAMED ? NOTHING_KNOWN : judged.known(outside),
      role: { ...roleOf(judged, outside), access: 'not-evaluated', reason: object.reason },
    }));
  }
  const left = byAccount(ways);
  const before = byAccount(object.paths);
  return [...new Map([...before, ...left])].map(([outside, paths]) => ({
    outside,
    known: outside === ANY_MEMBER ? { ...paths[0], accountName: null } : paths[0],
    role: roleLeft(judged, outside, before.get(outside) ?? [], left.get(outside) ?? []),
  }));
}

const NOTHING_KNOWN = { accountName: null, relation: 'unknown' } as const;

type Paths = readonly [GradedPath, ...GradedPath[]];

function byAccount(paths: readonly GradedPath[]): ReadonlyMap<string, Paths> {
  const all = new Map<string, [GradedPath, ...GradedPath[]]>();
  for (const path of paths) {
    const outside = outsiderOf(path);
    const known = all.get(outside);
    if (known === undefined) all.set(outside, [path]);
    else known.push(path);
  }
  return all;
}

/** What is the same however an account stands to the role. */
function roleOf(
  { object, ownerName, carriedForward, firstSeen }: RoleWays,
  outside: string,
): Omit<ThirdPartyRole, 'access'> {
  const { account, arn, roleId, impact, lastSeen } = object;
  return {
    account,
    accountName: ownerName,
    arn,
    roleId,
    guards: [],
    notes: notesOn(object, []),
    severity: null,
    privileges: impact?.privileges ?? null,
    lastUsed: impact?.lastUsed ?? null,
    exception: null,
    closedBy: [],
    example: null,
    carriedForward,
    reason: null,
    firstSeen: firstSeen(outside),
    lastSeen,
  };
}

/** @param before its ways in by the trust policy alone, @param left those that guardrails leave */
function roleLeft(
  judged: RoleWays,
  outside: string,
  before: readonly GradedPath[],
  left: readonly GradedPath[],
): ThirdPartyRole {
  const { object } = judged;
  const example = outside === ANY_MEMBER ? (left[0]?.account ?? null) : null;
  const role = { ...roleOf(judged, outside), example };
  if (left.some(isUnguarded)) {
    const grade = gradeSeverity({ verdict: 'fail', notes: object.notes }, left);
    // What confines the ways that guardrails leave is in the grade of the role.
    const isLess = object.severity !== null && reachesSeverity(grade, object.severity);
    const severity = isLess ? object.severity : grade;
    return { ...role, access: 'open', severity, exception: object.suppressedBy };
  }
  const guards = [...new Set(left.flatMap((path) => path.guards))].sort();
  const notes = notesOn(object, guards);
  const guarded = { ...role, guards, notes, severity: gradeSeverity({ verdict: 'pass', notes }, []) };
  // Without a way in of its own it is one of the many that the trust policy lets in.
  if (before.length > 0 && !before.some(isUnguarded)) return { ...guarded, access: 'guarded' };
  const closedBy = new Set((object.guardrail?.policies ?? []).map(({ id }) => id));
  return { ...guarded, access: 'closed', closedBy: [...closedBy] };
}

function isUnguarded({ guards }: GradedPath): boolean {
  return guards.length === 0;
}

/** Notes on how far what keeps others out can be relied on, whatever it is. */
const DOUBTS: ReadonlySet<string> = new Set([
  ...CONFINED_NOTES,
  'conflicting-records',
  'expired-window',
  'guardrails-narrow',
  'guardrails-unknown',
  'undefined-semantics',
]);

function notesOn({ notes }: VerdictObject, guards: readonly Guard[]): readonly string[] {
  return notes.filter((note) => {
    if (note.startsWith('extid-')) return guards.includes('external-id');
    return note.startsWith('mfa-') ? guards.includes('mfa') : DOUBTS.has(note);
  });
}
