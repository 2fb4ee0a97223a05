import { OUTCOMES } from '../../model/verdict.ts';
import { formatCount } from '../../text/counted.ts';
import { besidesCounts, severityRows, stateRows } from '../shared/count-rows.ts';
import { OUTCOME_LABEL, OUTCOME_MEANING } from '../shared/labels.ts';
import { table } from '../shared/markdown-table.ts';
import type { Statistics } from '../shared/statistics.ts';

export function verdictCounts(statistics: Statistics, membersKnown: boolean): string {
  const { outcomes } = statistics;
  const also = besidesCounts(statistics);
  return [
    '## Verdicts\n',
    table(
      ['Verdict', 'Count:', 'Meaning'],
      OUTCOMES.map((name) => [OUTCOME_LABEL[name], formatCount(outcomes[name]), OUTCOME_MEANING[name]]),
    ),
    table(
      ['Severity of the failing', 'Count:', 'Meaning'],
      severityRows(statistics, membersKnown).map(({ name, count, meaning }) => [
        name,
        count === null ? 'not graded' : formatCount(count),
        meaning,
      ]),
    ),
    table(
      ['Findings since the look before', 'Count:', 'Meaning'],
      stateRows(statistics).map(({ name, count, meaning }) => [name, formatCount(count), meaning]),
    ),
    'Each account against its own latest complete look of an earlier day, as `trustsieve diff previous` counts it.\n',
    ...(also.length === 0 ? [] : [`${also.map((line) => `- ${line}`).join('\n')}\n`]),
    '',
  ].join('\n');
}
