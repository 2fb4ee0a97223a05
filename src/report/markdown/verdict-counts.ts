import { OUTCOMES } from '../../model/verdict.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import {
  isGraded,
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  RESOLVED_MEANING,
  SEVERITIES,
  SEVERITY_LABEL,
  STATE_LABEL,
  STATE_MEANING,
  STATES,
  severityMeaning,
} from '../shared/labels.ts';
import { table } from '../shared/markdown-table.ts';
import { type Statistics, uncomparedElsewhere } from '../shared/statistics.ts';

export function verdictCounts(statistics: Statistics, membersKnown: boolean): string {
  const { outcomes, severities, suppressed, weakPasses } = statistics;
  const also = [
    ...(suppressed > 0
      ? [
          `${formatCounted(suppressed, 'failing verdict is', 'failing verdicts are')} accepted by an exception and still counted`,
        ]
      : []),
    ...(weakPasses > 0
      ? [`${formatCounted(weakPasses, 'passing verdict relies', 'passing verdicts rely')} on a weak guard`]
      : []),
  ];
  return [
    '## Verdicts\n',
    table(
      ['Verdict', 'Count:', 'Meaning'],
      OUTCOMES.map((name) => [OUTCOME_LABEL[name], formatCount(outcomes[name]), OUTCOME_MEANING[name]]),
    ),
    table(
      ['Severity of the failing', 'Count:', 'Meaning'],
      SEVERITIES.map((name) => [
        SEVERITY_LABEL[name],
        isGraded(name, severities[name], membersKnown) ? formatCount(severities[name]) : 'not graded',
        severityMeaning(name, membersKnown),
      ]),
    ),
    ...stateCounts(statistics),
    ...(also.length === 0 ? [] : [`${also.map((line) => `- ${line}.`).join('\n')}\n`]),
    '',
  ].join('\n');
}

function stateCounts({ states, changes }: Statistics): readonly string[] {
  const elsewhere = uncomparedElsewhere(states, changes);
  return [
    table(
      ['Findings since the look before', 'Count:', 'Meaning'],
      [
        ...STATES.map((state) => [STATE_LABEL[state], formatCount(states[state]), STATE_MEANING[state]]),
        ['Resolved', formatCount(changes.resolved), RESOLVED_MEANING],
        ...(elsewhere === 0
          ? []
          : [
              [
                'Not comparable any more',
                formatCount(elsewhere),
                'was there as last seen; nothing can be said',
              ],
            ]),
      ],
    ),
    'Each account against its own latest complete look of an earlier day, as `trustsieve diff previous` counts it.\n',
  ];
}
