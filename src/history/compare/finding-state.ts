import { isLedgerId } from '../../model/ledger.ts';
import type { FindingState } from '../../model/verdict.ts';
import type { AccountLook, CaptureScope, ObservedRole, StoreReader } from '../../store/index.ts';
import { openPairGuardrails, type PairGuardrails } from '../guardrails/pair.ts';
import type { CurrentRole } from '../look/current-roles.ts';
import { type Look, lookBefore } from '../look/looks.ts';
import type { FindingChange } from './change.ts';
import type { ComparedAccount } from './compare-account.ts';
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
    const changes = [...compareArn(group, looks, [{ rule, ...guardrails.judges(rule) }])];
    const change = changeOf(changes, role.roleId, rule);
    return change === null ? null : stateOf(change);
  };
}

/** What became of the finding that a role has under a rule; null where it has none. */
export function changeOf(
  changes: readonly FindingChange[],
  roleId: string,
  rule: string,
): FindingChange | null {
  return changes.find((one) => one.roleId === roleId && one.rule === rule && stateOf(one) !== null) ?? null;
}

/** Null for a finding that is gone. */
function stateOf({ change, baseline }: FindingChange): FindingState | null {
  if (baseline) return 'baseline';
  return change === 'resolved' ? null : change;
}

/** An account and its ledgers at a look, beside the look before. */
export function sinceLookBefore(reader: StoreReader, scope: CaptureScope, to: AccountLook): ComparedAccount {
  const { account, at } = to;
  const ledgersTo = reader.ledgerLooks(scope, account);
  const ledgersFrom = ledgersBefore(reader, ledgersTo);
  return { account, from: lookBefore(reader, account, at), to, strict: true, ledgersFrom, ledgersTo };
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
