import type { Report } from '../../history/report/report.ts';
import { OUTCOMES } from '../../model/verdict.ts';
import { counted } from '../../text/counted.ts';
import { notEvaluated } from '../output/reports.ts';
import type { Screen } from '../output/screen.ts';
import { table } from '../output/table.ts';
import { NAMED } from './missing-lines.ts';

/** What each rule came to, when there are rules of rule files. */
export function ruleLines(source: Report, { fitLine, width }: Screen): readonly string[] {
  if (source.furtherRules.length === 0) return [];
  const rules = source.ruleTotals();
  const judged = rules.filter(({ further }) => further?.unjudged == null);
  const rows = judged.map(({ rule, further, verdicts }) => [
    rule,
    further?.kind ?? 'IamRole',
    ...OUTCOMES.map((one) => verdicts[one]),
  ]);
  const gaps = rules.flatMap((totals) => {
    const gap = notEvaluated(totals);
    return gap === null ? [] : [`  ${totals.rule}: ${gap}`];
  });
  return [
    '\n',
    table(['rule', 'entity', ...OUTCOMES], rows, { width }),
    ...(gaps.length === 0 ? [] : ['\nnot evaluated:\n']),
    ...gaps.slice(0, NAMED).map((gap) => `${fitLine(gap)}\n`),
    ...(gaps.length > NAMED ? [`  and ${counted(gaps.length - NAMED, 'more rule')}\n`] : []),
    '\n',
  ];
}
