import { joinRelations, knownAccountsIn, type MemberList, membersIn } from '../../audit/account-lists.ts';
import type { AccountRelations } from '../../audit/relations.ts';
import { TrustsieveError } from '../../errors.ts';
import { forcedFormat } from '../../formats/conclude.ts';
import type { ReadOptions } from '../../formats/reading.ts';
import { formatTime, normaliseTime } from '../../formats/times.ts';
import { isAccountId } from '../../iam/arn.ts';
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
    throw new TrustsieveError('usage', `\`account\` is no account id: give the 12 digits as a string`);
  }
  forcedFormat(format);
  const now = formatTime(Math.floor(Date.now() / 1000) * 1000);
  const members = accounts === undefined ? null : membersIn(accounts, 'accounts');
  const vendors = knownAccounts === undefined ? null : knownAccountsIn(knownAccounts, 'knownAccounts');
  return {
    reading: {
      account: account ?? null,
      capturedAt: timeOf('capturedAt', options.capturedAt),
      format,
      receivedAt: now,
      whole: options.whole === true,
    },
    relations: joinRelations({ organisation: members, vendors }),
    members,
    asOf: timeOf('asOf', options.asOf) ?? now,
  };
}

function timeOf(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const time = normaliseTime(value);
  if (time !== null) return time;
  throw new TrustsieveError(
    'usage',
    `\`${name}\` is no time: write it like 2026-02-01 or 2026-02-01T12:00:00Z`,
  );
}
