import type { Writable } from 'node:stream';
import type { ToldDiff } from '../../history/report/sides.ts';
import type { Completeness } from '../../model/completeness.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { writeAll } from '../files/stream.ts';
import type { HistoryOptions } from '../format.ts';
import { html, type Markup } from '../html/page/markup.ts';
import { SEVERITIES, SEVERITY_LABEL } from '../shared/labels.ts';
import { changeEntry } from './change-entry.ts';
import { coverageSection } from './diff-coverage.ts';
import { headlineOf } from './headline.ts';
import { PAGE_END, pageHead, standing } from './page.ts';
import { PolicyDiffs } from './policy-diff.ts';
import { type RankedSection, rankChanges, SECTION_TITLE, type Section } from './ranked-changes.ts';
import { paragraphOf, titleOf, wholeWhere } from './words.ts';

/** A page stays quick with this many changes of each kind; it says when there are more. */
const LISTED = 500;

/** What `diff` found, and what was missing for it. */
export interface DiffReport {
  readonly diff: ToldDiff;
  /** On either side. */
  readonly missing: Completeness;
  /** Of the program that last scanned into the store; '' in a store without any run. */
  readonly toolVersion: string;
}

/** A comparison as one page without a script; `missing` is what the sides lack. */
export async function renderDiffHtml(
  report: DiffReport,
  out: Writable,
  options: HistoryOptions,
): Promise<void> {
  await writeAll(out, page(report, options));
}

function* page({ diff, missing, toolVersion }: DiffReport, options: HistoryOptions): Generator<string> {
  const { sections, several } = rankChanges(diff, LISTED);
  const policies = new PolicyDiffs(diff);
  const subtitle = toolVersion === '' ? 'trustsieve' : `trustsieve ${toolVersion}`;
  const found: readonly (readonly [string, string])[] = sections.map(({ section }) => [
    `#${section}`,
    SECTION_TITLE[section],
  ]);
  yield pageHead(options, {
    title: titleOf(diff),
    subtitle,
    toolVersion,
    navigation: [['#summary', 'Summary'], ...found, ['#coverage', 'Coverage']],
  });
  yield summary(diff, missing).text;
  for (const section of sections) {
    yield sectionHead(section).text;
    for (const one of section.listed) yield changeEntry(one, several, policies).text;
    yield sectionEnd(section).text;
  }
  if (sections.length === 0) yield NOTHING.text;
  yield html`${policies.note()}`.text;
  yield coverageSection(diff).text;
  yield PAGE_END;
}

function summary(diff: ToldDiff, missing: Completeness): Markup {
  const { count, rest } = headlineOf(diff);
  return html`<section id="summary" aria-labelledby="summary-title">
<h2 id="summary-title" class="headline"><strong>${count}</strong>${rest}</h2>
${standing(missing, wholeWhere(diff))}
<div class="words">${paragraphOf(diff).map((sentence) => html`<p>${sentence}</p>`)}</div>
<ul class="change-tiles">${TILES.map((tile) => html`<li>${tileOf(diff, tile)}</li>`)}${undecidedTile(diff)}</ul>
</section>
`;
}

interface Tile {
  readonly count: keyof ToldDiff['summary'];
  readonly group: keyof ToldDiff['groups'] | null;
  readonly title: string;
  readonly meaning: string;
}

const TILES: readonly Tile[] = [
  { count: 'new', group: 'new', title: 'New', meaning: 'was not there before' },
  {
    count: 'reopened',
    group: 'reopened',
    title: 'Reopened',
    meaning: 'had been resolved, and is there again',
  },
  {
    count: 'changed',
    group: 'changed',
    title: 'Changed',
    meaning: 'others get in, or it weighs differently',
  },
  { count: 'resolved', group: 'resolved', title: 'Resolved', meaning: 'was there and is not' },
  { count: 'unchanged', group: null, title: 'Unchanged', meaning: 'the same on both sides' },
  {
    count: 'notComparable',
    group: 'not-comparable',
    title: 'Not comparable',
    meaning: 'of one side nothing can be said',
  },
];

function tileOf({ summary: counts, groups }: ToldDiff, { count, group, title, meaning }: Tile): Markup {
  const amount = counts[count];
  const graded =
    group === null
      ? []
      : SEVERITIES.filter((severity) => groups[group].severities[severity] > 0).map(
          (severity) =>
            `${formatCount(groups[group].severities[severity])} ${SEVERITY_LABEL[severity].toLowerCase()}`,
        );
  return html`<div class="tile${amount === 0 ? ' none' : ''}"><span>${title}</span><span class="tile-number">${formatCount(amount)}</span><span class="tile-note">${graded.length > 0 ? html`${graded.join(', ')}<br>` : null}${meaning}</span></div>`;
}

function undecidedTile({ undecided: { from, to } }: ToldDiff): Markup | null {
  if (from.count + to.count === 0) return null;
  return html`<li><div class="tile"><span>Not decided</span><span class="tile-number">${formatCount(from.count)} → ${formatCount(to.count)}</span><span class="tile-note">on the first and on the second side: nobody knows whether they fail</span></div></li>`;
}

const ABOUT: Readonly<Partial<Record<Section, string>>> = {
  critical: 'Anyone gets in. These come first, whatever else there is.',
  changed: 'Findings that were there on both sides; those for the worse come first.',
  resolved: 'Findings of the first side that evidence up to the second proves gone or guarded.',
  'not-comparable':
    'Findings on one side of which the other says nothing: they are neither good news nor bad news. Each says why.',
};

function sectionHead({ section, count }: RankedSection): Markup {
  const about = ABOUT[section];
  return html`<section id="${section}" aria-labelledby="${section}-title">
<h2 id="${section}-title">${SECTION_TITLE[section]} <span class="count">${formatCount(count)}</span></h2>
${about === undefined ? null : html`<p class="muted">${about}</p>\n`}<ul class="entries">
`;
}

function sectionEnd({ listed, count }: RankedSection): Markup {
  const more = count - listed.length;
  return html`</ul>
${more > 0 ? html`<p class="notice warn">The first ${formatCount(listed.length)} of ${formatCount(count)}: ${formatCounted(more, 'more is', 'more are')} in the formats csv, json and xlsx.</p>\n` : null}</section>
`;
}

const NOTHING = html`<section id="changes" aria-labelledby="changes-title"><h2 id="changes-title">Changes</h2><p class="empty">None that the evidence shows.</p></section>
`;
