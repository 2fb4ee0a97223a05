import type { ReportSource } from '../../../model/report-source.ts';
import { formatCount } from '../../../text/counted.ts';
import { accountNames } from '../../shared/account-names.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { html, type Markup } from '../page/markup.ts';
import type { PageRegister } from '../page/third-parties.ts';
import { flowPicture } from '../pictures/flow-picture.ts';
import { flowStreams } from '../pictures/flow-streams.ts';
import { thirdPartyRegister } from './register.ts';

/** Who gets in: a drawing of what stands open, and the third-party register. */
export function accessSection(source: ReportSource, statistics: Statistics, register: PageRegister): Markup {
  const flow = flowStreams(statistics);
  const names = accountNames(source, new Set(flow.to.map(({ id }) => id)));
  return html`
<section id="access" aria-labelledby="access-title">
<h2 id="access-title">Who gets in <span class="count">${register.who}; ${formatCount(register.open)} unguarded</span></h2>
${flowPicture(flow, statistics, names)}
${thirdPartyRegister(source, register)}
</section>`;
}
