import type { TrendPoint } from '../../../model/trend.ts';
import { formatCount } from '../../../text/counted.ts';
import { SEVERITIES, SEVERITY_LABEL } from '../../shared/labels.ts';
import { html, type Markup } from '../page/markup.ts';

interface TrendColumn {
  readonly title: string;
  readonly cell: (point: TrendPoint) => string | Markup;
}

const BEFORE: readonly TrendColumn[] = [
  { title: 'Accounts', cell: ({ accounts }) => formatCount(accounts) },
  { title: 'Carried forward', cell: ({ carriedForward, accounts }) => partOf(carriedForward, accounts) },
];

/** Only where there is something to tell. */
const INCOMPLETE: TrendColumn = {
  title: 'Incomplete',
  cell: ({ incompleteAccounts, accounts }) => partOf(incompleteAccounts, accounts),
};
const NOT_DECIDED: TrendColumn = {
  title: 'Not decided',
  cell: ({ error }) => (error === 0 ? '0' : html`<strong>${formatCount(error)}</strong>`),
};

const COUNTS: readonly TrendColumn[] = [
  { title: 'Roles', cell: ({ roles }) => formatCount(roles) },
  { title: 'Failing', cell: ({ fail }) => formatCount(fail) },
];

const AFTER: readonly TrendColumn[] = [
  { title: 'Rate', cell: rateWords },
  ...SEVERITIES.map((severity) => ({
    title: SEVERITY_LABEL[severity],
    cell: ({ severities }: TrendPoint) => formatCount(severities[severity]),
  })),
  { title: 'New', cell: (point) => formatCount(point.new) },
  { title: 'Resolved', cell: ({ resolved }) => formatCount(resolved) },
  {
    title: 'Like for like',
    cell: ({ comparableFail, comparableError, comparableAccounts }) =>
      `${formatCount(comparableFail)}${comparableError === 0 ? '' : ` and ${formatCount(comparableError)} not decided`} in ${formatCount(comparableAccounts)}`,
  },
];

function partOf(count: number, all: number): string | Markup {
  return count === 0 ? '0' : html`<strong>${formatCount(count)}</strong> of ${formatCount(all)}`;
}

/** The share of failing roles; what is not decided may fail or not, so there it lies between two. */
export function rateWords({ roles, fail, failRate, error }: TrendPoint): string {
  if (failRate === null) return 'not known';
  const least = percent(failRate);
  return error === 0 ? least : `${least} to ${percent((fail + error) / roles)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** The trend as text, the latest point first. */
export function trendTable(points: readonly TrendPoint[]): Markup {
  const columns = [
    ...BEFORE,
    ...(points.some(({ incompleteAccounts }) => incompleteAccounts > 0) ? [INCOMPLETE] : []),
    ...COUNTS,
    ...(points.some(({ error }) => error > 0) ? [NOT_DECIDED] : []),
    ...AFTER,
  ];
  const rows = points
    .toReversed()
    .map(
      (point) =>
        html`<tr><th scope="row">${point.at}${whenCaptured(point)}</th>${columns.map(({ title, cell }) => html`<td class="number" data-label="${title}">${cell(point)}</td>`)}</tr>\n`,
    );
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="Trend as a table"><table class="plain stacking trend-table"><thead><tr><th scope="col">Until</th>${columns.map(
    ({ title }) => html`<th scope="col" class="number">${title}</th>`,
  )}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function whenCaptured({ at, captured, toDate }: TrendPoint): Markup | null {
  if (at === captured) return null;
  return html`<span class="second">${toDate ? 'to date' : 'captured'}: ${captured}</span>`;
}

/** What the picture and its table mean, for those who read them for the first time. */
export const TREND_MEANING =
  'The bars are failing roles at the end of each period, by severity as accounts are known now; distances are those of time. “To date” is a period that was not over at the newest capture. A hollow point has accounts without a capture in the period, which stand as last captured (carried forward). Striped is what could not be decided: such roles may fail or not, so the share of all roles lies between two lines there. A question mark is a point of which not all is known: roles could not be decided, or the evidence may not show all of them. New and resolved count findings since the point before, only in accounts that both points cover. Like for like counts failing roles of the accounts that the first point covers, so that accounts which came later do not look like a worsening. Lines break where nothing is known and where a period has no evidence.';
