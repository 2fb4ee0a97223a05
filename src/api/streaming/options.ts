import { TrustsieveError } from '../../errors.ts';
import type { ReadOptions } from '../../formats/shared/file-reading.ts';
import { joinRelations, knownAccountsIn, type MemberList, membersIn } from '../../model/account-lists.ts';
import { isAccountId } from '../../model/arn.ts';
import type { AccountRelations } from '../../model/relations.ts';
import { formatTime } from '../../model/time.ts';
import { forcedFormat } from '../../reading/file-session.ts';
import { timeOption } from '../options.ts';
import type { EvidenceOptions } from './types.ts';

/** The options of judgeEvidence, checked. */
export interface Plan {
  readonly reading: Omit<ReadOptions, 'onBytes' | 'stop'>;
  readonly relations: AccountRelations;
  /** The own organisation's accounts; null when not given. */
  readonly members: MemberList | null;
  /** ISO 8601 UTC. */
  readonly asOf: string;
}

/** Errors: `usage`, `configuration-invalid`. */
export function planOf(options: EvidenceOptions): Plan {
  const { account, accounts, knownAccounts } = options;
  const format = options.format ?? null;
  if (account !== undefined && !isAccountId(account)) {
    throw new TrustsieveError('usage', `\`account\` is not an account id: give the 12 digits as a string`);
  }
  forcedFormat(format);
  const now = formatTime(Math.floor(Date.now() / 1000) * 1000);
  const members = accounts === undefined ? null : membersIn(accounts, 'accounts');
  const vendors = knownAccounts === undefined ? null : knownAccountsIn(knownAccounts, 'knownAccounts');
  return {
    reading: {
      account: account ?? null,
      capturedAt: timeOption('capturedAt', options.capturedAt),
      format,
      receivedAt: now,
      whole: options.whole === true,
    },
    relations: joinRelations({ organisation: members, vendors }),
    members,
    asOf: timeOption('asOf', options.asOf) ?? now,
  };
}
