import { severityOf } from '../../model/grading.ts';
import { ANY_MEMBER, outsiderOf } from '../../model/third-party.ts';
import { type GradedPath, type Relation, SEVERITIES, type Severity } from '../../model/verdict.ts';
import type { StoredRule, StoreReader } from '../../store/index.ts';
import type { HeldVerdict } from '../look/judge.ts';
import { PolicyFacts } from '../look/policy-facts.ts';
import type { FindingChange } from './change.ts';

/** An account that gets in unguarded. */
export interface OutsideAccount {
  /** 12 digits, or `*` for any account. */
  readonly account: string;
  /** See `PathIn`. */
  readonly anyMember?: true;
  readonly name: string | null;
  readonly relation: Relation;
}

/** Whether a change is for the worse. `other`: a finding is another, but nobody more gets in and it weighs the same. */
export type Direction = 'worse' | 'better' | 'other';

/** How a finding was at both looks, graded by who is known now. */
export interface ChangeDetails {
  /** What it is ranked by: of the later look where the finding is there, else of the earlier; null where neither is known. */
  readonly severity: Severity | null;
  readonly fromSeverity: Severity | null;
  readonly toSeverity: Severity | null;
  /** Null where nothing changed, or it cannot be compared. */
  readonly direction: Direction | null;
  /** Who gets in unguarded, the most exposed first; empty where the look has no finding or knows none. */
  readonly fromWho: readonly OutsideAccount[];
  readonly toWho: readonly OutsideAccount[];
  /** The trust policies as the store numbers them; null where there is none, and for what rules of rule files judge. */
  readonly fromPolicy: number | null;
  readonly toPolicy: number | null;
}

/** Says of changes what stands behind them; quick for those of one account that come one after the other. */
export class ChangeDescriber {
  private readonly reader: StoreReader;
  private readonly further: ReadonlyMap<string, StoredRule>;
  private readonly relations: ReturnType<StoreReader['relations']>;
  private current: { readonly account: string; readonly facts: PolicyFacts } | undefined;
  private readonly who = new WeakMap<readonly GradedPath[], readonly OutsideAccount[]>();

  /** @param further rules of rule files */
  constructor(reader: StoreReader, further: readonly StoredRule[]) {
    this.reader = reader;
    this.further = new Map(further.map((rule) => [rule.metadata.id, rule]));
    this.relations = reader.relations();
  }

  describe(account: string, one: FindingChange): ChangeDetails {
    const { past, present, pastPolicy, presentPolicy, rule } = one;
    const own = this.further.get(rule);
    const facts = this.factsOf(account);
    const graded = (verdict: HeldVerdict | null, policy: number | null): Severity | null => {
      if (verdict === null || policy === null) return null;
      if (own === undefined) return facts.severity(verdict, policy);
      return verdict.verdict === 'fail' ? severityOf(own.metadata) : null;
    };
    const fromSeverity = graded(past, pastPolicy);
    const toSeverity = graded(present, presentPolicy);
    const fromWho = this.whoOf(facts, past);
    const toWho = this.whoOf(facts, present);
    return {
      severity: present?.verdict === 'fail' ? toSeverity : past?.verdict === 'fail' ? fromSeverity : null,
      fromSeverity,
      toSeverity,
      direction: directionOf(one, { fromSeverity, toSeverity, fromWho, toWho }),
      fromWho,
      toWho,
      fromPolicy: own === undefined ? pastPolicy : null,
      toPolicy: own === undefined ? presentPolicy : null,
    };
  }

  private factsOf(account: string): PolicyFacts {
    if (this.current?.account !== account) {
      this.current = { account, facts: new PolicyFacts(this.reader, this.relations, account, new Set()) };
    }
    return this.current.facts;
  }

  private whoOf(facts: PolicyFacts, verdict: HeldVerdict | null): readonly OutsideAccount[] {
    if (verdict?.verdict !== 'fail') return [];
    const paths = facts.paths(verdict);
    let who = this.who.get(paths);
    if (who === undefined) {
      who = outsideAccounts(paths);
      this.who.set(paths, who);
    }
    return who;
  }
}

const EXPOSED: readonly Relation[] = ['any', 'third-party', 'unknown', 'same-organisation'];

function outsideAccounts(paths: readonly GradedPath[]): readonly OutsideAccount[] {
  const accounts = new Map<string, OutsideAccount>();
  for (const { account, anyMember, accountName: name, relation, guards } of paths) {
    const one = { account, ...(anyMember && { anyMember }), name, relation };
    const key = outsiderOf(one);
    if (guards.length === 0 && !accounts.has(key)) accounts.set(key, one);
  }
  return [...accounts.values()].sort(
    (a, b) => EXPOSED.indexOf(a.relation) - EXPOSED.indexOf(b.relation) || (a.account < b.account ? -1 : 1),
  );
}

function directionOf(
  { change }: FindingChange,
  sides: Pick<ChangeDetails, 'fromSeverity' | 'toSeverity' | 'fromWho' | 'toWho'>,
): Direction | null {
  switch (change) {
    case 'new':
    case 'reopened':
      return 'worse';
    case 'resolved':
      return 'better';
    case 'changed':
      return directionOfChanged(sides);
    default:
      return null;
  }
}

function directionOfChanged({
  fromSeverity,
  toSeverity,
  fromWho,
  toWho,
}: Pick<ChangeDetails, 'fromSeverity' | 'toSeverity' | 'fromWho' | 'toWho'>): Direction {
  const more = rankOf(toSeverity) - rankOf(fromSeverity);
  if (more !== 0) return more > 0 ? 'worse' : 'better';
  if (isAnyoneNew(toWho, fromWho)) return 'worse';
  return isAnyoneNew(fromWho, toWho) ? 'better' : 'other';
}

function rankOf(severity: Severity | null): number {
  return severity === null ? 0 : SEVERITIES.length - SEVERITIES.indexOf(severity);
}

/** Somebody of these is not among the others. */
function isAnyoneNew(these: readonly OutsideAccount[], others: readonly OutsideAccount[]): boolean {
  const known = new Set(others.map(outsiderOf));
  if (known.has('*')) return false;
  return these.some(
    (one) => !known.has(outsiderOf(one)) && !(known.has(ANY_MEMBER) && one.relation === 'same-organisation'),
  );
}
