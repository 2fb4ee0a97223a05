import { TrustsieveError } from '../../errors.ts';
import { type Moment, momentOf } from '../../history/calendar.ts';
import { isAccountId } from '../../model/arn.ts';
import { normaliseTime } from '../../model/time.ts';
import type { ArgumentsOf, Specs } from '../command.ts';

/** Reads `--account`: 12 digits. */
export function accountArgument(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (isAccountId(value)) return value;
  throw new TrustsieveError('usage', `\`${value}\` is not an account id: give the 12 digits`);
}

/** Reads a time option to `2026-02-01T00:00:00Z`. */
export function timeArgument(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const time = normaliseTime(value);
  if (time !== null) return time;
  throw new TrustsieveError(
    'usage',
    `\`${value}\` is not a time for --${name}: write it like 2026-02-01 or 2026-02-01T12:00:00Z`,
  );
}

/** Reads an option that takes a moment in evidence time. */
export function momentArgument(name: string, value: string | undefined): Moment | null {
  if (value === undefined) return null;
  const moment = momentOf(value);
  if (moment !== null) return moment;
  throw new TrustsieveError(
    'usage',
    `\`${value}\` is not a date or time for --${name}: write it like 2026-03-31 or 2026-03-31T12:00:00Z`,
  );
}

/** Reads a number of days, `7` or `7d`. */
function daysArgument(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const days = /^(\d{1,5})\s*(?:d|days?)?$/i.exec(value.trim())?.[1];
  if (days !== undefined) return Number(days);
  throw new TrustsieveError(
    'usage',
    `\`${value}\` is not a number of days for --${name}: write it like 7 or 7d`,
  );
}

/** Where a command that reads a store finds it. */
export const STORE_OPTION = {
  db: { type: 'string', default: 'trustsieve.db', describe: 'the store' },
} as const satisfies Specs;

/** For people or for programs. */
export const TEXT_OPTION = {
  format: { choices: ['text', 'json'], default: 'text', describe: 'output format' },
} as const satisfies Specs;

/** What tells the relation of accounts; `readAccountLists` reads it. */
export const ACCOUNT_OPTIONS = {
  accounts: {
    type: 'string',
    describe: 'the accounts of your own organisation: output of `aws organizations list-accounts`',
  },
  'known-accounts': { type: 'string', describe: 'names of accounts of vendors (YAML)' },
} as const satisfies Specs;

/** The options that say from which age on evidence is old. */
export const AGE_OPTIONS = {
  'stale-after': {
    type: 'string',
    describe:
      'days after which an account without a newer capture is reported as carried forward (default: that of the last scan, or else 7)',
  },
  'max-age': {
    type: 'string',
    describe:
      'days after which evidence no longer counts, so that its account is a gap (exit 3); `none` for no limit (default: that of the last scan)',
  },
} as const satisfies Specs;

/** Reads them; only those that were given. `--max-age none` is null: nothing is too old. */
export function agesArgument(args: ArgumentsOf<typeof AGE_OPTIONS>): {
  readonly staleAfter?: number;
  readonly maxAge?: number | null;
} {
  const staleAfter = daysArgument('stale-after', args.staleAfter);
  const age = args.maxAge;
  const maxAge = age === 'none' ? null : daysArgument('max-age', age);
  return { ...(staleAfter !== undefined && { staleAfter }), ...(maxAge !== undefined && { maxAge }) };
}
