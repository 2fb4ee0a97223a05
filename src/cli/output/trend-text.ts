import type { TrendPeriod, TrendPoint } from '../../model/trend.ts';
import { SEVERITIES, type Severity } from '../../model/verdict.ts';
import { counted } from '../../text/counted.ts';
import { wrapped } from '../../text/display-width.ts';
import type { Screen } from './screen.ts';
import { type Cell, table } from './table.ts';

interface Column {
  readonly title: string;
  readonly cell: (point: TrendPoint) => Cell;
  /** Left out where no point needs it, so that a line fits a terminal. */
  readonly isNeeded?: (point: TrendPoint) => boolean;
}

const isCarried = ({ carriedForward }: TrendPoint): boolean => carriedForward > 0;
const isOpen = ({ error }: TrendPoint): boolean => error > 0;
const isCut = ({ incompleteAccounts }: TrendPoint): boolean => incompleteAccounts > 0;

const TITLES: Readonly<Record<Severity, string>> = {
  critical: 'crit',
  high: 'high',
  medium: 'med',
  low: 'low',
};

const COLUMNS: readonly Column[] = [
  { title: 'at', cell: ({ at, toDate }) => `${at}${toDate ? '*' : ''}` },
  { title: 'acc', cell: ({ accounts }) => accounts },
  { title: 'carr', cell: ({ carriedForward }) => carriedForward, isNeeded: isCarried },
  { title: 'roles', cell: ({ roles }) => roles },
  { title: 'fail', cell: ({ fail }) => fail },
  { title: 'err', cell: ({ error }) => error, isNeeded: isOpen },
  { title: 'rate', cell: rateText },
  ...SEVERITIES.map((severity) => ({
    title: TITLES[severity],
    cell: ({ severities }: TrendPoint) => severities[severity],
  })),
  { title: 'new', cell: (point) => point.new },
  { title: 'gone', cell: ({ resolved }) => resolved },
];

/** What is not decided may fail or not, so there the rate lies between two. */
function rateText({ failRate, fail, error, roles }: TrendPoint): string {
  if (failRate === null) return '?';
  if (error === 0) return `${(failRate * 100).toFixed(1)}%`;
  return `${Math.floor(failRate * 100)}-${Math.ceil(((fail + error) / roles) * 100)}%`;
}

/** A trend for people at a terminal: a line for each point, and what its columns mean. */
export function trendText(
  rule: string,
  points: readonly TrendPoint[],
  by: TrendPeriod,
  { fitLine, paint, isTerminal, width }: Screen,
): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    return `${fitLine('the store holds no capture of an account, so there is no trend')}\n`;
  }
  const columns = COLUMNS.filter(({ isNeeded }) => isNeeded === undefined || points.some(isNeeded));
  const rows = points.map((point) => columns.map(({ cell }) => cell(point)));
  const header = columns.map(({ title }) => title);
  const legend = [
    'acc: accounts captured by then; crit, high, med, low: failing roles by severity',
    ...(points.some(isCarried)
      ? ['carr: carried forward, accounts without a capture in the period, which stand as last captured']
      : []),
    ...(points.some(isOpen)
      ? [
          'err: roles that could not be decided; they may fail or not, so the rate lies between two there, or is not known (?)',
        ]
      : []),
    ...cutLines(points.filter(isCut)),
    'new and gone: findings that came, or were resolved, since the point before in accounts that both cover',
    ...(last.toDate ? [`* ${by} to date: the newest capture is of ${last.captured}`] : []),
    ...(first === last ? [] : [likeForLike(first, last)]),
  ];
  return [
    `${paint('heading', rule)}\n\n`,
    table(header, rows, {
      ...(isTerminal && { width }),
      paintTitle: (title) => paint('heading', title),
    }),
    '\n',
    ...legend.map((line) => `${wrapped(line, width, 0)}\n`),
  ].join('');
}

/** Points of which lines are told. */
const LISTED = 5;

function cutLines(points: readonly TrendPoint[]): readonly string[] {
  const more = points.length - LISTED;
  return [
    ...points
      .slice(0, LISTED)
      .map(
        ({ at, incompleteAccounts }) =>
          `incomplete at ${at}: ${counted(incompleteAccounts, 'account')} may have more roles than are shown`,
      ),
    ...(more > 0 ? [`and so at ${counted(more, 'more point')}`] : []),
  ];
}

function likeForLike(
  { fail, error }: TrendPoint,
  { comparableAccounts, comparableFail, comparableError }: TrendPoint,
): string {
  return `like for like, in ${counted(comparableAccounts, 'account')} that the first point covers: ${failing(fail, error)} then, ${failing(comparableFail, comparableError)} at the last point`;
}

function failing(fail: number, error: number): string {
  return error === 0 ? `${fail} failed` : `${fail} failed and ${error} could not be decided`;
}
