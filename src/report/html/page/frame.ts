import type { ReportSource } from '../../../model/report-source.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { shownTime } from '../../shared/labels.ts';
import { interruptedText } from '../../shared/missing.ts';
import { cspHash, type PageAssets } from './assets.ts';
import { html, Markup } from './markup.ts';
import { THEME_SCRIPT, THEME_START, THEME_SWITCH } from './theme.ts';

export interface Frame {
  /** What the page is of, for the title and the bar at its top. */
  readonly title: string;
  readonly navigation: readonly (readonly [href: string, label: string])[];
}

/**
 * The head of a page that opens from disk and asks the network for nothing. The policy comes first, so that it rules
 * over all that follows. `more`: directives for what only this page does.
 */
export function documentHead(
  assets: PageAssets,
  title: string,
  toolVersion: string,
  more: readonly string[] = [],
): Markup {
  const policy = [
    "default-src 'none'",
    `script-src ${cspHash(THEME_SCRIPT)} ${cspHash(assets.script)}`,
    `style-src ${cspHash(assets.style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    ...more,
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
<meta name="generator" content="trustsieve ${toolVersion}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(assets.style)}</style>
${THEME_START}
</head>
`;
}

/** Everything before the sections. */
export function head(source: ReportSource, assets: PageAssets, { title, navigation }: Frame): Markup {
  return html`${documentHead(assets, `${title}, ${shownTime(source.asOf)}`, source.toolVersion)}<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header class="top"><div><h1>${title}</h1><p class="muted">As of ${shownTime(source.asOf)} · trustsieve ${source.toolVersion}</p></div>
<nav aria-label="Sections"><ul>
${navigation.map(([href, label]) => html`<li><a href="${href}">${label}</a></li>`)}
</ul></nav>${THEME_SWITCH}</header>
<main>
<p id="page-status" class="notice warn" role="status" hidden></p>
${interruptions(source)}`;
}

/** Above everything else on every page: the numbers below may be those of half the evidence. */
function interruptions({ interrupted }: ReportSource): Markup | null {
  if (interrupted.length === 0) return null;
  const runs = interrupted.map((run) => html`<li>${interruptedText(run)}</li>`);
  return html`<div class="notice warn" id="interrupted"><p><strong>Incomplete: a scan was interrupted.</strong> Absence from this report proves nothing.</p><ul>${runs}</ul></div>\n`;
}

/** What follows the sections, up to where the data begins. `shown` of `total` findings stand in the page as rows. */
export function foot(shown: number, total: number): Markup {
  return html`</main>
<dialog id="detail" aria-labelledby="detail-title"></dialog>
<noscript><p class="notice warn">Scripts are off, so the tables show their first rows only (${formatCount(shown)} of ${formatCounted(total, 'finding')}).</p></noscript>
<script type="application/octet-stream" id="report-data">
`;
}

/** What follows the data. */
export function end(assets: PageAssets): string {
  return `</script>\n<script>${assets.script}</script>\n</body>\n</html>\n`;
}
