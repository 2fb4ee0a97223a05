import type { Database, Statement } from 'better-sqlite3';
import type { Outcome } from '../../model/exposure.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { ExpectedPolicies } from './expected-policies.ts';
import type { JudgedAs } from './role-choice.ts';

/** What one rule came to on a policy. */
export interface JudgedOutcome {
  readonly verdict: Outcome;
  readonly literal: Outcome;
  /** A principal of another account gets in, guarded or not. */
  readonly hasWays: boolean;
  /** One of the ways in demands an external id. */
  readonly demandsId: boolean;
  /** One of its notes tells of an external id. */
  readonly notesId: boolean;
}

/** By rule id. */
type Outcomes = ReadonlyMap<string, JudgedOutcome>;

interface PolicyOutcomes {
  readonly general: Outcomes;
  /** All that holds for one account, by account; null where no account has a verdict of its own. */
  readonly specific: ReadonlyMap<string, Outcomes> | null;
}

type OutcomeColumns = [
  policy: number,
  rule: string,
  account: string,
  verdict: Outcome,
  literal: Outcome,
  ways: number,
  demandsId: number,
  notesId: number,
];

/** A few dozen bytes each, for policies of which the same is said share it. */
const REMEMBERED = 65_536;
/** Kinds of outcomes that policies share. */
const SHARED = 4_096;

const NOTHING: PolicyOutcomes = { general: new Map(), specific: null };

/** Reads no more than what each rule came to; for counting, where a policy is asked for once an account. */
export class OutcomeReader {
  private readonly rowsOf: Statement<[string], OutcomeColumns>;
  private readonly known = new BoundedMap<number, PolicyOutcomes>(REMEMBERED);
  private readonly shared = new BoundedMap<string, Outcomes>(SHARED);
  private readonly expected = new ExpectedPolicies((policy) => this.known.has(policy));

  private readonly tellOpen: (policy: number) => void;

  /** @param tellOpen is told of policies that let others in, of which more is asked as a rule */
  constructor(db: Database, tellOpen: (policy: number) => void) {
    this.tellOpen = tellOpen;
    // What holds for every account comes first.
    this.rowsOf = db
      .prepare<[string], OutcomeColumns>(
        `SELECT policy_id, rule_id, account, verdict, literal,
           EXISTS (SELECT 1 FROM path WHERE verdict_id = verdict.id),
           EXISTS (SELECT 1 FROM path WHERE verdict_id = verdict.id AND instr(guards, '"external-id"') > 0),
           instr(notes, '"extid-') > 0
         FROM verdict WHERE policy_id IN (SELECT value FROM json_each(?)) ORDER BY policy_id, account, rule_id`,
      )
      .raw();
  }

  /** See ExpectedPolicies. */
  expect(policies: Iterable<number>): void {
    this.expected.expect(policies);
  }

  outcomes(policy: number, account: string): Outcomes {
    let found = this.known.get(policy);
    if (found === undefined) {
      this.read(this.expected.take(policy));
      found = this.known.get(policy) ?? NOTHING;
    }
    return found.specific?.get(account) ?? found.general;
  }

  private read(policies: readonly number[]): void {
    const rows = new Map<number, OutcomeColumns[]>(policies.map((policy) => [policy, []]));
    for (const row of this.rowsOf.all(JSON.stringify(policies))) {
      rows.get(row[0])?.push(row);
      if (row[5] === 1) this.tellOpen(row[0]);
    }
    // The one asked for last, lest another empties the memory.
    for (const [policy, own] of [...rows].reverse()) this.known.set(policy, this.outcomesOf(own));
  }

  private outcomesOf(rows: readonly OutcomeColumns[]): PolicyOutcomes {
    const general = rows.filter((row) => row[2] === '');
    if (general.length === rows.length) return { general: this.shareOf(general), specific: null };
    const specific = new Map<string, OutcomeColumns[]>();
    for (const row of rows) {
      if (row[2] === '') continue;
      const own = specific.get(row[2]) ?? [...general];
      own.push(row);
      specific.set(row[2], own);
    }
    return {
      general: this.shareOf(general),
      specific: new Map([...specific].map(([account, own]) => [account, this.shareOf(own)])),
    };
  }

  private shareOf(rows: readonly OutcomeColumns[]): Outcomes {
    const key = JSON.stringify(
      rows.map(([, rule, , verdict, literal, ...flags]) => [rule, verdict, literal, ...flags]),
    );
    let outcomes = this.shared.get(key);
    if (outcomes === undefined) {
      // What holds for one account comes last, and so stands.
      outcomes = new Map(rows.map((row) => [row[1], outcomeOf(row)]));
      this.shared.set(key, outcomes);
    }
    return outcomes;
  }
}

function outcomeOf([, , , verdict, literal, ways, demandsId, notesId]: OutcomeColumns): JudgedOutcome {
  return { verdict, literal, hasWays: ways === 1, demandsId: demandsId === 1, notesId: notesId === 1 };
}

/** A rule that has not judged the policy counts as one that came to an error. */
export function isJudgedAs(outcomes: Outcomes, { rules, outcomes: wanted }: JudgedAs): boolean {
  return rules.some((rule) => wanted.includes(outcomes.get(rule)?.verdict ?? 'error'));
}
