import { csvFile } from '../csv/index.ts';
import { writeAll } from '../files/stream.ts';
import { byId, type HistoryFormat } from '../format.ts';
import { DIFF_COLUMNS, TREND_COLUMNS } from './columns.ts';
import { type DiffReport, renderDiffHtml } from './diff-html.ts';
import { renderDiffMarkdown } from './diff-markdown.ts';
import { renderDiffXlsx } from './diff-xlsx.ts';
import { renderDiffJson, trendJson } from './json.ts';
import { renderTrendHtml, type TrendReport } from './trend-html.ts';

/** What `diff` writes beside its text, by what `--format` calls it. */
export const DIFF_FORMATS = byId([
  {
    id: 'json',
    description: 'a comparison in JSON',
    extension: 'json',
    options: [],
    saysMissing: false,
    render: ({ diff, missing }, out) => renderDiffJson(diff, missing, out),
  },
  {
    id: 'csv',
    description: 'a table of changes',
    extension: 'csv',
    options: ['csv'],
    saysMissing: false,
    render: ({ diff }, out, { csv }) => writeAll(out, csvFile(DIFF_COLUMNS, diff.changes, csv)),
  },
  {
    id: 'html',
    description: 'a page of changes',
    extension: 'html',
    options: [],
    saysMissing: true,
    render: renderDiffHtml,
  },
  {
    id: 'md',
    description: 'the changes in Markdown, for a ticket',
    extension: 'md',
    options: [],
    saysMissing: true,
    render: renderDiffMarkdown,
  },
  {
    id: 'xlsx',
    description: 'a workbook of changes',
    extension: 'xlsx',
    options: [],
    saysMissing: true,
    render: renderDiffXlsx,
  },
] as const satisfies readonly HistoryFormat<DiffReport>[]);

/** What `trend` writes beside its text, by what `--format` calls it. */
export const TREND_FORMATS = byId([
  {
    id: 'json',
    description: 'a trend in JSON',
    extension: 'json',
    options: [],
    saysMissing: false,
    render: ({ points, evidence, missing }, out) => writeAll(out, [trendJson(points, evidence, missing)]),
  },
  {
    id: 'csv',
    description: 'a table of the periods',
    extension: 'csv',
    options: ['csv'],
    saysMissing: false,
    render: ({ points }, out, { csv }) => writeAll(out, csvFile(TREND_COLUMNS, points, csv)),
  },
  {
    id: 'html',
    description: 'a page with a chart',
    extension: 'html',
    options: [],
    saysMissing: true,
    render: renderTrendHtml,
  },
] as const satisfies readonly HistoryFormat<TrendReport>[]);
