import type { Completeness } from '../../model/completeness.ts';
import type { HistoryOptions } from '../format.ts';
import { cspHash } from '../html/page/assets.ts';
import { subtitle } from '../html/page/frame.ts';
import { html, Markup } from '../html/page/markup.ts';
import { printFrameStyle } from '../html/page/print-frame.ts';
import { headingTitle } from '../shared/heading.ts';
import { standingWords } from '../shared/missing.ts';

/** Pages without a script: nothing in them can run, whatever the evidence says. */
const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --muted: #57606a; --line: #d0d7de; --bad: #b3261e; --good: #1a7f37; --bar: #7d8590; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --muted: #9198a1; --line: #3d444d; --bad: #ff8f87; --good: #56d364; --bar: #9198a1; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.missing { border-left: 4px solid var(--bad); padding-left: .8rem; overflow-wrap: anywhere; }
.muted { color: var(--muted); }
.wrap { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; } td.short { white-space: nowrap; overflow-wrap: normal; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--muted); font: 11px system-ui, sans-serif; }
.line { fill: none; stroke: var(--bad); stroke-width: 2; } .dot { fill: var(--bad); } .hollow { fill: var(--paper); stroke: var(--bad); stroke-width: 2; }
.new { fill: var(--bad); } .resolved { fill: var(--good); } .axis { stroke: var(--line); }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --muted: #444; --line: #bbb; --bad: #b3261e; --good: #1a7f37; --bar: #7d8590; } body { margin: 0; max-width: none; font-size: 10.5pt; } h1, h2 { break-after: avoid; } svg { print-color-adjust: exact; } thead { display: table-header-group; } tr { break-inside: avoid; } }
`;

/** The head of a page, up to its sections; `moment`: as of when it speaks, where its title does not say so. */
export function pageHead(
  what: string,
  moment: string | null,
  { heading, evidenceDigest }: HistoryOptions,
): string {
  const title = headingTitle(what, heading);
  const print = printFrameStyle(title, heading, moment, evidenceDigest);
  const policy = `default-src 'none'; style-src ${cspHash(STYLE)} ${cspHash(print)}; img-src data:; base-uri 'none'; form-action 'none'`;
  // The quotes of the policy are single, and it holds no text from elsewhere.
  const meta = new Markup(`<meta http-equiv="Content-Security-Policy" content="${policy}">`);
  return html`<!doctype html>
<html lang="en">
<head>
${meta}
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
<style>${new Markup(print)}</style>
</head>
<body>
<main>
<h1>${heading.title ?? what}</h1>
${subtitle(what, heading)}
`.text;
}

export const PAGE_END = '</main>\n</body>\n</html>\n';

/** Says what the store behind the page lacks, before all that is counted; nothing where nothing is missing. */
export function standing(missing: Completeness): string {
  const words = standingWords(missing);
  if (words === null) return '';
  return html`<p class="missing"><strong>${words}.</strong> Absence proves nothing where the evidence has gaps.</p>
`.text;
}

export interface Heading {
  readonly title: string;
  /** Numbers stand to the right; short texts are not broken. */
  readonly kind?: 'number' | 'short';
}

export function tableStart(caption: string, headings: readonly Heading[]): string {
  return html`<div class="wrap" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${headings.map(
    ({ title, kind }) => html`<th scope="col" class="${kind ?? ''}">${title}</th>`,
  )}</tr></thead><tbody>
`.text;
}

export function tableRow(headings: readonly Heading[], cells: readonly (string | number)[]): string {
  return html`<tr>${cells.map((cell, index) => html`<td class="${headings[index]?.kind ?? ''}">${cell}</td>`)}</tr>
`.text;
}

export const TABLE_END = '</tbody></table></div>\n';
