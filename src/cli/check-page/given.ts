import type { KnownAccounts, OwnAccount } from '../../api/options.ts';

/** What the page is written with. */
export interface Given {
  /** The policy to open with, as text; null: none. */
  readonly policy: string | null;
  readonly account: string | null;
  readonly arn: string | null;
  readonly partition: string | null;
  /** The own organisation, by `--accounts`; null: not given. */
  readonly accounts: readonly OwnAccount[] | null;
  /** By `--known-accounts`. */
  readonly knownAccounts: readonly KnownAccounts[];
  /** By `--as-of`; null: when the page is used. */
  readonly asOf: string | null;
}
