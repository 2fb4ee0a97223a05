import type { ExceptionRow } from '../../../model/exception.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { EXCEPTION_LABEL } from '../../shared/labels.ts';
import { acceptedBy, exceptionDoubts } from '../../shared/words/exception-words.ts';
import { filterLink, html, type Markup } from '../page/markup.ts';
import { tokenText } from '../shared/query.ts';

/** Exceptions shown one by one. */
const SHOWN = 500;

/** What is accepted, by whom, until when, and what is wrong with it. */
export function exceptionsSection(exceptions: readonly ExceptionRow[]): Markup {
  return html`
<section id="exceptions" aria-labelledby="exceptions-title">
<h2 id="exceptions-title">Exceptions <span class="count">${formatCount(exceptions.length)}</span></h2>
${
  exceptions.length === 0
    ? html`<p class="muted empty">None: no finding is accepted, because the run was given no exceptions.</p>`
    : html`<p class="muted small">An exception accepts findings for a time; they stay counted as failing. It covers a finding only when it accepts each of its unguarded ways in.</p>
<div class="table-wrap" tabindex="0" role="region" aria-label="Exceptions"><table class="plain exceptions"><thead><tr><th scope="col">Exception</th><th scope="col" class="c-state">State</th><th scope="col" class="number c-findings">Accepted</th><th scope="col" class="scope">Accepts</th><th scope="col" class="c-reason">Reason</th><th scope="col" class="c-owner">Owner, ticket</th></tr></thead><tbody>${exceptions.slice(0, SHOWN).map(exceptionRow)}</tbody></table></div>${
        exceptions.length > SHOWN
          ? html`<p class="caps"><strong>Showing ${formatCount(SHOWN)} of ${formatCount(exceptions.length)}</strong>; <code>trustsieve exceptions check</code> lists all.</p>`
          : null
      }`
}
</section>`;
}

function exceptionRow(row: ExceptionRow): Markup {
  const count = acceptedBy(row);
  const findings =
    count > 0
      ? filterLink(
          `verdict:fail ${tokenText('exception', row.id)}`,
          formatCount(count),
          `${formatCounted(count, 'finding')} of the exception ${row.id}`,
        )
      : formatCount(count);
  return html`<tr><td class="who"><code>${row.id}</code></td>
<td class="short"><span class="expiry-${row.status}">${EXCEPTION_LABEL[row.status]}</span><br><span class="muted date">${row.expires}</span></td>
<td class="number">${findings}</td><td class="scope">${scopeOf(row)}</td><td>${row.reason}${exceptionDoubts(row).map((doubt) => html`<br><span class="doubt">${doubt}</span>`)}</td>
<td>${row.owner ?? '–'}${row.ticket === null ? null : html`<br><span class="muted">${row.ticket}</span>`}</td></tr>`;
}

function scopeOf({ rule, account, role, principals, principalAccounts }: ExceptionRow): Markup {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['role', role === null ? [] : [role]],
    ['account', account === null ? [] : [account]],
    ['rule', rule === null ? [] : [rule]],
    ['principal', principals],
    ['from account', principalAccounts],
  ];
  const given = parts.filter(([, patterns]) => patterns.length > 0);
  if (given.length === 0) return html`<strong>everything</strong>`;
  return html`${given.map(([what, patterns], index) => html`${index === 0 ? null : html`<br>`}<span class="muted">${what}</span> ${patterns.map((pattern, at) => html`${at === 0 ? null : ', '}<code>${pattern}</code>`)}`)}`;
}
