import type { ReportSource } from '../../store/types.ts';
import { formatCount } from '../shared/labels.ts';
import type { Statistics } from '../statistics.ts';
import { flowPicture, flowStreams } from './flow-picture.ts';
import { heatMap, heatRows } from './heat-map.ts';
import { html, type Markup } from './markup.ts';

/** Who gets in where, as a picture, and how bad it is account by account. */
export function exposureSection(source: ReportSource, statistics: Statistics): Markup {
  const streams = flowStreams(statistics);
  const rows = heatRows(statistics);
  const names = namesOf(
    source,
    new Set([...streams.map(({ to }) => to), ...rows.map(({ account }) => account)]),
  );
  const { fail } = statistics.outcomes;
  return html`
<section id="exposure" aria-labelledby="exposure-title">
<h2 id="exposure-title">Exposure</h2>
${
  fail === 0
    ? html`<p class="muted">Nothing is exposed: no verdict fails.</p>`
    : html`<h3>Who gets in where</h3>
${flowPicture(streams, statistics, names)}
<h3>Failing verdicts by account and severity</h3>
${heatMap(rows, statistics, names)}
<p class="muted">${formatCount(fail)} failing verdicts in ${formatCount(statistics.byAccount.size)} accounts. The deeper the colour, the more.</p>`
}
</section>`;
}

/** Names of the own accounts that are shown. */
function namesOf(source: ReportSource, wanted: ReadonlySet<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { account, name } of source.accounts()) {
    if (name !== null && wanted.has(account)) names.set(account, name);
  }
  return names;
}
