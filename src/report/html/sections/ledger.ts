import type { Severity } from '../../../model/verdict.ts';
import { formatCount } from '../../../text/counted.ts';
import { isGraded, OUTCOME_MEANING, SEVERITIES, severityMeaning } from '../../shared/labels.ts';
import { ofAllSeverities, type RuleCounts } from '../../shared/words/headline.ts';
import { mediumParts, partsWords } from '../../shared/words/medium-words.ts';
import { badge, filterLink, html, type Markup, sentence } from '../page/markup.ts';
import { type Badge, outcomeBadge, severityBadge } from '../shared/badges.ts';
import { tokenText } from '../shared/query.ts';

/** What the ledger is of. */
export interface LedgerOf {
  readonly rule: string;
  /** How many rules there are in all. */
  readonly rules: number;
  readonly membersKnown: boolean;
}

/** The failing roles by how exposed they are, the accepted ones apart, as a sum that a reader can follow; null where
 * nothing fails and nothing is undecided. */
export function ledger(counts: RuleCounts, { rule, rules, membersKnown }: LedgerOf): Markup | null {
  const { open, accepted, outcomes } = counts;
  const judged = outcomes.fail + outcomes.error + outcomes.pass + outcomes['not-applicable'];
  // A row of zeros would look like good news where nothing was read or decided.
  if (outcomes.fail + outcomes.error === 0) return null;
  const under = rules > 1 ? ` ${tokenText('rule', rule)}` : '';
  const fails = outcomes.fail > 0;
  const rows = fails
    ? SEVERITIES.map((severity) =>
        row(`verdict:fail severity:${severity} accepted:no${under}`, open[severity], {
          mark: severityBadge(severity),
          words: sentence(severityWords(severity, counts, membersKnown)),
          graded: isGraded(severity, open[severity], membersKnown),
        }),
      )
    : [];
  const acceptedOnes = ofAllSeverities(accepted);
  if (acceptedOnes > 0) {
    rows.push(
      row(`verdict:fail accepted:yes${under}`, acceptedOnes, {
        mark: { classes: 'badge accepted', text: 'Accepted', tip: null },
        words: html`by an exception: ${acceptedWords(counts)}`,
      }),
    );
  }
  const sum = fails
    ? row(`verdict:fail${under}`, outcomes.fail, {
        mark: outcomeBadge('fail'),
        words: html`in all, of ${formatCount(judged)} judged${rules > 1 ? html` by <code>${rule}</code>` : null}`,
      })
    : null;
  const undecided =
    outcomes.error === 0
      ? null
      : row(`verdict:error${under}`, outcomes.error, {
          mark: outcomeBadge('error'),
          words: html`${OUTCOME_MEANING.error}`,
        });
  return html`<table class="ledger"><caption class="visually-hidden">Failing roles by exposure</caption>
<thead class="visually-hidden"><tr><th scope="col">Roles</th><th scope="col">Kind</th><th scope="col">What they are</th></tr></thead>
<tbody>${rows}</tbody><tfoot>${sum}${undecided}</tfoot></table>`;
}

/** Of severity medium, what there is of it. */
function severityWords(severity: Severity, { open, openMediums }: RuleCounts, membersKnown: boolean): string {
  return severity === 'medium' && open.medium > 0
    ? `open ${partsWords(mediumParts(openMediums))}`
    : severityMeaning(severity, membersKnown);
}

interface Row {
  readonly mark: Badge;
  readonly words: Markup;
  readonly graded?: boolean;
}

function row(query: string, count: number, { mark, words, graded = true }: Row): Markup {
  const shown = graded ? formatCount(count) : 'not graded';
  return html`<tr${count === 0 ? html` class="none"` : null}><td class="ledger-number">${filterLink(query, shown, `${shown} ${mark.text}`)}</td><th scope="row">${badge(mark)}</th><td class="ledger-words">${words}</td></tr>`;
}

const ACCEPTED_WORDS: Readonly<Record<Exclude<Severity, 'medium'>, string>> = {
  critical: 'open to anyone',
  high: 'to third parties',
  low: 'within the own organisation',
};

/** An exception makes no role less open, so this says whom the accepted ones let in. */
function acceptedWords({ accepted, acceptedMediums }: RuleCounts): string {
  return SEVERITIES.flatMap((severity) =>
    severity === 'medium'
      ? mediumParts(acceptedMediums)
      : [[accepted[severity], ACCEPTED_WORDS[severity]] as const],
  )
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${formatCount(count)} ${words}`)
    .join(', ');
}
