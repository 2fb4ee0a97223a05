import type { ReportSource, StoredVerdict } from '../../../model/report-source.ts';
import { formatCounted } from '../../../text/counted.ts';
import type { ReportOptions } from '../../shared/options.ts';
import { loadAssets } from './assets.ts';
import type { FindingsPart } from './findings-parts.ts';
import { end, foot, head } from './frame.ts';
import { listing } from './listing.ts';
import { html } from './markup.ts';
import { compressedText, partPayload } from './write-payload.ts';

export interface PartPlace {
  readonly number: number;
  readonly count: number;
  /** Address of the index, relative to the part. */
  readonly index: string;
  /** See `evidenceDigest`. */
  readonly digest: string;
}

/** One page of findings beside the index: every finding of the part, with the table and panels of the report. */
export async function* partPage(
  source: ReportSource,
  options: ReportOptions,
  part: FindingsPart,
  place: PartPlace,
  verdicts: Iterable<StoredVerdict>,
): AsyncGenerator<string> {
  const assets = loadAssets();
  const { number, count, index, digest } = place;
  yield head(source, assets, {
    title: `Findings, part ${number} of ${count}`,
    heading: options.heading ?? {},
    digest,
    navigation: [[index, 'The whole report']],
  }).text;
  yield html`
<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings <span class="count">part ${number} of ${count}, ${formatCounted(part.rows, 'finding')}</span></h2>
<p class="muted small">Every failing and undecided verdict from account <code>${part.firstAccount}</code> to account <code>${part.lastAccount}</code>. Summary, coverage, rules and method are in <a href="${index}">the report</a>.</p>
${listing({ id: 'findings', columns: [], rows: [], total: part.rows, none: 'The table needs scripts.' })}
</section>`.text;
  yield foot(0, part.rows).text;
  yield* compressedText(partPayload(source, options, part, verdicts));
  yield end(assets);
}
