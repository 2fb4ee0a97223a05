import type { DisagreementRow } from '../../model/completeness.ts';
import { counted } from '../../text/counted.ts';

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
        : [`files of one moment disagree on ${counted(count, 'role')}${where} (${andMore(first, count)})`],
  };
}

/** Names in one reason. */
export const NAMED = 3;

/** The first names of a list, and how many more there are. */
export function andMore(first: readonly string[], count: number): string {
  const more = count - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
