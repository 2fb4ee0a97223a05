import type { Severity } from '../../model/verdict.ts';
import { formatCounted } from '../../text/counted.ts';
import {
  isGraded,
  RESOLVED_MEANING,
  SEVERITIES,
  SEVERITY_LABEL,
  STATE_LABEL,
  STATE_MEANING,
  STATES,
  severityMeaning,
} from './labels.ts';
import { type Statistics, uncomparedElsewhere } from './statistics.ts';

/** A count by name, and what it means. */
export interface CountRow {
  readonly name: string;
  readonly count: number;
  readonly meaning: string;
}

/** Failing verdicts of a severity; a null count cannot be told, because it is not known who belongs to the organisation. */
export interface SeverityRow extends Omit<CountRow, 'count'> {
  readonly severity: Severity;
  readonly count: number | null;
}

export function severityRows({ severities }: Statistics, membersKnown: boolean): readonly SeverityRow[] {
  return SEVERITIES.map((severity) => ({
    severity,
    name: SEVERITY_LABEL[severity],
    count: isGraded(severity, severities[severity], membersKnown) ? severities[severity] : null,
    meaning: severityMeaning(severity, membersKnown),
  }));
}

/** Findings by state, and what is gone. */
export function stateRows({ states, changes }: Statistics): readonly CountRow[] {
  const elsewhere = uncomparedElsewhere(states, changes);
  return [
    ...STATES.map((state) => ({
      name: STATE_LABEL[state],
      count: states[state],
      meaning: STATE_MEANING[state],
    })),
    { name: 'Resolved', count: changes.resolved, meaning: RESOLVED_MEANING },
    ...(elsewhere === 0
      ? []
      : [
          {
            name: 'Not comparable any more',
            count: elsewhere,
            meaning: 'was there as last seen; nothing can be said',
          },
        ]),
  ];
}

/** What the counts do not tell by themselves, as sentences. */
export function besidesCounts({ suppressed, weakPasses }: Statistics): readonly string[] {
  return [
    ...(suppressed > 0
      ? [
          `${formatCounted(suppressed, 'failing verdict is', 'failing verdicts are')} accepted by an exception and still counted.`,
        ]
      : []),
    ...(weakPasses > 0
      ? [`${formatCounted(weakPasses, 'passing verdict relies', 'passing verdicts rely')} on a weak guard.`]
      : []),
  ];
}
