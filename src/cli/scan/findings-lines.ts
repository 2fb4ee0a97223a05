import type { Report } from '../../history/report/report.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { Severity } from '../../model/verdict.ts';
import { isGraded, SEVERITIES } from '../../report/shared/labels.ts';
import { counted, formatCount, formatCounted } from '../../text/counted.ts';
import type { Paint } from '../output/colour.ts';
import { type Cell, table } from '../output/table.ts';
import { type FindingsTally, sumOf, whoGetsIn } from './findings-tally.ts';

/** The answer first: how many roles are open, and whether there may be more. */
export function headline(
  source: Report,
  { open, accepted }: FindingsTally,
  completeness: Pick<Completeness, 'reasons'>,
): string {
  const { roles, verdicts } = source.totals();
  const fail = sumOf(open);
  const apart = sumOf(accepted);
  return [
    source.furtherRules.length === 0 ? answerOn(fail, roles) : answerOnRules(fail, roles),
    ...(apart > 0 ? [`exceptions accept ${formatCount(apart)} more`] : []),
    ...(verdicts.error > 0 ? [`${formatCount(verdicts.error)} could not be decided`] : []),
    ...(completeness.reasons.length > 0 ? ['the evidence is INCOMPLETE, so there may be more'] : []),
  ].join('; ');
}

function answerOn(fail: number, roles: number): string {
  const of = formatCounted(roles, 'role');
  if (fail === 0) return `no open finding among ${of}`;
  return `${formatCount(fail)} of ${of} ${fail === 1 ? 'is' : 'are'} open to another account without MFA or an external ID`;
}

function answerOnRules(fail: number, roles: number): string {
  return `${formatCounted(fail, 'open finding')} over ${formatCounted(roles, 'role')} and the rules below`;
}

/** Findings by severity, those that exceptions accept apart. */
export function severityTable(
  source: Report,
  { open, accepted }: FindingsTally,
  membersKnown: boolean,
  paint: Paint,
): string {
  if (sumOf(open) + sumOf(accepted) === 0) return '';
  const row = (title: string, counts: FindingsTally['open']): readonly Cell[] => [
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
  { open, worst }: FindingsTally,
  width: number,
  paint: Paint,
): string {
  if (worst.length === 0) return '';
  const own = new Set(worst.map(({ object }) => object.account));
  const names = new Map<string, string>();
  for (const { account, name } of source.accounts()) {
    if (name !== null && own.has(account)) names.set(account, name);
  }
  const rows = worst.map((finding) => {
    const { severity, roleName, account } = finding.object;
    return [severity ?? '', roleName, names.get(account) ?? account, whoGetsIn(finding)];
  });
  const more = sumOf(open) - worst.length;
  return [
    '\n',
    table(['severity', 'role', 'account', 'who gets in'], rows, {
      width,
      cut: [1, 2, 3],
      paintTitle: (title) => paint('heading', title),
      paint: (cell, row, column) =>
        column === 0 && GRAVE.has(worst[row]?.object.severity ?? 'low') ? paint('bad', cell) : cell,
    }),
    ...(more > 0 ? [`and ${counted(more, 'more finding')}\n`] : []),
  ].join('');
}

const GRAVE: ReadonlySet<Severity> = new Set(['critical', 'high']);
