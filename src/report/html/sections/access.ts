import type { ReportSource } from '../../../model/report-source.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { html, type Markup } from '../page/markup.ts';
import type { PageRegister } from '../page/third-parties.ts';
import { flowPicture, flowStreams } from '../pictures/flow-picture.ts';
import { accountNames } from './accounts.ts';
import { thirdPartyRegister } from './register.ts';

/** Who gets in: a drawing of what stands open, and the third-party register. */
export function accessSection(source: ReportSource, statistics: Statistics, register: PageRegister): Markup {
  const streams = flowStreams(statistics);
  const names = accountNames(source, new Set(streams.map(({ to }) => to)));
  const outside = formatCounted(register.accounts, 'outside account');
  return html`
<section id="access" aria-labelledby="access-title">
<h2 id="access-title">Who gets in <span class="count">${outside}, ${formatCount(register.open)} unguarded</span></h2>
${flowPicture(streams, statistics, names)}
${thirdPartyRegister(source, register)}
</section>`;
}
