import { formatCount, formatCounted } from '../../../../text/counted.ts';
import { policyLines } from '../../shared/policy-lines.ts';
import { el } from '../widgets/dom.ts';

/** Lines laid out at most; a policy AWS accepts has a few hundred. */
const SHOWN_LINES = 2000;
/** Characters shown of a line. */
const SHOWN_WIDTH = 4000;

/** The trust policy laid out, with the statements that let others in marked by colour, edge and words. */
export function policyView(policy: string, offending: ReadonlySet<number>): readonly Node[] {
  const lines = policyLines(policy);
  const view = el('pre', { class: 'policy', tabindex: '0', 'aria-label': 'Trust policy' });
  let marked: number | null = null;
  for (const { text, statement } of lines.slice(0, SHOWN_LINES)) {
    const bad = statement !== null && offending.has(statement);
    if (bad && statement !== marked) {
      view.append(
        el('span', { class: 'line mark-note' }, `▼ statement ${statement} lets other accounts in unguarded`),
      );
      view.append('\n');
    }
    marked = bad ? statement : null;
    view.append(el('span', { class: bad ? 'line offending' : 'line' }, text.slice(0, SHOWN_WIDTH)), '\n');
    if (text.length > SHOWN_WIDTH) {
      view.append(
        el('span', { class: 'muted' }, `… ${formatCounted(text.length - SHOWN_WIDTH, 'more character')}`),
        '\n',
      );
    }
  }
  if (lines.length <= SHOWN_LINES) return [view];
  return [
    view,
    el('p', { class: 'muted' }, `Showing ${formatCount(SHOWN_LINES)} of ${formatCount(lines.length)} lines.`),
  ];
}
