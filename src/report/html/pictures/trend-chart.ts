import type { TrendPeriod, TrendPoint } from '../../../model/trend.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { SEVERITIES, SEVERITY_LABEL } from '../../shared/labels.ts';
import { html, type Markup } from '../page/markup.ts';
import { areNeighbours, countTicks, dayNumber, periodLabel, spacedOut } from './time-axis.ts';
import { rateWords } from './trend-table.ts';

/** Heights are pixels and widths shares of what there is, so that text is as large on a phone as on a screen. */
const COUNTS = { top: 30, bottom: 190 };
const RATE = { top: 232, bottom: 272 };
const EVENTS = { middle: 338, height: 26 };
const COVERED = 404;
const HEIGHT = 442;

/** Points of time lie between these, in per cent. */
const [LEFT, RIGHT] = [4, 96];
/** A label takes so much of the width, in per cent. */
const LABEL_ROOM = 11;
/** Less than this, in per cent, is too narrow for words on a telephone. */
const GAP_ROOM = 35;
/** With more points than this, numbers on top of the bars would run into each other. */
const NUMBERED = 14;
/** Widths of bars, in pixels where there is room for 800 of them. */
const WIDTHS = [28, 18, 10, 6, 3] as const;

interface Place {
  readonly point: TrendPoint;
  /** Per cent. */
  readonly x: number;
}

/**
 * Failing roles by severity as bars at their time, and below them the share of all roles, what came and what went, and
 * whether every account was captured. Distances are those of time. A table beside it is its text form.
 */
export function trendChart(points: readonly TrendPoint[], by: TrendPeriod): Markup {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    return html`<p class="muted empty">The store holds no capture of an account.</p>`;
  }
  const x = timeScale(dayOf(first), dayOf(last));
  const places = points.map((point) => ({ point, x: x(dayOf(point)) }));
  const like = points.some(({ accounts, comparableAccounts }) => accounts !== comparableAccounts);
  const label =
    first === last
      ? `On ${last.at} failing roles were ${share(last)}.`
      : `From ${first.at} to ${last.at} failing roles went from ${share(first)} to ${share(last)}.`;
  return html`<figure class="trend-figure">${legend(points, like)}
<svg class="bars-${barWidth(places)}" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
${axis(places, by)}
${counts(places, like, by)}
${rates(places, by)}
${events(places)}
${covered(places, by)}
</svg></figure>
`;
}

function dayOf({ at, toDate, captured }: TrendPoint): number {
  return dayNumber(toDate ? captured : at);
}

function timeScale(from: number, to: number): (day: number) => number {
  if (from === to) return () => 50;
  return (day) => round(LEFT + ((RIGHT - LEFT) * (day - from)) / (to - from));
}

function barWidth(places: readonly Place[]): number {
  const gaps = places.slice(1).map(({ x }, index) => x - (places[index]?.x ?? 0));
  const room = Math.min(...gaps, 100) * 8 * 0.6;
  return WIDTHS.find((width) => width <= room) ?? 3;
}

/** Names the bars themselves, and where there are many as many of them as have room, the last one always. */
function axis(places: readonly Place[], by: TrendPeriod): Markup {
  const years = new Set(places.map(({ point }) => point.at.slice(0, 4)));
  const named = spacedOut(
    places.map(({ x }) => x),
    LABEL_ROOM,
  ).flatMap((index) => places[index] ?? []);
  return html`<g class="time">${named.map(
    ({ point, x }, index) =>
      html`<g${(named.length - index) % 2 === 0 ? html` class="odd"` : null}><line class="grid" x1="${x}%" x2="${x}%" y1="${COUNTS.top}" y2="${COVERED + 10}"/><text x="${x}%" y="${HEIGHT - 8}" text-anchor="middle">${periodLabel(point.at, by, years.size > 1)}</text></g>`,
  )}</g>`;
}

