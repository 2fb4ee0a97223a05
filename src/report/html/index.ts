import type { Writable } from 'node:stream';
import type { ReportSource } from '../../store/types.ts';
import type { ReportOptions } from '../options.ts';
import { chooseBudgets, DEFAULT_LIMITS, type PageLimits } from '../selection.ts';
import { formatTime, OUTCOMES } from '../shared/labels.ts';
import { gatherStatistics } from '../statistics.ts';
import { writeAll } from '../stream.ts';
import { cspHash, loadAssets, type PageAssets } from './assets.ts';
import { gzipBase64 } from './compress.ts';
import { coverage } from './coverage.ts';
import { exposureSection } from './exposure.ts';
import { accountsListing, evidenceListing, findingsListing, rejectsListing } from './listings.ts';
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
  yield exposureSection(source, statistics).text;
  yield findingsListing(statistics, budgets).text;
  yield accountsListing(source, limits).text;
  yield evidenceListing(source, limits).text;
  yield rejectsListing(source, statistics, limits).text;
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
<li><a href="#summary">Summary</a></li><li><a href="#coverage">Coverage</a></li><li><a href="#exposure">Exposure</a></li><li><a href="#findings">Findings</a></li><li><a href="#accounts">Accounts</a></li><li><a href="#evidence">Evidence</a></li><li><a href="#rejects">Rejects</a></li><li><a href="#rules">Rules</a></li><li><a href="#method">Method</a></li>
</ul></nav></header>
<main>
<p id="page-status" class="notice warn" role="status" hidden></p>
`;
}
