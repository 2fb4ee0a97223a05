import type { AccountRelations } from '../audit/relations.ts';
import type { FindingState, VerdictObject } from '../audit/verdict.ts';
import type { StoreReader } from '../store/reader.ts';
import { type StoredRule, severityOf } from '../store/rules.ts';
import type { AccountMoment } from '../store/scope.ts';
import { CONFLICTING_RECORDS } from '../store/types.ts';
import type { CurrentRole } from './standing.ts';
import { openVerdictBuilder } from './verdict-object.ts';

/** Puts together the verdict objects of one ledger: what rules of rule files say of an account's entities. */
export function openEntityVerdictBuilder(
  reader: StoreReader,
  relations: AccountRelations,
  account: string,
  moment: AccountMoment,
  asOf: string,
): (current: CurrentRole, rule: StoredRule, state: FindingState | null) => VerdictObject {
  const build = openVerdictBuilder(reader, relations, moment, asOf, new Set());
  return (current, { metadata }, state) => {
    const object = build(current, metadata.id, state);
    return {
      ...object,
      account,
      severity: object.verdict === 'fail' ? severityOf(metadata) : null,
      notes: current.disputes.length === 0 ? [] : [CONFLICTING_RECORDS],
    };
  };
}
