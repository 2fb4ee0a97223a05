import { OUTCOMES, type Outcome } from '../audit/verdict.ts';
import type { ReportSource } from '../store/types.ts';
import { table } from './printable.ts';
import { humanBytes } from './progress.ts';

const ACCOUNT_LIMIT = 20;

/** What the files of a scan came to. */
export interface ScanOutcome {
  readonly files: number;
  readonly records: number;
  readonly incomplete: boolean;
}

/** What a scan prints at its end: verdicts per account, and how the records add up. */
export function summary(source: ReportSource, outcome: ScanOutcome): string {
  const totals = source.totals();
  const rows: (string | number)[][] = [];
  let further = 0;
  for (const account of source.accounts()) {
    if (rows.length >= ACCOUNT_LIMIT) {
      further++;
      continue;
    }
    rows.push([
      account.account,
      account.name ?? '',
      account.capturedAt,
      account.complete ? 'complete' : 'INCOMPLETE',
      account.roles,
      ...OUTCOMES.map((one) => account.verdicts[one]),
    ]);
  }
  const count = (one: Outcome): string => `${totals.verdicts[one].toLocaleString('en')} ${one}`;
  return [
    table(['account', 'name', 'captured', 'evidence', 'roles', ...OUTCOMES], rows),
    ...(further > 0 ? [`and ${further} more accounts\n`] : []),
    '\n',
    `${totals.roles.toLocaleString('en')} roles in ${totals.accounts} accounts: ${OUTCOMES.map(count).join(', ')}\n`,
    `this scan: ${outcome.files} files, ${outcome.records.toLocaleString('en')} records; the store: ${totals.files} files, ${humanBytes(totals.bytes)}, `,
    `${totals.recordsRead} records = ${totals.recordsAccepted} accepted + ${totals.recordsDuplicate} duplicate + ${totals.recordsRejected} rejected\n`,
  ].join('');
}
