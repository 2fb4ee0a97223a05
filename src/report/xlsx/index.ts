import type { Writable } from 'node:stream';
import type { ReportSource } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { worstFirst } from '../files/worst-first.ts';
import { accountNames } from '../shared/account-names.ts';
import { leftObject } from '../shared/left-object.ts';
import { missingOf } from '../shared/missing.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from '../shared/options.ts';
import { gatherStatistics } from '../shared/statistics.ts';
import { RegisterCounts } from '../shared/words/third-party-words.ts';
import { writeBook } from './book/book.ts';
import type { SheetLimits } from './book/sheet.ts';
import { accountsSheet } from './sheets/accounts.ts';
import { evidenceSheet } from './sheets/evidence.ts';
import { exceptionsSheet } from './sheets/exceptions.ts';
import { findingsSheet } from './sheets/findings.ts';
import { methodSheet } from './sheets/method.ts';
import { Places } from './sheets/places.ts';
import { summarySheet } from './sheets/summary.ts';
import { thirdPartiesSheet } from './sheets/third-parties.ts';

export interface XlsxOptions extends ReportOptions {
  /** Beside which findings wait for their order; in the system's folder for temporary files when absent. */
  readonly target?: string;
  readonly limits?: SheetLimits;
}

const LISTS = ['Findings', 'Accounts', 'Third parties', 'Evidence', 'Exceptions', 'Method'] as const;

/** The workpaper: a workbook for auditors, with what was found, of what, by what, and what is missing. */
export async function renderXlsx(source: ReportSource, out: Writable, options: XlsxOptions): Promise<void> {
  const missing = missingOf(source);
  const statistics = gatherStatistics(source);
  const { outcomes = DEFAULT_OUTCOMES, target = null, limits } = options;
  const accounts = new Places();
  const evidence = new Places();
  const register = new RegisterCounts();
  const told = {
    missing,
    outcomes,
    accountNames: accountNames(source),
    carried: statistics.carriedAccounts,
    accounts,
    evidence,
  };
  await worstFirst(openObjects(source, outcomes), target, (objects) =>
    writeBook(
      out,
      {
        // First what findings lead to, last what tells of all the others.
        sheets: [
          () => evidenceSheet(source, missing, evidence),
          () => accountsSheet(source, missing, statistics, accounts),
          () => findingsSheet(objects, told),
          () => thirdPartiesSheet(source, missing, register),
          () => exceptionsSheet(source.exceptions(), missing),
          () => methodSheet(source, options),
          (written) =>
            summarySheet(source, { options, statistics, missing, lists: LISTS, register, written }),
        ],
        tabs: ['Summary', ...LISTS],
      },
      limits,
    ),
  );
}

/** Verdict objects as guardrails leave them. */
function* openObjects(source: ReportSource, outcomes: XlsxOptions['outcomes'] & {}): Iterable<VerdictObject> {
  for (const verdict of source.verdicts({ outcomes })) yield leftObject(verdict);
}
