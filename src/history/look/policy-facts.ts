import { withStranger } from '../../exposure/strangers.ts';
import { namesExternalId } from '../../exposure/weak-external-ids.ts';
import { externalIdsOf } from '../../iam/external-ids.ts';
import type { Exposure } from '../../model/exposure.ts';
import { EXTID_GUESSABLE, gradeSeverity, WEAK_GUARD_NOTES } from '../../model/grading.ts';
import { type AccountRelations, gradePath, relationsFor } from '../../model/relations.ts';
import type { GradedPath, PolicyVerdict, Severity } from '../../model/verdict.ts';
import type { StoreReader } from '../../store/index.ts';

/** What verdict objects of one account say by the policy alone, worked out once for all the roles that share it. */
export class PolicyFacts {
  private readonly reader: StoreReader;
  private readonly relations: AccountRelations;
  private readonly account: string;
  private readonly sharedExternalIds: ReadonlySet<string>;
  private readonly shown = new WeakMap<PolicyVerdict, PolicyVerdict>();
  private readonly graded = new WeakMap<Exposure, readonly GradedPath[]>();
  private readonly sharing = new WeakMap<PolicyVerdict, boolean>();
  private readonly naming = new WeakMap<Exposure, boolean>();

  /** @param account or a ledger of one */
  constructor(
    reader: StoreReader,
    relations: AccountRelations,
    account: string,
    sharedExternalIds: ReadonlySet<string>,
  ) {
    this.reader = reader;
    this.relations = relationsFor(relations, account.slice(0, 12));
    this.account = account;
    this.sharedExternalIds = sharedExternalIds;
  }

  /** What a rule says of a policy, with a witness that no other evidence knows. */
  verdict(policy: number, rule: string): PolicyVerdict {
    const { verdicts, document } = this.reader.judgedPolicy(policy, this.account);
    const verdict = verdicts.get(rule);
    if (verdict === undefined) return notEvaluated(rule);
    const { witness } = verdict;
    if (witness === null) return verdict;
    return once(this.shown, verdict, () => {
      const isAnybody = document?.includes(witness.principalAccount) === false;
      return isAnybody ? withStranger(verdict, document, this.reader.strangerAccount()) : verdict;
    });
  }

  paths(verdict: Exposure): readonly GradedPath[] {
    return once(this.graded, verdict, () => verdict.paths.map((path) => gradePath(path, this.relations)));
  }

  severity(verdict: Exposure, policy: number): Severity | null {
    const { notes } = verdict;
    // One weak guard is as weak as two.
    const isWeak = notes.some((note) => WEAK_GUARD_NOTES.has(note));
    const graded = !isWeak && this.namesExternalId(verdict, policy) ? [...notes, EXTID_GUESSABLE] : notes;
    return gradeSeverity({ verdict: verdict.verdict, notes: graded }, this.paths(verdict));
  }

  /** Only a guard by external ID can be shared. */
  sharesExternalId(verdict: PolicyVerdict, policy: number): boolean {
    const ids = this.sharedExternalIds;
    if (ids.size === 0 || !verdict.paths.some(({ guards }) => guards.includes('external-id'))) return false;
    return once(this.sharing, verdict, () => {
      const document = this.reader.policyDocument(policy);
      return document !== null && externalIdsOf(document).some(({ value }) => ids.has(value));
    });
  }

  namesExternalId(verdict: Exposure, policy: number): boolean {
    if (verdict.verdict !== 'pass' || this.relations.accounts.size === 0) return false;
    return once(this.naming, verdict, () => {
      const document = this.reader.policyDocument(policy);
      return namesExternalId(verdict, this.paths(verdict), this.account, document, this.relations);
    });
  }
}

function once<Of extends object, Value>(known: WeakMap<Of, Value>, verdict: Of, work: () => Value): Value {
  let value = known.get(verdict);
  if (value === undefined) {
    value = work();
    known.set(verdict, value);
  }
  return value;
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
