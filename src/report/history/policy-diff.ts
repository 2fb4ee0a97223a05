import type { Diff, DiffChange } from '../../history/compare/diff.ts';
import { formatCounted } from '../../text/counted.ts';
import { unifiedDiff } from '../../text/unified-diff.ts';
import { html, type Markup } from '../html/page/markup.ts';

/** What a page holds of policies, in characters: so many of one change, and of all together. */
const LONGEST_LINE = 1_000;
const MOST_LINES = 400;
const MOST_TEXT = 2_500_000;

/** Shows the trust policies of changes as they were and are, until a page is full of them. */
export class PolicyDiffs {
  private readonly diff: Pick<Diff, 'policyLines'>;
  private left = MOST_TEXT;
  private leftOut = 0;

  constructor(diff: Pick<Diff, 'policyLines'>) {
    this.diff = diff;
  }

  /** Null where neither side has a policy. */
  of({ fromPolicy, toPolicy, change }: DiffChange): Markup | null {
    if (fromPolicy === null && toPolicy === null) return null;
    if (fromPolicy === toPolicy) {
      return html`<p class="muted small">The trust policy is the same on both sides.</p>`;
    }
    const [before, after] = [this.linesOf(fromPolicy), this.linesOf(toPolicy)];
    if (before === UNREADABLE || after === UNREADABLE) {
      return html`<p class="muted small">The trust policy of one side could not be read, so the two are not compared.</p>`;
    }
    const lines = linesBetween(before, after);
    const shown = lines.slice(0, MOST_LINES).map(shorten);
    const length = shown.reduce((sum, line) => sum + line.length, 0);
    if (length > this.left) {
      this.leftOut++;
      return html`<p class="muted small">The policies are not shown here, because the page is full of them; <code>trustsieve explain</code> shows that of a role.</p>`;
    }
    this.left -= length;
    const more = lines.length - shown.length;
    return html`<details><summary>${titleOf(fromPolicy, toPolicy, change)}</summary><pre class="diff" tabindex="0"><code>${shown.map(
      (line) => html`<span class="${classOf(line)}">${line === '' ? ' ' : line}</span>\n`,
    )}</code></pre>${more > 0 ? html`<p class="muted small">${formatCounted(more, 'more line is', 'more lines are')} not shown.</p>` : null}</details>`;
  }

  /** Says how many are not shown; nothing where all are. */
  note(): Markup | null {
    if (this.leftOut === 0) return null;
    return html`<p class="muted">The policies of ${formatCounted(this.leftOut, 'change')} are not shown, because the page is full of them.</p>`;
  }

  private linesOf(policy: number | null): readonly string[] | typeof UNREADABLE {
    if (policy === null) return [];
    return this.diff.policyLines(policy) ?? UNREADABLE;
  }
}

const UNREADABLE = null;

/** Where one side has none, the whole other one. */
function linesBetween(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before.length === 0) return after.map((line) => `+${line}`);
  if (after.length === 0) return before.map((line) => `-${line}`);
  return unifiedDiff(before.join('\n'), after.join('\n'));
}

function titleOf(from: number | null, to: number | null, change: DiffChange['change']): string {
  if (from !== null && to !== null) return 'Trust policy before and after';
  if (change === 'not-comparable') return 'Trust policy on the side that is known';
  return from === null ? 'Trust policy of the role that came' : 'Trust policy of the role that went';
}

function shorten(line: string): string {
  return line.length <= LONGEST_LINE
    ? line
    : `${line.slice(0, LONGEST_LINE)}… (${formatCounted(line.length - LONGEST_LINE, 'more character')})`;
}

function classOf(line: string): string {
  if (line.startsWith('+')) return 'line added';
  if (line.startsWith('-')) return 'line removed';
  return line.startsWith('@@') ? 'line place' : 'line';
}
