import { PROPOSED_ID, PROPOSED_NAME, proposedGuardrail } from '../../fix/guardrail-proposal.ts';
import { storeWithGuardrail } from '../../history/guardrails/proposed.ts';
import { openScopedReport } from '../../history/report/scoped-report.ts';
import { effectiveVerdict } from '../../model/guardrail.ts';
import type { Organization } from '../../model/organizations/organization.ts';
import type { StoredVerdict } from '../../model/report-source.ts';
import type { GradedPath, VerdictObject } from '../../model/verdict.ts';
import { D9_AWS_IAM_99 } from '../../rules/d9-aws-iam-99/rule.ts';
import type { Store } from '../../store/index.ts';

/** A role that outsiders get into, and what the proposed policy would make of that. */
export interface TriedRole {
  readonly object: VerdictObject;
  /**
   * `closed`: outsiders get in with an external ID or MFA only, or not at all. `open`: it stays as it is, since the
   * policy does not touch the role, or is not known to. `unaffected`: outsiders bring a guard already.
   */
  readonly becomes: 'closed' | 'open' | 'unaffected';
  /** Ways in of outsiders that no guard they could bring would open any more. */
  readonly shutOut: readonly GradedPath[];
}

/** One resource control policy for all outsiders of an organisation. */
export interface GuardrailProposal {
  readonly organization: Organization;
  /** Laid-out JSON. */
  readonly policy: string;
  /** Id of the root that it is to be attached to; null where the evidence does not show it. */
  readonly root: string | null;
  /**
   * The roles of the organisation that the policy changes or ought to, judged again with it attached to the root, by account
   * and ARN; streamed.
   */
  roles(): Iterable<TriedRole>;
}

/** One proposal for each organisation of which the store has evidence, by id. */
export function guardrailProposals(store: Store): readonly GuardrailProposal[] {
  return [...store.reader.organizations(null)]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((organization) => {
      const policy = proposedGuardrail(organization.id);
      const root = rootOf(organization);
      return { organization, policy, root, roles: () => tried(store, organization, policy, root) };
    });
}

function rootOf({ members }: Organization): string | null {
  for (const { path } of members.values()) {
    const root = path?.split('/')[1];
    if (root !== undefined && root !== '') return root;
  }
  return null;
}

function* tried(
  store: Store,
  { id, members }: Organization,
  policy: string,
  root: string | null,
): Iterable<TriedRole> {
  const amended = storeWithGuardrail(store, id, {
    id: PROPOSED_ID,
    name: PROPOSED_NAME,
    content: policy,
    targets: [root ?? id],
  });
  const filter = { outcomes: ['fail', 'pass'], rule: D9_AWS_IAM_99.id } as const;
  const after = openScopedReport(amended, {}).verdicts(filter)[Symbol.iterator]();
  for (const before of openScopedReport(store, {}).verdicts(filter)) {
    const next = after.next();
    if (next.done === true || next.value.object.arn !== before.object.arn) {
      throw new Error('a guardrail changes which roles there are');
    }
    if (!members.has(before.object.account)) continue;
    const role = triedRole(before, next.value);
    if (role !== null) yield role;
  }
}

/** Null where no outsider gets in, or all do as before. */
function triedRole(before: StoredVerdict, after: StoredVerdict): TriedRole | null {
  const outside = before.ways.filter(isOutside);
  if (outside.length === 0) return null;
  const left = new Set(after.ways.filter(isOutside).map(wayKey));
  const shutOut = outside.filter((way) => !left.has(wayKey(way)));
  const wasOpen = isOpenToOutsiders(before);
  const becomes = !wasOpen ? 'unaffected' : isOpenToOutsiders(after) ? 'open' : 'closed';
  return becomes === 'unaffected' && shutOut.length === 0
    ? null
    : { object: before.object, becomes, shutOut };
}

function isOutside({ relation }: GradedPath): boolean {
  return relation !== 'same-organisation';
}

function isOpenToOutsiders({ object, ways }: StoredVerdict): boolean {
  return effectiveVerdict(object) === 'fail' && ways.some((way) => way.guards.length === 0 && isOutside(way));
}

/** Who comes, by which principal. */
function wayKey({ statement, principal, account }: GradedPath): string {
  return JSON.stringify([statement, principal, account]);
}
