import type { Database } from 'better-sqlite3';
import { STRANGER_ACCOUNTS } from '../../exposure/strangers.ts';
import type { MemberList } from '../../model/account-lists.ts';
import type { InterruptedRun, MissingParts } from '../../model/completeness.ts';
import type { EvidenceRow, RejectRow } from '../../model/evidence-row.ts';
import type { Assembled } from '../../model/organizations/assemble.ts';
import type { Organization } from '../../model/organizations/organization.ts';
import type { AccountRelations } from '../../model/relations.ts';
import type { EvidencePeriod } from '../../model/report-source.ts';
import { accountsListedBy, listsOf, loadMembers, loadRelations } from '../lists/account-lists.ts';
import { type FormOf, openForms } from '../schema/policy-form.ts';
import {
  type EvidenceName,
  type EvidenceTotals,
  evidenceRows,
  evidenceTotals,
  openEvidenceNames,
  rejectRows,
  timedByModification,
} from './evidence-rows.ts';
import { ExpectedDetails } from './expected-details.ts';
import { sharedExternalIds } from './external-ids.ts';
import { ALL_FILES, defineTimeInPath, type FileScope, filesOfPast, filesOfRun } from './file-scope.ts';
import { interruptedRuns } from './interrupted.ts';
import { joinMembers, joinOrganizations } from './joined-lists.ts';
import {
  type AccountLook,
  accountLooks,
  type CaptureRow,
  type CaptureScope,
  capturesBefore,
  capturesOf,
  evidencePeriod,
  isUnrecorded,
  ledgerLooks,
  openNextCapture,
} from './looks.ts';
import { type MissingEvidence, missingEvidence } from './missing-evidence.ts';
import { openOrganizations, placedMembers } from './organizations.ts';
import { isJudgedAs, type JudgedOutcome, OutcomeReader } from './outcome-reader.ts';
import { pastAt } from './past.ts';
import { everyPolicyIsDecided, type JudgedPolicy, PolicyReader } from './policy-reader.ts';
import { PolicyUses } from './policy-uses.ts';
import { readAhead } from './read-ahead.ts';
import { roleArns } from './role-arns.ts';
import type { RoleChoice, Span } from './role-choice.ts';
import { openRoleFacts, type RoleFactsReader } from './role-facts.ts';
import {
  type ObservedRole,
  observedRoles,
  openPartitions,
  openServiceLinked,
  type Place,
  type PolicyCount,
  placesAt,
} from './role-reader.ts';
import { firstOfSet, missingParts, type RunFacts, recordsOfList, runFacts } from './runs.ts';
import { openSightings } from './sightings.ts';
import { type SpanRoles, spanRoles } from './span-roles.ts';
import { type NamedThen, unknownAccount } from './strangers.ts';

/**
 * Plain rows for the history stage. Wherever `run` is null, the whole store is in scope, as the scope `all` has it; for
 * the reader of a moment in the past, that is what the store would be had it seen nothing later.
 */
