import { loadAssets } from '../../report/html/page/assets.ts';
import { documentHead } from '../../report/html/page/frame.ts';
import { html, type Markup } from '../../report/html/page/markup.ts';
import { THEME_SWITCH } from '../../report/html/page/theme.ts';
import { formatCounted } from '../../text/counted.ts';
import type { Given } from './given.ts';

const TITLE = 'Trust policy check';

/**
 * A page that judges pasted trust policies by itself: it opens from disk, asks the network for nothing and holds the
 * judge, which it runs in a thread of its own. The same input gives the same bytes.
 */
export function checkPage(given: Given, toolVersion: string): string {
  const assets = loadAssets('check.js', 'check.css');
  const data = Buffer.from(JSON.stringify(given), 'utf8').toString('base64');
  const page = html`${documentHead(assets, TITLE, toolVersion, ['worker-src blob:'])}<body>
<a class="skip" href="#result">Skip to the verdict</a>
<header class="top"><div><h1>${TITLE}</h1><p class="muted">D9.AWS.IAM.99 · trustsieve ${toolVersion} · nothing leaves this page</p></div>${THEME_SWITCH}</header>
<main>
<noscript><p class="notice warn">Scripts are off, and this page judges by a script.</p></noscript>
<section id="form" class="check-form" aria-labelledby="form-title" hidden>
<h2 id="form-title">Can another account assume this role without MFA or an external ID?</h2>
<div class="filter-row">
<label class="field"><span>Account that owns the role</span><input id="account" type="text" inputmode="numeric" autocomplete="off" spellcheck="false" placeholder="12 digits"></label>
<label class="field grow"><span>Name or ARN of the role (optional)</span><input id="role" type="text" autocomplete="off" spellcheck="false"></label>
<label class="field"><span>Example</span><select id="example"><option value="">Choose one</option></select></label>
</div>
<label class="field policy-field"><span>Trust policy: JSON as the console, the AWS CLI or an export shows it, URL-encoded too</span>
<textarea id="policy" rows="14" spellcheck="false" autocomplete="off" autocapitalize="off"></textarea></label>
<div class="filter-row">
<label class="field grow"><span>Or a file, which may also be dropped on the page</span><input id="file" type="file" accept=".json,.txt,application/json,text/plain"></label>
<button type="button" class="quiet" id="clear">Clear</button>
</div>
<details class="wishes"><summary>What the proposed fix asks for</summary>
<div class="filter-row">
<label class="field"><span>Guard</span><select id="guard"><option value="">By who comes in</option><option value="external-id">External ID</option><option value="mfa">MFA</option></select></label>
<label class="field grow"><span>External ID agreed with the other side</span><input id="external-id" type="text" autocomplete="off" spellcheck="false"></label>
</div></details>
${listsNote(given)}
</section>
<section aria-labelledby="verdict-title">
<h2 id="verdict-title">Verdict</h2>
<p id="status" role="status" class="muted"></p>
<div id="result" tabindex="-1" hidden></div>
</section>
</main>
<script type="application/octet-stream" id="given">`;
  return `${page.text}${data}</script>\n<script>${assets.script}</script>\n</body>\n</html>\n`;
}

/** Severity and names hang on lists that cannot be pasted. */
function listsNote({ accounts, knownAccounts }: Given): Markup {
  const members =
    accounts === null
      ? html`No list of the own organisation's accounts was given (<code>--accounts</code>), so relations are not graded.`
      : html`Accounts are graded by the list of the own organisation this page was written with (${accounts.length}).`;
  const vendors = knownAccounts.reduce((sum, entry) => sum + entry.accounts.length, 0);
  return html`<p class="muted small lists">${members}${vendors === 0 ? null : html` ${formatCounted(vendors, 'account of others has a name', 'accounts of others have names')} here.`}</p>`;
}
