import { OUTCOMES, type Outcome } from '../audit/verdict.ts';
import type { Report, RuleStanding } from '../history/report-source.ts';
import { recordSum } from '../report/shared/record-sum.ts';
import { printable, table } from './printable.ts';
import { humanBytes } from './progress.ts';

const ACCOUNT_LIMIT = 20;
const GAP_LIMIT = 20;

/** What the files of a scan came to. */
export interface ScanOutcome {
  readonly files: number;
  readonly records: number;
}

/** What a scan prints at its end: verdicts per account, and how the records add up. */
export function summary(source: Report, outcome: ScanOutcome): string {
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
  const what = source.furtherRules.length === 0 ? '' : ' verdicts';
  return [
    table(['account', 'name', 'captured', 'evidence', 'roles', ...OUTCOMES], rows),
    ...(further > 0 ? [`and ${further} more accounts\n`] : []),
    '\n',
    `${totals.roles.toLocaleString('en')} roles in ${totals.accounts} accounts: ${OUTCOMES.map(count).join(', ')}${what}\n`,
    ...acceptance(source),
    ...ruleTable(source),
    `this scan: ${outcome.files} files, ${outcome.records.toLocaleString('en')} records; the store: ${totals.files} files, ${humanBytes(totals.bytes)}, `,
    `${totals.recordsRead} records = ${recordSum(totals, String).text}\n`,
  ].join('');
}

/** How much the exceptions accept, when there are any. */
function acceptance(source: Report): readonly string[] {
  const exceptions = source.exceptions();
  if (exceptions.length === 0) return [];
  let accepted = 0;
  for (const { object } of source.verdicts({ outcomes: ['fail'] }))
    if (object.suppressedBy !== null) accepted++;
  const expired = exceptions.filter(({ status }) => status === 'expired').length;
  const unused = exceptions.filter(({ findings }) => findings === 0).length;
  return [
    `exceptions: ${exceptions.length} accept ${accepted} of the fail; ${expired} expired, ${unused} cover nothing\n`,
  ];
}

/** What each rule came to, when there are rules of rule files. */
function ruleTable(source: Report): readonly string[] {
  if (source.furtherRules.length === 0) return [];
  const standings = source.ruleStandings();
  const judged = standings.filter(({ further }) => further?.unjudged == null);
  const rows = judged.map(({ rule, further, verdicts }) => [
    rule,
    further?.kind ?? 'IamRole',
    ...OUTCOMES.map((one) => verdicts[one]),
  ]);
  const gaps = standings.flatMap((standing) => {
    const gap = notEvaluated(standing);
    return gap === null ? [] : [printable(`${standing.rule}: ${gap}`)];
  });
  return [
    '\n',
    table(['rule', 'entity', ...OUTCOMES], rows),
    ...(gaps.length === 0 ? [] : ['\nnot evaluated:\n']),
    ...gaps.slice(0, GAP_LIMIT).map((gap) => `  ${gap}\n`),
    ...(gaps.length > GAP_LIMIT ? [`  and ${gaps.length - GAP_LIMIT} more rules\n`] : []),
    '\n',
  ];
}

/** Why a rule of a rule file says nothing of some evidence; null when there is no such evidence. */
export function notEvaluated({ further, accountsWithout, entitiesWithout }: RuleStanding): string | null {
  if (further === null) return null;
  if (further.unjudged !== null) return further.unjudged;
  const parts: string[] = [];
  if (accountsWithout > 0) parts.push(`the evidence of ${accountsWithout} accounts holds no ${further.kind}`);
  if (entitiesWithout > 0)
    parts.push(`the evidence of ${entitiesWithout} entities does not hold what it looks at`);
  return parts.length === 0 ? null : parts.join('; ');
}
