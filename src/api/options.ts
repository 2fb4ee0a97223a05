import { TrustsieveError } from '../errors.ts';
import { joinRelations } from '../model/account-lists.ts';
import { isAccountId, isPartition, splitArn } from '../model/arn.ts';
import { knownAccount } from '../model/relations.ts';
import { normaliseTime } from '../model/time.ts';
import type { Grading, Subject } from './verdict.ts';

/** An account of the own organisation, as `aws organizations list-accounts` writes it. */
export interface OwnAccount {
  /** 12 digits. */
  readonly Id: string;
  readonly Name?: string | undefined;
}

/** Accounts with a name of their own: those of a vendor, or with the type `aws` those of a service of AWS. */
export interface KnownAccounts {
  readonly name: string;
  /** 12 digits each. */
  readonly accounts: readonly string[];
  readonly type?: string | undefined;
}

/** What is known of a role beside its trust policy. */
export interface JudgeOptions {
  /** The account that owns the role: 12 digits, as text. */
  readonly account: string;
  /** Such as `aws-us-gov`. Left out: that of `arn`, else the one that the policy shows. */
  readonly partition?: string | null | undefined;
  /** ARN of the role. */
  readonly arn?: string | null | undefined;
  /** Left out: the last part of `arn`. */
  readonly roleName?: string | null | undefined;
  /** The `AROA...` id; only handed through. */
  readonly roleId?: string | null | undefined;
  /** The accounts of the own organisation, all of them: any other that gets in is a third party then. */
  readonly accounts?: readonly OwnAccount[] | null | undefined;
  /** Names for accounts of others. */
  readonly knownAccounts?: readonly KnownAccounts[] | null | undefined;
  /** The moment to judge against, such as `2026-02-01T00:00:00Z`. Left out: now. */
  readonly asOf?: string | null | undefined;
}

/** The role that is judged. Throws TypeError for options that contradict themselves or are not what they should be. */
export function subjectOf(options: JudgeOptions): Subject {
  const { account, partition = null, arn = null, roleName = null, roleId = null } = options ?? {};
  if (typeof account !== 'string' || !isAccountId(account))
    throw new TypeError('`account` must be the 12 digits of the account that owns the role, as text');
  if (partition !== null && !isPartition(partition))
    throw new TypeError('`partition` must be a partition such as `aws`');
  const parts = arn === null ? null : splitArn(arn);
  if (arn !== null && (parts?.account !== account || !parts.resource.startsWith('role/')))
    throw new TypeError(`\`arn\` must be the ARN of a role of account ${account}`);
  if (partition !== null && parts !== null && parts.partition !== partition)
    throw new TypeError('`partition` contradicts `arn`');
  if (roleName !== null && parts !== null && !parts.resource.endsWith(`/${roleName}`))
    throw new TypeError('`roleName` contradicts `arn`');
  return { account, partition: parts?.partition ?? partition, arn, roleName, roleId };
}

/** What findings are graded by. Throws TypeError like `subjectOf`. */
export function gradingOf({ accounts, knownAccounts, asOf }: JudgeOptions): Grading {
  const vendors = (knownAccounts ?? []).flatMap(({ name, accounts: ids, type }) =>
    ids.map((id) => [accountId(id, 'knownAccounts'), knownAccount(name, type)] as const),
  );
  const members = accounts?.map(({ Id, Name }) => ({
    account: accountId(Id, 'accounts'),
    name: Name ?? null,
  }));
  const organisation = members === undefined ? null : { members };
  const time = asOf == null ? new Date().toISOString() : normaliseTime(asOf);
  if (time === null) throw new TypeError('`asOf` must be a time such as `2026-02-01T00:00:00Z`');
  return { relations: joinRelations({ organisation, vendors: new Map(vendors) }), asOf: time };
}

function accountId(id: unknown, option: string): string {
  if (typeof id === 'string' && isAccountId(id)) return id;
  throw new TypeError(`\`${option}\` must name accounts by their 12 digits, as text`);
}

/** An option that is a time, as ISO 8601 UTC; null when it is left out. Errors: `usage`. */
export function timeOption(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const time = normaliseTime(value);
  if (time !== null) return time;
  throw new TrustsieveError(
    'usage',
    `\`${name}\` is not a time: write it like 2026-02-01 or 2026-02-01T12:00:00Z`,
  );
}