export interface StoreReader extends RoleFactsReader {
  accountLooks(scope: CaptureScope): readonly AccountLook[];
  /** By entity type; the account of a look is the ledger's id. See ledger.ts. */
  ledgerLooks(scope: CaptureScope, account: string): ReadonlyMap<string, AccountLook>;
  /** Of an account or a ledger, not after a column time, oldest first. */
  capturesOf(account: string, until: string): Iterable<CaptureRow>;
  /** Of an account or a ledger, before a column time, newest first. */
  capturesBefore(account: string, time: string): Iterable<CaptureRow>;
  /** Of an account, the time of the first after a column time, whatever the moment of the reader; null: none. */
  nextCapture(account: string, time: string): string | null;
  observedRoles(account: string, choice?: RoleChoice): Iterable<ObservedRole>;
  /** See role-arns.ts. */
  roleArns(name: string | null): Iterable<string>;
  /** See PolicyUses. */
  currentPolicies(look: AccountLook): readonly PolicyCount[] | null;
  isCountable(look: AccountLook): boolean;
  /** Of an account or a ledger; see span-roles.ts. */
  spanRoles(account: string, span: Span, apart?: boolean): SpanRoles;
  /** See role-reader.ts, like the next. */
  partitionOf(account: string): string;
  serviceLinkedPolicies(account: string): ReadonlySet<number>;
  judgedPolicy(policy: number, account: string): JudgedPolicy;
  policyDocument(policy: number): string | null;
  /** Of the verdicts of a judged policy the outcomes alone, by rule id. */
  outcomes(policy: number, account: string): ReadonlyMap<string, JudgedOutcome>;
  /** See policy-reader.ts. */
  everyPolicyIsDecided(rules: readonly string[]): boolean;
  placesAt(account: string, at: string): (role: number, policy: number) => Place;
  /** See policy-form.ts. */
  formOf: FormOf;
  /** What files show of an account or a ledger at a time, by path; a role that is said to be gone left out. */
  visitSightings(
    account: string,
    at: string,
    visit: (evidence: number, role: number, offset: number) => void,
  ): void;
  evidenceName(id: number): EvidenceName;
  evidenceRows(run: number | null): Iterable<EvidenceRow>;
  rejectRows(run: number | null): Iterable<RejectRow>;
  evidenceTotals(run: number | null): EvidenceTotals;
  /** See interrupted.ts. */
  interruptedRuns(run: number | null): readonly InterruptedRun[];
  /** See runs.ts, also for the next two. */
  missingParts(run: number | null): readonly MissingParts[];
  recordsOfList(list: string): number;
  firstOfSet(run: number): number;
  /** See missing-evidence.ts. */
  missingEvidence(run: number | null, examples: number): MissingEvidence;
  /** Files in scope whose capture time is their modification time. */
  timedByModification(run: number | null): number;
  /**
   * The accounts that should be there: of the list that was given, and of organisations of which evidence lists all
   * accounts; null where there is neither. See joined-lists.ts.
   */
  members(): MemberList | null;
  /** What is known of accounts by lists of them and by organisation evidence. */
  relations(): AccountRelations;
  /**
   * The organisations of which evidence speaks, by id, as they were at a moment: a column time; null for all the
   * reader knows. Evidence that is later says nothing.
   */
  organizations(at: string | null): readonly Organization[];
  /** The organisation that an account was a member of then; null when none is known. */
  organizationOf(account: string, at: string | null): Organization | null;
  /**
   * The newest evidence of organisations that goes with a capture at `at` that another one of the account follows at `next`: of
   * that day (UTC) or before it. Where there is none, the day of the first that follows; null when that is not before `next`.
   */
  organizationMoment(at: string, next: string): string | null;
  /** When the newest evidence of organisations is of that runs before this one had read; null when they had read none. */
  organizationsBeforeRun(run: number): string | null;
  /** The same with what is wrong with that evidence. */
  assembledOrganizations(at: string | null): Assembled;
  /** From when to when the whole store has evidence, whatever the moment of the reader; null without a capture. */
  evidencePeriod(): EvidencePeriod | null;
  /** True when all evidence of the account up to a column time is AWS Config's, without IAM being recorded. */
  isUnrecorded(account: string, until: string): boolean;
  /** See external-ids.ts. */
  sharedExternalIds(): ReadonlySet<string>;
  /** An account that stands for anybody, since nothing in the store names it; null when there is none. */
  strangerAccount(): string | null;
  /** Rules and program version of a run, or of the last; null when there is none. */
  runFacts(run: number | null): RunFacts | null;
}

