import type { Database } from 'better-sqlite3';
import { openPolicies, type Policies } from './policies.ts';
import { openRoles } from './roles.ts';
import { type PolicyMemo, type StagedPolicy, stageOutcomes } from './staged-policy.ts';
import type { Evaluated, StagedRole } from './staged-role.ts';
import { openVerdictWriter, type VerdictWriter } from './verdict-writer.ts';

/** One row to be given numbers. */
export interface Entry {
  readonly account: string;
  readonly role: StagedRole;
  readonly policy: EntryPolicy;
}

export type EntryPolicy =
  /** The role is gone. */
  | null
  | {
      readonly kind: 'trust';
      readonly record: Parameters<PolicyMemo['stage']>[0];
      readonly evaluated: Evaluated;
    }
  | { readonly kind: 'outcomes'; readonly text: string; readonly evaluated: Evaluated };

/**
 * The tables that give names numbers: roles and policies, with the verdicts that follow from a policy alone. They may
 * be written before a file is known to its end, because no row of them says that anything was seen: only observations
 * do, and those come in one transaction with the file.
 */
export interface Dictionary {
  readonly policies: Policies;
  readonly verdicts: VerdictWriter;
  /** One transaction. Gives each entry's role and policy (0: gone) in the order of the entries. */
  intern(entries: readonly Entry[], visit: (index: number, role: number, policy: number) => void): void;
  /** To be called when a transaction that wrote to these tables was rolled back. */
  forget(): void;
}

const REMEMBERED = 4096;

interface Known {
  readonly text: string;
  readonly id: number;
}

export function openDictionary(db: Database, memo: PolicyMemo): Dictionary {
  const policies = openPolicies(db);
  const roles = openRoles(db);
  const verdicts = openVerdictWriter(db);
  /** The caller hands the same object for the same policy; comparing texts is far cheaper than hashing them. */
  const recent = new Map<Evaluated, Known>();

  function policyOf(policy: EntryPolicy): number {
    if (policy === null) return 0;
    const { evaluated } = policy;
    const text = textOf(policy);
    const known = recent.get(evaluated);
    if (text !== null && known !== undefined && known.text === text) return known.id;
    const id = policies.intern(staged(policy));
    verdicts.save(id, evaluated);
    if (text !== null) {
      if (recent.size >= REMEMBERED) recent.clear();
      recent.set(evaluated, { text, id });
    }
    return id;
  }

  function staged(policy: Exclude<EntryPolicy, null>): StagedPolicy {
    return policy.kind === 'trust' ? memo.stage(policy.record) : stageOutcomes(policy.text);
  }

  const intern = db.transaction<Dictionary['intern']>((entries, visit) => {
    for (let from = 0; from < entries.length; ) {
      const { account } = entries[from] as Entry;
      let end = from + 1;
      while (end < entries.length && entries[end]?.account === account) end++;
      const first = from;
      const run = entries.slice(from, end);
      roles.internAll(
        account,
        run.map(({ role }) => role),
        (index, role) => visit(first + index, role, policyOf((run[index] as Entry).policy)),
      );
      from = end;
    }
  });

  function forget(): void {
    policies.forget();
    verdicts.forget();
    roles.forget();
    recent.clear();
  }

  return {
    policies,
    verdicts,
    intern(entries, visit) {
      try {
        intern.immediate(entries, visit);
      } catch (error) {
        forget();
        throw error;
      }
    },
    forget,
  };
}

/** Null for what has no text to compare by. */
function textOf(policy: Exclude<EntryPolicy, null>): string | null {
  if (policy.kind === 'outcomes') return policy.text;
  const { trust, status } = policy.record;
  return trust.state === 'document' && status === 'live' ? trust.text : null;
}
