import type { Database } from 'better-sqlite3';
import { openPolicies, type Policies } from './policies.ts';
import { openRoles } from './roles.ts';
import { type PolicyMemo, stageOutcomes } from './staged-policy.ts';
import type { Evaluated, StagedRole } from './staged-role.ts';
import { openVerdictWriter, type VerdictWriter } from './verdict-writer.ts';

/** One row to be given numbers. */
export interface Entry {
  readonly account: string;
  readonly role: StagedRole;
  /** What was made of the policy; null: the role is gone. */
  readonly evaluated: Evaluated | null;
  /** What holds the trust policy, or the text of the outcomes of further rules. */
  readonly source: PolicyHolder | string;
}

export type PolicyHolder = Parameters<PolicyMemo['stage']>[0];

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

const REMEMBERED = 1024;

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

  function policyOf({ evaluated, source }: Entry): number {
    if (evaluated === null) return 0;
    const text = textOf(source);
    const known = recent.get(evaluated);
    if (text !== null && known !== undefined && known.text === text) return known.id;
    const id = policies.intern(typeof source === 'string' ? stageOutcomes(source) : memo.stage(source));
    verdicts.save(id, evaluated);
    if (text !== null) {
      if (recent.size >= REMEMBERED) recent.clear();
      recent.set(evaluated, { text, id });
    }
    return id;
  }

  const intern = db.transaction<Dictionary['intern']>((entries, visit) => {
    for (let from = 0; from < entries.length; ) {
      const { account } = entries[from] as Entry;
      let end = from + 1;
      while (end < entries.length && entries[end]?.account === account) end++;
      roles.internAll(account, entries, from, end, (index, role) =>
        visit(index, role, policyOf(entries[index] as Entry)),
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
function textOf(source: Entry['source']): string | null {
  if (typeof source === 'string') return source;
  const { trust, status } = source;
  return trust.state === 'document' && status === 'live' ? trust.text : null;
}
