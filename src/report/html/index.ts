import type { Writable } from 'node:stream';
import type { ReportSource } from '../../store/types.ts';
import type { ReportOptions } from '../options.ts';
import { chooseBudgets, DEFAULT_LIMITS, type PageLimits } from '../selection.ts';
import { formatTime, OUTCOMES } from '../shared/labels.ts';
import { gatherStatistics } from '../statistics.ts';
import { writeAll } from '../stream.ts';
import { accessSection } from './access.ts';
import { accountsSection } from './accounts.ts';
import { cspHash, loadAssets, type PageAssets } from './assets.ts';
import { gzipBase64 } from './compress.ts';
import { coverage } from './coverage.ts';
import { evidenceSection } from './evidence.ts';
import { findingsSection } from './findings.ts';
import { html, Markup } from './markup.ts';
import { methodSection } from './method.ts';
import { payloadLines } from './payload.ts';
import { rulesSection } from './rules.ts';
import { summary } from './summary.ts';

/** What the HTML report takes beyond the options of every report. */
export interface HtmlOptions extends ReportOptions {
  readonly limits?: PageLimits;
}

/**
 * One self-contained page that opens from disk and asks the network for nothing. The source is read twice:
 * once for the summary, once for the rows, so that memory stays flat. `outcomes` narrows the rows, never the
 * counts.
 */
export async function renderHtml(source: ReportSource, out: Writable, options: HtmlOptions): Promise<void> {
  await writeAll(out, page(source, options, loadAssets()));
}

async function* page(source: ReportSource, options: HtmlOptions, assets: PageAssets): AsyncGenerator<string> {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const statistics = gatherStatistics(source);
  const budgets = chooseBudgets(statistics.classes, limits, options.outcomes ?? OUTCOMES);
  const findings = statistics.outcomes.fail + statistics.outcomes.error;
  yield head(source, assets).text;
  yield summary(source, statistics, options).text;
  yield coverage(source, statistics).text;
  yield accountsSection(source, statistics, limits).text;
  yield accessSection(source, statistics, limits).text;
  yield findingsSection(statistics, budgets).text;
  yield evidenceSection(source, statistics, limits).text;
  yield rulesSection(options.rules).text;
  yield methodSection(source).text;
  yield html`</main>
<dialog id="detail" aria-labelledby="detail-title"></dialog>
<noscript><p class="notice warn">Scripts are off, so the tables show their first rows only (${Math.min(statistics.worst.length, findings)} of ${findings} findings).</p></noscript>
<script type="application/octet-stream" id="report-data">
`.text;
  yield* gzipBase64(payloadLines(source, statistics, options, limits, budgets));
  yield `</script>\n<script>${assets.script}</script>\n</body>\n</html>\n`;
}

const NAVIGATION: readonly (readonly [id: string, title: string])[] = [
  ['summary', 'Summary'],
  ['coverage', 'Coverage'],
  ['accounts', 'Accounts'],
  ['access', 'Who gets in'],
  ['findings', 'Findings'],
  ['evidence', 'Evidence'],
  ['rules', 'Rules'],
  ['method', 'Method'],
];

function head(source: ReportSource, assets: PageAssets): Markup {
  const policy = [
    "default-src 'none'",
    `script-src ${cspHash(assets.script)}`,
    `style-src ${cspHash(assets.style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // The quotes of a policy are single; in a double-quoted attribute nothing else needs escaping.
  const meta = new Markup(`<meta http-equiv="Content-Security-Policy" content="${policy}">`);
  return html`<!doctype html>
<html lang="en">
<head>
${meta}
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="trustsieve ${source.toolVersion}">
<title>Cross-account trust report, ${formatTime(source.asOf)}</title>
<link rel="icon" href="data:,">
<style>${new Markup(assets.style)}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header class="top"><div><h1>Cross-account trust</h1><p class="muted">As of ${formatTime(source.asOf)} · trustsieve ${source.toolVersion}</p></div>
<nav aria-label="Sections"><ul>
${NAVIGATION.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
</ul></nav></header>
<main>
<p id="page-status" class="notice warn" role="status" hidden></p>
`;
}