function counts(places: readonly Place[], like: boolean, by: TrendPeriod): Markup {
  const ticks = countTicks(Math.max(...places.map(({ point }) => point.fail + point.error)));
  const most = ticks.at(-1) ?? 1;
  const y = (count: number): number => scaled(COUNTS, count / most);
  const isNumbered = places.length <= NUMBERED;
  return html`<text class="panel" x="0" y="14">Failing roles by severity</text>
${ticks.map((tick) => rule(y(tick), formatCount(tick)))}
${places.map(({ point, x }) => {
  const top = y(point.fail + point.error);
  return html`<g${point.toDate ? html` class="to-date"` : null}><title>${words(point)}</title>${stack(point, x, y)}${isNumbered ? html`<text class="total" x="${x}%" y="${top - 5}" text-anchor="middle">${total(point)}</text>` : null}${point.toDate ? html`<text class="note" x="${x}%" y="${top - (isNumbered ? 19 : 5)}" text-anchor="end" dx="14">${by} to date</text>` : null}</g>\n`;
})}${like ? line(places, by, 'like', ({ comparableFail }) => y(comparableFail)) : null}`;
}

/** Those that fail, and those that may. */
function total({ fail, error }: TrendPoint): string {
  return error === 0 ? formatCount(fail) : `${formatCount(fail)} + ${formatCount(error)}?`;
}

/** The worst stands on the axis, where heights compare best; what could not be decided on top of all. */
function stack(
  { severities, error }: TrendPoint,
  x: number,
  y: (count: number) => number,
): readonly Markup[] {
  let below = 0;
  const parts = [
    ...SEVERITIES.map((severity) => [severity, severities[severity]] as const),
    ['open', error] as const,
  ];
  return parts.flatMap(([name, count]) => {
    if (count === 0) return [];
    const from = y(below);
    below += count;
    // What is there must be seen, however few.
    return [upright(`bar-${name}`, x, from, Math.min(y(below), from - 1.5))];
  });
}

function rates(places: readonly Place[], by: TrendPeriod): Markup {
  const most = Math.max(...places.map(({ point }) => highest(point)), 0.01);
  const at = (share: number): number => scaled(RATE, share / most);
  const known = ({ failRate, error }: TrendPoint): number | null =>
    failRate === null || error > 0 ? null : at(failRate);
  return html`<text class="panel" x="0" y="${RATE.top - 14}">Share of all roles</text>
${rule(RATE.bottom, '0%')}${rule(RATE.top, `${(most * 100).toFixed(most < 0.1 ? 1 : 0)}%`)}
${line(places, by, 'rate', known)}${places.map(({ point, x }) => {
  const y = known(point);
  return y === null
    ? html`<line class="between" x1="${x}%" x2="${x}%" y1="${at(point.failRate ?? 0)}" y2="${at(highest(point))}"/>`
    : html`<circle class="dot" cx="${x}%" cy="${y}" r="3"/>`;
})}`;
}

/** The share of failing roles if all that is not decided failed. */
function highest({ roles, fail, error }: TrendPoint): number {
  return roles === 0 ? 0 : (fail + error) / roles;
}

function events(places: readonly Place[]): Markup {
  const most = Math.max(...places.map(({ point }) => Math.max(point.new, point.resolved)), 1);
  const tall = (count: number): number => round((EVENTS.height * count) / most);
  const { middle, height } = EVENTS;
  return html`<text class="panel" x="0" y="${middle - height - 14}">New (up) and resolved (down)</text>
${rule(middle, '0')}
<text class="tick" x="-8" y="${middle - height + 4}" text-anchor="end">${formatCount(most)}</text>
${places.map(
  ({ point, x }) =>
    html`${point.new > 0 ? upright('came', x, middle, middle - Math.max(1.5, tall(point.new))) : null}${point.resolved > 0 ? upright('went', x, middle, middle + Math.max(1.5, tall(point.resolved))) : null}`,
)}`;
}

function covered(places: readonly Place[], by: TrendPeriod): Markup {
  return html`<text class="panel" x="0" y="${COVERED - 18}">Accounts covered</text>${places.map(
    ({ point, x }) =>
      isDoubtful(point)
        ? html`<text class="doubt" x="${x}%" y="${COVERED + 5}" text-anchor="middle">?</text>`
        : html`<circle class="${point.carriedForward > 0 ? 'hollow' : 'whole'}" cx="${x}%" cy="${COVERED}" r="4"/>`,
  )}${steps(places)
    .filter(([before, after]) => !areNeighbours(before.point.at, after.point.at, by))
    .map(
      ([before, after]) =>
        html`<text class="gap${after.x - before.x < GAP_ROOM ? ' narrow' : ''}" x="${round((before.x + after.x) / 2)}%" y="${COVERED + 4}" text-anchor="middle">no evidence</text>`,
    )}`;
}

