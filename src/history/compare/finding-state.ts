import { isLedgerId } from '../../model/ledger.ts';
import type { FindingState } from '../../model/verdict.ts';
import type { AccountLook, ObservedRole, StoreReader } from '../../store/index.ts';
import { openPairGuardrails, type PairGuardrails } from '../guardrails/pair.ts';
import type { CurrentRole } from '../look/current-roles.ts';
import { type Look, lookBefore } from '../look/looks.ts';
import type { FindingChange } from './change.ts';
import { compareArn } from './compare-arn.ts';
import type { ComparedLooks } from './compare-pair.ts';

/** The state of a role's finding under a rule; `group`: all roles of its ARN. Null where nothing is to be compared. */
export type States = (
  group: readonly ObservedRole[],
  current: CurrentRole,
  rule: string,
) => FindingState | null;

/** The states of the findings of one account or ledger: what `diff` makes of them since the look before `to`. */
export function openStates(reader: StoreReader, to: AccountLook): States {
  let looks: ComparedLooks | undefined;
  let guardrails: PairGuardrails | undefined;
  return (group, { role }, rule) => {
    looks ??= { from: lookBefore(reader, to.account, to.at), to, strict: true };
    guardrails ??= openPairGuardrails(reader, to.account, isLedgerId(to.account) ? null : looks);
    for (const change of compareArn(group, looks, [{ rule, ...guardrails.judges(rule) }])) {
      const state = stateOf(change);
      if (change.roleId === role.roleId && state !== null) return state;
    }
    return null;
  };
}

/** Null for a finding that is gone. */
function stateOf({ change, baseline }: FindingChange): FindingState | null {
  if (baseline) return 'baseline';
  return change === 'resolved' ? null : change;
}

/** The looks before at the ledgers of an account, by entity type; none for a ledger without one. */
export function ledgersBefore(
  reader: StoreReader,
  ledgers: ReadonlyMap<string, AccountLook>,
): ReadonlyMap<string, Look> {
  return new Map(
    [...ledgers].flatMap(([kind, { account, at }]) => {
      const before = lookBefore(reader, account, at);
      return before === null ? [] : [[kind, before] as const];
    }),
  );
}
