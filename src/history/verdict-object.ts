import {
  type AccountRelations,
  gradeNotes,
  gradePath,
  gradeSeverity,
  namesExternalId,
} from '../audit/relations.ts';
import { withStranger } from '../audit/strangers.ts';
import type { FindingState, GradedPath, PolicyVerdict, VerdictObject } from '../audit/verdict.ts';
import { externalIdsOf } from '../iam/external-ids.ts';
import type { StoreReader } from '../store/reader.ts';
import type { Place } from '../store/role-reader.ts';
import type { AccountMoment } from '../store/scope.ts';
import { CONFLICTING_RECORDS } from '../store/types.ts';
import { lazyCompleteTimes } from './arn-roles.ts';
import { judgeOf } from './judging.ts';
import { lifeOf } from './life.ts';
import { type CurrentRole, type Sighting, worstOf } from './standing.ts';

/** Puts together the verdict objects of one account at one moment. */
export function openVerdictBuilder(
  reader: StoreReader,
  relations: AccountRelations,
  moment: AccountMoment,
  asOf: string,
  sharedExternalIds: ReadonlySet<string>,
): (current: CurrentRole, rule: string, state: FindingState | null) => VerdictObject {
  const { account } = moment;
  const graded = new WeakMap<PolicyVerdict, readonly GradedPath[]>();
  const sharing = new WeakMap<PolicyVerdict, boolean>();
  const naming = new WeakMap<PolicyVerdict, boolean>();
  const shown = new WeakMap<PolicyVerdict, PolicyVerdict>();
  const completeTimes = lazyCompleteTimes(reader, account);
  /** Those of one moment, of the look's latest complete capture as a rule. */
  let places: { readonly at: string; readonly find: ReturnType<StoreReader['placesAt']> } | undefined;

  /** An interval knows where it was last seen; for a moment inside it, that has to be looked up. */
  function placeOf({ role, policy, last, evidence, offset }: Sighting, at: string): Place {
    if (last === at && evidence !== null && offset !== null) return { evidence, offset };
    if (places?.at !== at) places = { at, find: reader.placesAt(account, at) };
    return places.find(role, policy);
  }

  /** With a witness that no other evidence knows, put in once per policy. */
  function verdictOf(policy: number, rule: string): PolicyVerdict {
    const { verdicts, document } = reader.judgedPolicy(policy, account);
    const verdict = verdicts.get(rule);
    if (verdict === undefined) return notEvaluated(rule);
    if (verdict.witness === null) return verdict;
    let found = shown.get(verdict);
    if (found === undefined) {
      const anybody = document?.includes(verdict.witness.principalAccount) === false;
      found = anybody ? withStranger(verdict, document, reader.strangerAccount()) : verdict;
      shown.set(verdict, found);
    }
    return found;
  }

  /** Grades the paths of a policy once for all the roles that share it. */
  function gradedPaths(verdict: PolicyVerdict): readonly GradedPath[] {
    let paths = graded.get(verdict);
    if (paths === undefined) {
      paths = verdict.paths.map((path) => gradePath(path, relations));
      graded.set(verdict, paths);
    }
    return paths;
  }

  /** Looked up once per policy; only a guard by external ID can be shared. */
  function sharesExternalId(verdict: PolicyVerdict, policy: number): boolean {
    if (sharedExternalIds.size === 0 || !verdict.paths.some((path) => path.guards.includes('external-id')))
      return false;
    let shared = sharing.get(verdict);
    if (shared === undefined) {
      const { document } = reader.judgedPolicy(policy, account);
      shared = document !== null && externalIdsOf(document).some(({ value }) => sharedExternalIds.has(value));
      sharing.set(verdict, shared);
    }
    return shared;
  }

  /** Looked up once per policy. */
  function tellsName(verdict: PolicyVerdict, policy: number): boolean {
    let named = naming.get(verdict);
    if (named === undefined) {
      const { document } = reader.judgedPolicy(policy, account);
      named = namesExternalId(verdict, gradedPaths(verdict), account, document, relations);
      naming.set(verdict, named);
    }
    return named;
  }

  return (current, rule, state) => {
    const { role, at, disputes } = current;
    const judge = judgeOf(reader, account, rule);
    const sighting = worstOf(current, judge);
    const { policy } = sighting;
    const verdict = verdictOf(policy, rule);
    const paths = gradedPaths(verdict);
    const life = lifeOf(current, judge, completeTimes);
    const place = placeOf(sighting, at);
    const ofPolicy = gradeNotes(verdict, paths, {
      roleName: role.roleName,
      asOf,
      sharesExternalId: sharesExternalId(verdict, policy),
      namesExternalId: tellsName(verdict, policy),
    });
    const notes = disputes.length === 0 ? ofPolicy : [...ofPolicy, CONFLICTING_RECORDS].sort();
    const { path: source, sha256 } = reader.evidenceName(place.evidence);
    return {
      rule,
      account,
      partition: role.partition,
      arn: role.arn,
      roleName: role.roleName,
      roleId: role.roleId,
      verdict: verdict.verdict,
      literal: verdict.literal,
      severity: gradeSeverity({ verdict: verdict.verdict, notes }, paths),
      reason: verdict.reason,
      notes,
      message: verdict.message,
      paths,
      witness: verdict.witness,
      evidence: { source, sha256, offset: place.offset, capturedAt: `${at}Z` },
      firstSeen: `${life.firstSeen}Z`,
      lastSeen: `${life.lastSeen}Z`,
      state,
      suppressedBy: null,
    };
  };
}

/** A policy from evidence that was last read when this rule was not asked for. Never folded into a pass. */
function notEvaluated(rule: string): PolicyVerdict {
  return {
    rule,
    verdict: 'error',
    literal: 'error',
    reason: 'not-evaluated',
    notes: [],
    message: 'This trust policy was not judged under this rule; scan its evidence again.',
    paths: [],
    witness: null,
  };
}