/** Each place with the one after it. */
function steps(places: readonly Place[]): readonly (readonly [before: Place, after: Place])[] {
  return places.slice(1).map((after, index) => [places[index] ?? after, after]);
}

function isDoubtful({ error, incompleteAccounts }: TrendPoint): boolean {
  return error > 0 || incompleteAccounts > 0;
}

/** A line of the grid with its number. */
function rule(y: number, label: string): Markup {
  return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="tick" x="-8" y="${y + 4}" text-anchor="end">${label}</text>`;
}

/** Its width is that of its class, because the room there is is not known. */
function upright(name: string, x: number, from: number, to: number): Markup {
  return html`<line class="bar ${name}" x1="${x}%" x2="${x}%" y1="${from}" y2="${to}"/>`;
}

/** Not where nothing is known, nor across a period of which there is no evidence. */
function line(
  places: readonly Place[],
  by: TrendPeriod,
  name: string,
  y: (point: TrendPoint) => number | null,
): Markup {
  return html`${steps(places).map(([before, after]) => {
    const [from, to] = [y(before.point), y(after.point)];
    return from === null || to === null || !areNeighbours(before.point.at, after.point.at, by)
      ? null
      : html`<line class="${name}" x1="${before.x}%" y1="${from}" x2="${after.x}%" y2="${to}"/>`;
  })}`;
}

function legend(points: readonly TrendPoint[], like: boolean): Markup {
  const severities = SEVERITIES.map(
    (severity) => html`<li><span class="swatch swatch-${severity}"></span>${SEVERITY_LABEL[severity]}</li>`,
  );
  return html`<figcaption><ul class="legend-line">${severities}${points.some(({ error }) => error > 0) ? html`<li><span class="swatch swatch-open"></span>not decided: may fail</li>` : null}${like ? html`<li><span class="swatch swatch-like"></span>like for like: accounts that the first point covers</li>` : null}<li><span class="swatch swatch-whole"></span>every account captured</li><li><span class="swatch swatch-hollow"></span>some carried forward</li>${points.some(isDoubtful) ? html`<li><span class="swatch-doubt">?</span>not all is known</li>` : null}</ul></figcaption>`;
}

function words(point: TrendPoint): string {
  const { fail, roles, error, accounts, carriedForward, incompleteAccounts } = point;
  const { comparableFail, comparableAccounts } = point;
  const graded = SEVERITIES.filter((severity) => point.severities[severity] > 0)
    .map((severity) => `${formatCount(point.severities[severity])} ${SEVERITY_LABEL[severity].toLowerCase()}`)
    .join(', ');
  return [
    `${point.at}${whenCaptured(point)}: ${formatCount(fail)} of ${formatCounted(roles, 'role')} ${fail === 1 ? 'fails' : 'fail'}${graded === '' ? '' : ` (${graded})`}`,
    ...(error === 0 ? [] : [`${formatCounted(error, 'role')} not decided`]),
    `${formatCount(point.new)} new, ${formatCount(point.resolved)} resolved`,
    `${formatCount(carriedForward)} of ${formatCounted(accounts, 'account')} carried forward`,
    ...(incompleteAccounts === 0
      ? []
      : [`of ${formatCounted(incompleteAccounts, 'account')} the evidence may not show all roles`]),
    ...(comparableAccounts === accounts
      ? []
      : [
          `${formatCount(comparableFail)} failing in the ${formatCounted(comparableAccounts, 'account')} that the first point covers`,
        ]),
  ].join('; ');
}

function whenCaptured({ at, captured, toDate }: TrendPoint): string {
  if (at === captured) return '';
  return ` (${toDate ? 'to date: ' : ''}captures up to ${captured})`;
}

function share(point: TrendPoint): string {
  const { fail, roles, error } = point;
  const open = error === 0 ? '' : `, ${formatCount(error)} not decided`;
  return `${formatCount(fail)} of ${formatCount(roles)}${open} (${rateWords(point)})`;
}

function scaled({ top, bottom }: { readonly top: number; readonly bottom: number }, part: number): number {
  return round(bottom - (bottom - top) * part);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
