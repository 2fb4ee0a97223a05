import type { TrendPoint } from '../../../model/trend.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { html, type Markup } from '../page/markup.ts';

const WIDTH = 880;
const LEFT = 52;
const RATE_TOP = 16;
const RATE_HEIGHT = 150;
const BARS_MIDDLE = 232;
const BARS_HEIGHT = 44;
const HEIGHT = 300;
/** More labels than this would run into each other. */
const LABELS = 8;

/** The rate as a line, and below it what came and what went as bars. The table beside it is its text form. */
export function trendChart(points: readonly TrendPoint[]): Markup {
  if (points.length === 0) return html`<p>The store holds no capture of an account.</p>`;
  const step = (WIDTH - LEFT - 20) / Math.max(1, points.length - 1);
  const x = (index: number): number => round(points.length === 1 ? WIDTH / 2 : LEFT + index * step);
  const most = Math.max(...points.map(({ failRate }) => failRate), 0.01);
  const y = (rate: number): number => round(RATE_TOP + RATE_HEIGHT * (1 - rate / most));
  const tallest = Math.max(...points.map((point) => Math.max(point.new, point.resolved)), 1);
  const tall = (count: number): number => round((BARS_HEIGHT * count) / tallest);
  const bar = round(Math.max(1, Math.min(18, step * 0.6)));
  const every = Math.ceil(points.length / LABELS);
  const first = points[0];
  const last = points.at(-1);
  const label = `From ${first?.at} to ${last?.at} the rate of failing roles went from ${percent(first)} to ${percent(last)}.`;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}">
<line class="axis" x1="${LEFT}" y1="${y(0)}" x2="${WIDTH}" y2="${y(0)}"/>
<text x="0" y="${RATE_TOP + 4}">${(most * 100).toFixed(1)}%</text><text x="0" y="${y(0)}">0%</text>
<polyline class="line" points="${points.map(({ failRate }, index) => `${x(index)},${y(failRate)}`).join(' ')}"/>
<line class="axis" x1="${LEFT}" y1="${BARS_MIDDLE}" x2="${WIDTH}" y2="${BARS_MIDDLE}"/>
<text x="0" y="${BARS_MIDDLE - 20}">new</text><text x="0" y="${BARS_MIDDLE + 28}">resolved</text>
${points.map(
  (
    point,
    index,
  ) => html`<g><title>${point.at}: ${formatCount(point.fail)} of ${formatCounted(point.roles, 'role')} ${point.fail === 1 ? 'fails' : 'fail'}, ${formatCount(point.new)} new, ${formatCount(point.resolved)} resolved, ${formatCount(point.carriedForward)} of ${formatCounted(point.accounts, 'account')} carried forward</title>
<circle class="${point.carriedForward > 0 ? 'hollow' : 'dot'}" cx="${x(index)}" cy="${y(point.failRate)}" r="4"/>
<rect class="new" x="${round(x(index) - bar / 2)}" y="${round(BARS_MIDDLE - tall(point.new))}" width="${bar}" height="${tall(point.new)}"/>
<rect class="resolved" x="${round(x(index) - bar / 2)}" y="${BARS_MIDDLE}" width="${bar}" height="${tall(point.resolved)}"/>
${index % every === 0 ? html`<text x="${Math.min(x(index) - 30, WIDTH - 66)}" y="${HEIGHT - 6}">${point.at}</text>` : null}</g>
`,
)}</svg>
`;
}

function percent(point: TrendPoint | undefined): string {
  return `${((point?.failRate ?? 0) * 100).toFixed(1)}%`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
