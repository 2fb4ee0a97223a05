import { SEVERITIES } from '../../shared/labels.ts';
import { ofAllSeverities, type RuleCounts } from '../../shared/words/headline.ts';
import { html, type Markup } from '../page/markup.ts';

/** What is there must be seen, however few: of a thousand parts. */
const LEAST = 16;

/**
 * What the ledger counts as one bar, in its order: the open ones by severity, the accepted, the undecided. The ledger
 * says the same in words, so it is hidden from those who hear the page; null where nothing fails.
 */
export function severityBar({ open, accepted, outcomes }: RuleCounts): Markup | null {
  const counts: readonly (readonly [name: string, count: number])[] = [
    ...SEVERITIES.map((severity) => [severity, open[severity]] as const),
    ['accepted', ofAllSeverities(accepted)],
    ['error', outcomes.error],
  ];
  if (outcomes.fail === 0) return null;
  const shown = counts.filter(([, count]) => count > 0);
  const total = shown.reduce((sum, [, count]) => sum + count, 0);
  let x = 0;
  const parts = shown.map(([name, count]) => {
    const width = Math.max((count / total) * 1000, LEAST);
    const part = html`<rect class="part-${name}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10"></rect>`;
    x += width;
    return part;
  });
  return html`<svg class="severity-bar" viewBox="0 0 ${x.toFixed(1)} 10" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}