/** @param time column time of the moment in the past; null for the present */
export function openReader(db: Database, time: string | null): StoreReader {
  const past = time === null ? null : pastAt(db, time);
  if (past !== null) defineTimeInPath(db);
  // What the last run knew the tables of the present hold.
  const lists = past === null || past.run === null || past.isLast ? null : listsOf(db, past.run);
  const allFiles = past === null ? ALL_FILES : filesOfPast(past);
  const filesOf = (run: number | null): FileScope => (run === null ? allFiles : filesOfRun(run));
  const inTime = (scope: CaptureScope): CaptureScope =>
    scope.kind === 'all' && time !== null ? { kind: 'at', time } : scope;
  const organizations = openOrganizations(db, time);
  const relations = (): AccountRelations =>
    joinOrganizations(lists?.relations ?? loadRelations(db), placedMembers(organizations.at(null)));
  const named = (looks: readonly AccountLook[]): readonly AccountLook[] => {
    if (lists === null && organizations.at(null).organizations.length === 0) return looks;
    const { accounts } = relations();
    return looks.map((look) => ({ ...look, name: accounts.get(look.account)?.name ?? null }));
  };
  const namedThen = (): NamedThen | null => {
    if (past === null) return null;
    const listed = accountsListedBy(db, past.run ?? Number.MAX_SAFE_INTEGER);
    return { until: past.time, listed: new Set([...listed, ...relations().accounts.keys()]) };
  };
  const policies = new PolicyReader(db);
  const outcomes = new OutcomeReader(db, (policy) => policies.expect([policy]));
  const expect = (expected: readonly number[]): void => {
    policies.expect(expected);
    outcomes.expect(expected);
  };
  const details = new ExpectedDetails(db);
  const uses = new PolicyUses(db, time);
  const partitionOf = openPartitions(db);
  /** Whoever counts policies asks what they come to. */
  const counted = (counts: readonly PolicyCount[]): readonly PolicyCount[] => {
    outcomes.expect(counts.map(({ policy }) => policy));
    return counts;
  };
  /** Roles judged in some way are looked for by their policies, which were counted already as a rule. */
  const chosen = (account: string, choice: RoleChoice = {}): RoleChoice => {
    const { judged, among, arn } = choice;
    if (judged === undefined || among !== undefined || arn !== undefined || uses.hasDisputed(account)) {
      return choice;
    }
    const policies = counted(uses.seen(account))
      .map(({ policy }) => policy)
      .filter((policy) => isJudgedAs(outcomes.outcomes(policy, account), judged));
    return { ...choice, judged: undefined, policies };
  };
  let stranger: { readonly account: string | null } | undefined;
  return {
    accountLooks: (scope) => named(accountLooks(db, inTime(scope))),
    ledgerLooks: (scope, account) => ledgerLooks(db, inTime(scope), account),
    capturesOf: (account, until) => capturesOf(db, account, until),
    capturesBefore: (account, time) => capturesBefore(db, account, time),
    nextCapture: openNextCapture(db),
    observedRoles: (account, choice) =>
      readAhead(observedRoles(db, account, chosen(account, choice)), (expected, roles) => {
        expect(expected);
        details.expect(account, roles);
      }),
    roleArns: (name) => roleArns(db, name),
    currentPolicies(look) {
      const counts = uses.current(look);
      return counts === null ? null : counted(counts);
    },
    isCountable: (look) => uses.isCountable(look),
    partitionOf,
    serviceLinkedPolicies: openServiceLinked(db, partitionOf),
    spanRoles(account, span, apart) {
      const roles = spanRoles(db, account, span, undefined, apart);
      counted(roles.steady);
      return roles;
    },
    judgedPolicy: (policy, account) => policies.judged(policy, account),
    policyDocument: (policy) => policies.document(policy),
    outcomes: (policy, account) => outcomes.outcomes(policy, account),
    everyPolicyIsDecided: (rules) => everyPolicyIsDecided(db, rules),
    placesAt: (account, at) => placesAt(db, account, at),
    formOf: openForms(db),
    visitSightings: (account, at, visit) =>
      openSightings(db).visit(account, at, (evidence, role, policy, offset) => {
        if (policy !== 0) visit(evidence, role, offset);
      }),
    evidenceName: openEvidenceNames(db),
    evidenceRows: (run) => evidenceRows(db, filesOf(run)),
    rejectRows: (run) => rejectRows(db, filesOf(run)),
    evidenceTotals: (run) => evidenceTotals(db, filesOf(run)),
    interruptedRuns: (run) => interruptedRuns(db, run, past),
    missingParts: (run) => missingParts(db, run, past),
    recordsOfList: (list) => recordsOfList(db, list),
    firstOfSet: (run) => firstOfSet(db, run),
    missingEvidence: (run, examples) => missingEvidence(db, filesOf(run), examples),
    timedByModification: (run) => timedByModification(db, filesOf(run)),
    members: () =>
      joinMembers(lists === null ? loadMembers(db) : lists.members, placedMembers(organizations.at(null))),
    relations,
    organizations: (at) => organizations.at(at).organizations,
    organizationOf: (account, at) => organizations.of(account, at),
    organizationMoment: (at, next) => organizations.around(at, next),
    organizationsBeforeRun: (run) => organizations.newestBefore(run),
    assembledOrganizations: (at) => organizations.at(at),
    evidencePeriod: () => evidencePeriod(db),
    isUnrecorded: (account, until) => isUnrecorded(db, account, until),
    sharedExternalIds: () => sharedExternalIds(db, time, (account) => uses.seen(account)),
    strangerAccount() {
      stranger ??= { account: unknownAccount(db, STRANGER_ACCOUNTS, namedThen()) };
      return stranger.account;
    },
    ...openRoleFacts(db, time, details),
    runFacts: (run) => runFacts(db, run ?? past?.run ?? null),
  };
}
