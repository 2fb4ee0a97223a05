import type { DisagreementRow } from '../../model/completeness.ts';
import { counted } from '../../text/counted.ts';
import { andMore, lack, NAMED, type Reason } from './reason.ts';

/** Counts the roles on which files of one moment disagree. */
export interface DisagreementTally {
  /** A role may come several times, one right after the other. */
  add(role: Pick<DisagreementRow, 'account' | 'arn' | 'roleId'>): void;
  count(): number;
  /** As one of the reasons why evidence is incomplete; `where` follows the number of roles. */
  reasons(where?: string): readonly string[];
  /** The same for all that was added. */
  reason(): readonly Reason[];
}

export function openDisagreementTally(): DisagreementTally {
  const first: string[] = [];
  let count = 0;
  let last = '';
  const reasons = (where: string): readonly string[] =>
    count === 0
      ? []
      : [`files of one moment disagree on ${counted(count, 'role')}${where} (${andMore(first, count)})`];
  return {
    add({ account, arn, roleId }) {
      const key = JSON.stringify([account, arn, roleId]);
      if (key === last) return;
      last = key;
      count++;
      if (first.length < NAMED) first.push(arn);
    },
    count: () => count,
    reasons: (where = '') => reasons(where),
    reason: () =>
      reasons('').map((text) => ({
        text,
        ...lack(`${counted(count, 'role')} on which files of one moment disagree`, first, count),
      })),
  };
}
