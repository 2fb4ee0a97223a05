import { randomInt } from 'node:crypto';
import { type AccountRelations, relationOf } from '../audit/relations.ts';
import { type Remediation, remediate } from '../audit/remediation.ts';
import { cautionedBy } from '../audit/remediation-cautions.ts';
import { refusalForRole } from '../audit/remediation-roles.ts';
import type { Guard, VerdictObject } from '../audit/verdict.ts';
import { type WeakExternalId, weakExternalIds } from '../audit/weak-external-ids.ts';
import type { StoredVerdict } from '../store/types.ts';

/** What the command line asks the proposals to demand. */
export interface FixSettings {
  readonly guard: Guard | null;
  readonly externalId: string | null;
  readonly generate: boolean;
}

/** A role and what is proposed for it; `remediation` is null when it needs no change. */
export interface RoleFix {
  readonly object: VerdictObject;
  readonly remediation: Remediation | null;
  /** External IDs that a role which needs no change had better replace all the same. */
  readonly weak: readonly WeakExternalId[];
}

/** Distinct policies kept; most roles of an organisation share a few hundred. */
const CAPACITY = 5_000;

/** Makes proposals; roles with the same policy in the same account share one. */
export function openFixer(
  relations: AccountRelations,
  settings: FixSettings,
): (verdict: StoredVerdict) => RoleFix {
  const known = new Map<string, Remediation>();
  const externalIds = new Map<string, string>();

  function propose(policy: string, { account, partition }: VerdictObject): Remediation {
    const key = JSON.stringify([account, partition, policy]);
    let remediation = known.get(key);
    if (remediation === undefined) {
      remediation = remediate(policy, account, {
        partition,
        relationOf: (other) => relationOf(other, relations),
        guard: settings.guard,
        externalId: settings.externalId,
        generateExternalId: settings.generate ? (other) => generated(account, other) : null,
      });
      if (known.size >= CAPACITY) known.clear();
      known.set(key, remediation);
    }
    return remediation;
  }

  /** One for each pair of accounts, so that no value serves two customers or two parties. */
  function generated(own: string, other: string): string {
    const key = `${own} ${other}`;
    const value = externalIds.get(key) ?? randomExternalId();
    externalIds.set(key, value);
    return value;
  }

  function weakIn({ object, policy }: StoredVerdict): readonly WeakExternalId[] {
    if (object.verdict !== 'pass' || object.severity === null || policy === null) return [];
    const accounts = [object.account, ...object.paths.map((path) => path.account)];
    const names = new Set(accounts.map((account) => relations.accounts.get(account)?.name));
    const known = [...names].filter((name) => name != null);
    return weakExternalIds(policy, object.account, object.paths, known);
  }

  return (verdict) => {
    const { object, policy } = verdict;
    if (object.verdict === 'pass' || object.verdict === 'not-applicable')
      return { object, remediation: null, weak: weakIn(verdict) };
    const refusal = refusalForRole(object.roleName);
    if (refusal !== null) return { object, remediation: refusal, weak: [] };
    if (object.verdict === 'error' || policy === null) {
      const refused = `the trust policy could not be judged (${object.reason})`;
      return {
        object,
        remediation: { refused, advice: 'export the role again, or read its policy by hand' },
        weak: [],
      };
    }
    return { object, remediation: cautionedBy(object.notes, propose(policy, object)), weak: [] };
  };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 32;

function randomExternalId(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
