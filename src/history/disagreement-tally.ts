import type { DisagreementRow } from '../store/types.ts';
import { andMore, NAMED } from './naming.ts';

/** Counts the roles on which files of one moment disagree. */
export interface DisagreementTally {
  /** A role may come several times, one right after the other. */
  add(role: Pick<DisagreementRow, 'account' | 'arn' | 'roleId'>): void;
  count(): number;
  /** As one of the reasons why evidence is incomplete; `where` follows the number of roles. */
  reasons(where?: string): readonly string[];
}

export function openDisagreementTally(): DisagreementTally {
  const first: string[] = [];
  let count = 0;
  let last = '';
  return {
    add({ account, arn, roleId }) {
      const key = JSON.stringify([account, arn, roleId]);
      if (key === last) return;
      last = key;
      count++;
      if (first.length < NAMED) first.push(arn);
    },
    count: () => count,
    reasons: (where = '') =>
      count === 0
        ? []
        : [
            `files of one moment disagree on ${count} ${count === 1 ? 'role' : 'roles'}${where} (${andMore(first, count)})`,
          ],
  };
}
