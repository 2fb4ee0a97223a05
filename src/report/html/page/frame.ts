import type { ReportSource } from '../../../model/report-source.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { headingFacts, headingTitle } from '../../shared/heading.ts';
import { shownTime } from '../../shared/labels.ts';
import { interruptedText, missingPartsSentence } from '../../shared/missing.ts';
import type { ReportHeading } from '../../shared/options.ts';
import { cspHash, type PageAssets } from './assets.ts';
import { html, Markup } from './markup.ts';
import { printFrameStyle } from './print-frame.ts';
import { THEME_SWITCH } from './theme.ts';

export interface Frame {
  /** What the page is of, for the title and the bar at its top. */
  readonly title: string;
  readonly heading?: ReportHeading;
  /** See `evidenceDigest`. */
  readonly digest: string;
  readonly navigation: readonly (readonly [href: string, label: string])[];
}

/**
 * The head of a page that opens from disk and asks the network for nothing. The policy comes first, so that it rules
 * over all that follows. `more`: directives for what only this page does. `print`: a style for its printed sheets alone.
 */
export function documentHead(
  assets: PageAssets,
  title: string,
  toolVersion: string,
  more: readonly string[] = [],
  print = '',
): Markup {
  const policy = [
    "default-src 'none'",
    `script-src ${[assets.theme, assets.script]
      .filter((script) => script !== '')
      .map(cspHash)
      .join(' ')}`,
    `style-src ${cspHash(assets.style)}${print === '' ? '' : ` ${cspHash(print)}`}`,
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
${scriptElement(assets.theme)}
${
  print === ''
    ? null
    : html`<style>${new Markup(print)}</style>
`
}</head>
`;
}

/** The bundler refuses to leave the end of a script within a template that is tagged. */
function scriptElement(script: string): Markup {
  return new Markup(`<script>${script}</script>`);
}

/** Everything before the sections. */
export function head(
  source: ReportSource,
  assets: PageAssets,
  { title, heading = {}, digest, navigation }: Frame,
): Markup {
  const { asOf, toolVersion } = source;
  const whole = headingTitle(title, heading);
  const moment = `As of ${shownTime(asOf)}`;
  const print = printFrameStyle(whole, heading, moment, digest);
  return html`${documentHead(assets, `${whole}, ${shownTime(asOf)}`, toolVersion, [], print)}<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header class="top"><div><h1>${heading.title ?? title}</h1>${subtitle(title, heading)}<p class="muted">${moment} · trustsieve ${toolVersion}</p></div>
<nav aria-label="Sections"><ul>
${navigation.map(([href, label]) => html`<li><a href="${href}">${label}</a></li>`)}
</ul></nav>${THEME_SWITCH}</header>
<main>
<p id="page-status" class="notice warn" role="status" hidden></p>
${interruptions(source)}${absentParts(source)}`;
}

/** What a page is of that was given another title, whom it is for, and who prepared it; nothing where there is none of it. */
export function subtitle(what: string, heading: ReportHeading): Markup | null {
  const parts = [
    ...(heading.title === undefined ? [] : [html`${what}`]),
    ...headingFacts(heading).map(([term, name]) => html`${term} <bdi>${name}</bdi>`),
  ];
  if (parts.length === 0) return null;
  return html`<p class="handover">${parts.map((part, index) => html`${index === 0 ? '' : ' · '}${part}`)}</p>`;
}

/** Above everything else on every page: the numbers below may be those of half the evidence. */
function interruptions({ interrupted }: ReportSource): Markup | null {
  if (interrupted.length === 0) return null;
  const runs = interrupted.map((run) => html`<li>${interruptedText(run)}</li>`);
  return html`<div class="notice warn" id="interrupted"><p><strong>Incomplete: a scan was interrupted.</strong> Absence from this report proves nothing.</p><ul>${runs}</ul></div>\n`;
}

function absentParts({ missingParts }: ReportSource): Markup | null {
  if (missingParts.length === 0) return null;
  const lists = missingParts.map((one) => html`<li>${missingPartsSentence(one)}</li>`);
  return html`<div class="notice warn" id="missing-parts"><p><strong>Incomplete: parts of a scan are missing.</strong> Absence from this report proves nothing.</p><ul>${lists}</ul></div>\n`;
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
