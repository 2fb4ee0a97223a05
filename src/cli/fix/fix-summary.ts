import { isClosedByGuardrail } from '../../model/guardrail.ts';
import { counted } from '../../text/counted.ts';
import type { Screen } from '../output/screen.ts';
import type { RoleFix } from './fix-role.ts';

/** Roles without a proposal that are named. */
const NAMED = 10;

/** What comes before the proposals: how many there are, and what stays open without one. */
export function fixSummary(fixes: Iterable<RoleFix>, { fitLine, paint }: Screen): string {
  const counts = { roles: 0, proposed: 0, placeholders: 0, refused: 0, unneeded: 0, closed: 0 };
  const open: string[] = [];
  for (const { object, remediation } of fixes) {
    counts.roles++;
    if (isClosedByGuardrail(object)) counts.closed++;
    if (remediation === null) counts.unneeded++;
    else if (remediation.refused === null) {
      counts.proposed++;
      if (remediation.placeholders.length > 0) counts.placeholders++;
    } else {
      counts.refused++;
      if (open.length < NAMED) open.push(`    ${object.arn}: ${remediation.refused}`);
    }
  }
  const more = counts.refused - open.length;
  const lines = [
    paint('heading', counted(counts.roles, 'role')),
    ...[
      `  ${counted(counts.proposed, 'proposal')}, judged again: ${counts.proposed === 1 ? 'the role no longer fails' : 'the roles no longer fail'}`,
      ...(counts.placeholders === 0
        ? []
        : [`  ${counts.placeholders} of them with an external ID that is still to be agreed`]),
      ...(counts.unneeded === 0
        ? []
        : [`  ${counted(counts.unneeded, 'needs no change', 'need no change')}`]),
      ...(counts.closed === 0
        ? []
        : [
            `  ${counted(counts.closed, 'fails', 'fail')} by the trust policy alone: the organisation closes ${counts.closed === 1 ? 'it' : 'them'} already`,
          ]),
    ].map(fitLine),
    paint(
      counts.refused === 0 ? 'quiet' : 'bad',
      fitLine(
        `  ${counts.refused} without a proposal${counts.refused === 0 ? '' : `: open until somebody changes ${counts.refused === 1 ? 'it' : 'them'}`}`,
      ),
    ),
    ...open.map(fitLine),
    ...(more > 0 ? [`    and ${counted(more, 'more role')}`] : []),
  ];
  return `${lines.join('\n')}\n\n`;
}
