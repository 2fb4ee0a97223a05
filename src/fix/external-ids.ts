import { EXTERNAL_ID, MFA_PRESENT } from '../iam/conditions/keys.ts';
import { type Json, JsonObject } from '../iam/json.ts';
import type { Statement } from '../iam/trust-policy.ts';
import { conditionOf, positiveOperator } from './condition-edits.ts';
import type { Draft } from './draft.ts';
import { memberOf, oneOrList } from './policy-json.ts';
import type { DerivedStatement } from './remediation.ts';

/** A test of the external ID that the policy makes elsewhere. */
export interface KnownExternalId {
  readonly operator: string;
  readonly value: Json;
}

/**
 * The external ID that another statement asks the account for, or that a Deny demands of everybody: whoever sends it
 * today can go on. Null when there is none, or more than one.
 */
export function knownExternalId({ parsed, statements }: Draft, account: string): KnownExternalId | null {
  const found = new Map<string, KnownExternalId>();
  parsed.forEach((statement, index) => {
    if (statement.exceptPrincipals || !names(statement, account)) return;
    for (const condition of statement.conditions) {
      if (condition.key !== EXTERNAL_ID || condition.kind !== 'compare') continue;
      const { negated, values, comparison, ifExists, quantifier } = condition;
      if (comparison.family !== 'string' || values.length === 0) continue;
      if (values.some(({ hasVariable }) => hasVariable)) continue;
      if (negated !== (statement.effect === 'Deny')) continue;
      if (!negated && (ifExists || quantifier !== 'none')) continue;
      const block = memberOf(conditionOf((statements[index] as DerivedStatement).object), condition.operator);
      const value = block instanceof JsonObject ? memberOf(block, condition.writtenKey) : undefined;
      if (value === undefined) continue;
      const operator = positiveOperator(condition.operator);
      const id = { operator, value: Array.isArray(value) ? oneOrList(value) : value };
      found.set(JSON.stringify([operator, values.map(({ text }) => text)]), id);
    }
  });
  return found.size === 1 ? ([...found.values()][0] as KnownExternalId) : null;
}

/** Is there a Deny that was meant to demand MFA of the account, though it lets requests without MFA through? */
export function asksForMfa({ parsed }: Draft, account: string): boolean {
  return parsed.some(
    (statement) =>
      statement.effect === 'Deny' &&
      names(statement, account) &&
      statement.conditions.some(
        (condition) =>
          condition.key === MFA_PRESENT &&
          (condition.kind === 'null'
            ? condition.values.every((absent) => absent === true)
            : condition.kind === 'compare' &&
              !condition.negated &&
              condition.values.every(({ boolean }) => boolean === false)),
      ),
  );
}

function names(statement: Statement, account: string): boolean {
  return statement.principals.some(
    (principal) =>
      (principal.kind === 'anyone' && statement.effect === 'Deny') ||
      ('account' in principal && principal.account === account),
  );
}
