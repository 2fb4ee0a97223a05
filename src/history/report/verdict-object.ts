import { CONFLICTING_RECORDS } from '../../model/completeness.ts';
import { gradeNotes } from '../../model/grading.ts';
import type { AccountRelations } from '../../model/relations.ts';
import type { FindingState, GradedPath, PolicyVerdict, VerdictObject } from '../../model/verdict.ts';
import type { Place, StoreReader } from '../../store/index.ts';
import { GUARDED_RULE, type Guardrails, guardrailNotes, heldJudgeOf } from '../guardrails/guardrails.ts';
import { lazyCompleteTimes } from '../look/arn-roles.ts';
import type { CurrentRole, Sighting } from '../look/current-roles.ts';
import { judgeOf, worstOf } from '../look/judge.ts';
import { PolicyFacts } from '../look/policy-facts.ts';
import { verdictSpan } from '../look/verdict-span.ts';
import { Impacts } from './impacts.ts';

/** A verdict object, and its ways in as guardrails leave them. */
export interface BuiltVerdict {
  readonly object: VerdictObject;
  readonly ways: readonly GradedPath[];
  /** See `StoredVerdict`. */
  readonly leftMessage?: string;
}

/** Puts together the verdict objects of one account, or one ledger, at one moment. */
export class VerdictBuilder {
  private readonly reader: StoreReader;
  private readonly account: string;
  private readonly asOf: string;
  readonly facts: PolicyFacts;
  private readonly guardrails: Guardrails | null;
  private readonly impacts: Impacts;
  private readonly completeTimes: () => readonly string[];
  /** Those of one moment, of the look's latest complete capture as a rule. */
  private places: { readonly at: string; readonly find: ReturnType<StoreReader['placesAt']> } | undefined;

  /**
   * @param account or a ledger of one
   * @param asOf ISO 8601 UTC
   * @param sharedExternalIds that guard roles of several accounts
   * @param guardrails over the account; null: none are in force, as over a ledger
   */
  constructor(
    reader: StoreReader,
    relations: AccountRelations,
    account: string,
    asOf: string,
    sharedExternalIds: ReadonlySet<string>,
    guardrails: Guardrails | null,
  ) {
    this.reader = reader;
    this.guardrails = guardrails;
    this.account = account;
    this.asOf = asOf;
    this.impacts = new Impacts(reader, account);
    this.facts = new PolicyFacts(reader, relations, account, sharedExternalIds);
    this.completeTimes = lazyCompleteTimes(reader, account);
  }

  build(current: CurrentRole, rule: string, state: FindingState | null): BuiltVerdict {
    const { role, at } = current;
    const judge = heldJudgeOf(this.reader, this.account, rule, this.guardrails);
    const sighting = worstOf(current, judge);
    const held = judge(sighting, current);
    const verdict = this.facts.verdict(sighting.policy, rule);
    // What guardrails leave; where they leave it as it is, the trust policy's own.
    const left = held === null || held.heldBy === undefined ? verdict : held;
    const paths = this.facts.paths(verdict);
    const notes = this.notesOn(current, verdict, sighting.policy, paths);
    const trust = judgeOf(this.reader, this.account, rule);
    const { firstSeen, lastSeen } = verdictSpan(current, trust, this.completeTimes);
    const impactOf =
      verdict.verdict === 'fail' && rule === GUARDED_RULE
        ? () => this.impacts.of(sighting.role, role, at)
        : () => null;
    let impact: VerdictObject['impact'] | undefined;
    const object = {
      rule,
      account: this.account,
      partition: role.partition,
      arn: role.arn,
      roleName: role.roleName,
      roleId: role.roleId,
      verdict: verdict.verdict,
      literal: verdict.literal,
      severity: this.facts.severity(left, sighting.policy),
      reason: verdict.reason,
      notes: held === null ? notes : withNotes(notes, guardrailNotes(held)),
      message: verdict.message,
      paths,
      // Whoever gets past the guardrails, too, proves both; the trust policy's own witness may be one whom they stop.
      witness: left.verdict === verdict.verdict ? left.witness : verdict.witness,
      evidence: this.evidenceOf(sighting, at),
      firstSeen: `${firstSeen}Z`,
      lastSeen: `${lastSeen}Z`,
      state,
      suppressedBy: null,
      guardrail: held?.heldBy?.guardrail ?? null,
      /** Most of what it takes to say of a finding, and asked for by few. */
      get impact() {
        impact = impact === undefined ? impactOf() : impact;
        return impact;
      },
    };
    const ways = this.facts.paths(left);
    return left.message === verdict.message ? { object, ways } : { object, ways, leftMessage: left.message };
  }

  private notesOn(
    { role, disputes }: CurrentRole,
    verdict: PolicyVerdict,
    policy: number,
    paths: readonly GradedPath[],
  ): VerdictObject['notes'] {
    const notes = gradeNotes(verdict, paths, {
      roleName: role.roleName,
      asOf: this.asOf,
      sharesExternalId: this.facts.sharesExternalId(verdict, policy),
      namesExternalId: this.facts.namesExternalId(verdict, policy),
    });
    return disputes.length === 0 ? notes : withNotes(notes, [CONFLICTING_RECORDS]);
  }

  private evidenceOf(sighting: Sighting, at: string): VerdictObject['evidence'] {
    const place = this.placeOf(sighting, at);
    const { path: source, sha256 } = this.reader.evidenceName(place.evidence);
    return { source, sha256, offset: place.offset, capturedAt: `${at}Z` };
  }

  /** An interval knows where it was last seen; for a moment inside it, that has to be looked up. */
  private placeOf({ role, policy, last, evidence, offset }: Sighting, at: string): Place {
    if (last === at && evidence !== null && offset !== null) return { evidence, offset };
    if (this.places?.at !== at) this.places = { at, find: this.reader.placesAt(this.account, at) };
    return this.places.find(role, policy);
  }
}

function withNotes(notes: readonly string[], more: readonly string[]): readonly string[] {
  return more.length === 0 ? notes : [...notes, ...more].sort();
}
