import type { DiffChange, OutsideAccount } from '../../history/compare/diff.ts';
import { capital } from '../../text/capital.ts';
import { formatCount } from '../../text/counted.ts';
import { badge, html, type Markup } from '../html/page/markup.ts';
import { severityBadge } from '../html/shared/badges.ts';
import { OUTCOME_LABEL, relationWords } from '../shared/labels.ts';
import { ANY_MEMBER_WORDS } from '../shared/words/outsider-words.ts';
import type { PolicyDiffs } from './policy-diff.ts';
import { CAUSE_SENTENCE, severityMove, type WhoClause, whoClauses } from './words.ts';

/** Accounts named of one clause. */
const NAMED = 6;

/** One change as an entry of a list; `several`: its rule has to be named. */
export function changeEntry(one: DiffChange, several: boolean, policies: PolicyDiffs): Markup {
  const { severity, roleName, account, accountName, arn, roleId, rule, cause } = one;
  const move = severityMove(one);
  return html`<li class="entry${severity === null ? null : ` sev-edge-${severity}`}">
<p class="entry-head">${severity === null ? null : badge(severityBadge(severity))} <strong><bdi>${roleName}</bdi></strong> <span class="entry-account"><code>${account}</code>${accountName === null ? null : html` <bdi>${accountName}</bdi>`}</span></p>
<p>${clauses(one)}${cause === null ? null : html`${capital(CAUSE_SENTENCE[cause])}.`}${move === null ? null : html` Severity ${move}.`}</p>
<p class="muted small"><code>${arn}</code>${roleId === '' ? null : html` · <code>${roleId}</code>`}${several ? html` · <code>${rule}</code>` : null} · ${verdictWords(one)}</p>
${policies.of(one)}</li>
`;
}

function clauses(one: DiffChange): Markup | null {
  const told = whoClauses(one);
  if (told.length === 0) return null;
  return html`${told.map((each, index) => html`${index === 0 ? '' : '; '}${clauseOf(each, index === 0)}`)}. `;
}

function clauseOf({ before, who, after }: WhoClause, isFirst: boolean): Markup {
  const named = who.slice(0, NAMED).map(outside);
  const more = who.length - named.length;
  return html`${isFirst ? capital(before) : before}${named.map((each, index) => html`${index === 0 ? '' : ', '}${each}`)}${more > 0 ? ` and ${formatCount(more)} more` : ''}${after}`;
}

function outside({ account, anyMember, name, relation }: OutsideAccount): Markup {
  if (account === '*') return html`<strong>anyone</strong>`;
  if (anyMember === true) {
    return html`<strong>${ANY_MEMBER_WORDS}</strong> (for example <code>${account}</code>${name === null ? null : html` <bdi>${name}</bdi>`})`;
  }
  const words = relationWords(relation);
  return name === null
    ? html`<code>${account}</code> (${words})`
    : html`<strong><bdi>${name}</bdi></strong> (<code>${account}</code>, ${words})`;
}

/** `not there → Fail`. */
function verdictWords({ change, fromVerdict, toVerdict }: DiffChange): string {
  const none = change === 'not-comparable' ? 'not known' : 'not there';
  return [fromVerdict, toVerdict]
    .map((verdict) => (verdict === null ? none : OUTCOME_LABEL[verdict]))
    .join(' → ');
}
