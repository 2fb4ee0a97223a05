import type { Report } from '../../history/report/report.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { Severity } from '../../model/verdict.ts';
import { accountNames } from '../../report/shared/account-names.ts';
import { isGraded, SEVERITIES } from '../../report/shared/labels.ts';
import { type Failing, headline, OPEN_MEANING, ofAllSeverities } from '../../report/shared/words/headline.ts';
import { counted, formatCount } from '../../text/counted.ts';
import type { Paint } from '../output/colour.ts';
import { type Cell, table } from '../output/table.ts';
import { type FindingsTally, whoGetsIn } from './findings-tally.ts';

/** The answer first, in the words of every report: how many roles are open, and whether there may be more. */
export function headlineLines(
  { ofRule }: FindingsTally,
  { reasons }: Pick<Completeness, 'reasons'>,
  roles: number,
): readonly [first: string, ...more: string[]] {
  const { count, rest, apart } = headline(ofRule);
  return [
    `${count}${rest}`,
    ...(reasons.length > 0 ? ['The evidence is INCOMPLETE, so there may be more.'] : []),
    ...apart,
    ...(roles === 0 ? [] : [OPEN_MEANING]),
  ];
}

/** Findings by severity, those that exceptions accept apart. */
export function severityTable(
  source: Report,
  { all: { open, accepted } }: FindingsTally,
  membersKnown: boolean,
  paint: Paint,
): string {
  if (ofAllSeverities(open) + ofAllSeverities(accepted) === 0) return '';
  const row = (title: string, counts: Failing['open']): readonly Cell[] => [
    title,
    ...SEVERITIES.map((severity) =>
      isGraded(severity, counts[severity], membersKnown) ? formatCount(counts[severity]) : 'not graded',
    ),
  ];
  const rows = [row('open', open), ...(source.exceptions().length === 0 ? [] : [row('accepted', accepted)])];
  const text = table(['findings', ...SEVERITIES], rows, {
    paintTitle: (title) => paint('heading', title),
    paint: (cell, index, column) =>
      index === 0 && (column === 1 || column === 2) && /[1-9]/.test(cell) ? paint('bad', cell) : cell,
  });
  return `\n${text}`;
}

/** The worst findings by name. */
export function worstTable(
  source: Report,
  { all: { open }, worst }: FindingsTally,
  width: number,
  paint: Paint,
): string {
  if (worst.length === 0) return '';
  const names = accountNames(source, new Set(worst.map(({ account }) => account)));
  const rows = worst.map((finding) => {
    const { severity, roleName, account } = finding;
    return [severity ?? '', roleName, names.get(account) ?? account, whoGetsIn(finding)];
  });
  const more = ofAllSeverities(open) - worst.length;
  return [
    '\n',
    table(['severity', 'role', 'account', 'who gets in'], rows, {
      width,
      cut: [1, 2, 3],
      paintTitle: (title) => paint('heading', title),
      paint: (cell, row, column) =>
        column === 0 && GRAVE.has(worst[row]?.severity ?? 'low') ? paint('bad', cell) : cell,
    }),
    ...(more > 0 ? [`and ${counted(more, 'more finding')}\n`] : []),
  ].join('');
}

const GRAVE: ReadonlySet<Severity> = new Set(['critical', 'high']);
