import { effectiveVerdict } from '../../../model/guardrail.ts';
import type { StoredVerdict } from '../../../model/report-source.ts';
import type { GradedPath, VerdictObject } from '../../../model/verdict.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { demandedGuards, RELATION_LABEL, STATE_LABEL, shownTime } from '../../shared/labels.ts';
import type { ShownFix } from '../../shared/options.ts';
import { guardrailStory } from '../../shared/words/guardrail-words.ts';
import { PRIVILEGES_LABEL } from '../../shared/words/impact-words.ts';
import { messagePieces } from '../../shared/words/named-message.ts';
import { type StoryPiece, storyTitle, witnessStory } from '../../shared/words/witness-story.ts';
import { badge, badgeBehind, html, type Markup, sentence } from '../page/markup.ts';
import { outsider } from '../page/outsider.ts';
import { carriedBadge, guardrailBadge, outcomeBadge, severityBadge } from '../shared/badges.ts';
import { policyLines } from '../shared/policy-lines.ts';
import type { PrintedOnce } from './printed-once.ts';

/** What is told of a finding beside its verdict. */
export interface DetailContext {
  readonly accountName: string | null;
  /** In days; null when the latest capture of the account is recent. */
  readonly carriedForward: number | null;
  readonly noteSentences: Readonly<Record<string, string>>;
  readonly fix: ShownFix | null;
  /** Of the articles before. */
  readonly printed: PrintedOnce;
}

const SHOWN_PATHS = 20;
/** A policy that AWS stores has fewer lines, and shorter ones. */
const SHOWN_LINES = 300;
const SHOWN_WIDTH = 2_000;
/** A command that is cut would put half a policy in place. */
const SHOWN_COMMAND = 8_000;

/** One finding with its proof, the statements that let others in, and what would close them; without a script. */
export function detailArticle({ object, policy, ways }: StoredVerdict, context: DetailContext): Markup {
  const { roleName, arn, account, severity } = object;
  return html`
<article class="proved">
<h3><code>${roleName}</code> ${badge(outcomeBadge(effectiveVerdict(object)))}${severity === null ? null : html` ${badge(severityBadge(severity))}`}${badgeBehind(guardrailBadge(object))}</h3>
<p class="arn"><code>${arn}</code></p>
<p class="message">${messagePieces(object, [policy, roleName]).map(piece)}</p>
<dl class="facts">
<div><dt>Account</dt><dd><code>${account}</code>${context.accountName === null ? null : html` <bdi>${context.accountName}</bdi>`}${badgeBehind(carriedBadge(context.carriedForward))}</dd></div>
<div><dt>Rule</dt><dd><code>${object.rule}</code></dd></div>
${object.state === null ? null : html`<div><dt>State</dt><dd>${STATE_LABEL[object.state]}</dd></div>`}
<div><dt>First seen</dt><dd>${shownTime(object.firstSeen)}</dd></div>
${object.suppressedBy === null ? null : html`<div><dt>Accepted by the exception</dt><dd><code>${object.suppressedBy}</code></dd></div>`}
</dl>
${impact(object)}${guardrails(object)}${proof(object)}${waysIn(object, ways)}${statements(object, ways, policy, context.printed)}${notes(object, context.noteSentences)}${fixOf(object, policy, context)}
<p class="muted small">Evidence: <code>${object.evidence.source}</code> at byte ${formatCount(object.evidence.offset)} of the decompressed file, captured ${shownTime(object.evidence.capturedAt)}, SHA-256 <code>${object.evidence.sha256}</code></p>
</article>`;
}

function piece(one: StoryPiece): Markup | string {
  return typeof one === 'string' ? one : html`<code>${one.given}</code>`;
}

function impact({ impact: known }: VerdictObject): Markup | null {
  if (known === null) return null;
  return html`<p>What a way in leads to: <strong>${PRIVILEGES_LABEL[known.privileges]}</strong>. ${sentence(known.why)}</p>`;
}

function guardrails(object: VerdictObject): Markup | null {
  const story = guardrailStory(object);
  if (story.length === 0) return null;
  return html`<h4>Organisation guardrails</h4><ul class="notes">${story.map((step) => html`<li>${step.map(piece)}</li>`)}</ul>`;
}

function proof(object: VerdictObject): Markup | null {
  const { witness } = object;
  if (witness === null) return null;
  return html`<h4>${storyTitle(object)}</h4><ol class="story">${witnessStory(witness, object).map((step) => html`<li>${step.map(piece)}</li>`)}</ol>`;
}

function waysIn({ paths }: VerdictObject, ways: readonly GradedPath[]): Markup | null {
  if (ways.length === 0) return null;
  const rows = ways.slice(0, SHOWN_PATHS).map((path) => {
    const { statement, principal, relation, guards } = path;
    return html`<tr><td>${statement}</td><td><code>${principal}</code></td><td>${outsider(path)}</td><td>${RELATION_LABEL[relation]}</td><td>${guards.length === 0 ? html`<strong>none</strong>` : demandedGuards(guards)}</td></tr>`;
  });
  const rest = ways.length - rows.length;
  return html`<h4>${ways !== paths ? 'Ways in that guardrails leave' : 'Ways in'}</h4><div class="table-wrap"><table class="plain"><thead><tr><th scope="col">Statement</th><th scope="col">Principal</th><th scope="col">Account</th><th scope="col">Relation</th><th scope="col">Guards</th></tr></thead><tbody>${rows}</tbody></table></div>${rest > 0 ? html`<p class="muted small">Showing ${formatCount(rows.length)} of ${formatCount(ways.length)}.</p>` : null}`;
}

/** Those that let others in unguarded; where none does, the whole policy. */
function statements(
  { verdict, roleName, arn }: VerdictObject,
  ways: readonly GradedPath[],
  policy: string | null,
  printed: PrintedOnce,
): Markup {
  if (policy === null)
    return html`<h4>Trust policy</h4><p class="muted">The export holds no trust policy that could be read.</p>`;
  const open = new Set(ways.filter(({ guards }) => guards.length === 0).map(({ statement }) => statement));
  const lines = policyLines(policy);
  const all = new Set(lines.flatMap(({ statement }) => statement ?? [])).size;
  const isPart = verdict === 'fail' && open.size > 0 && open.size < all;
  const chosen = isPart ? lines.filter(({ statement }) => statement !== null && open.has(statement)) : lines;
  const title = isPart
    ? `Statements of the trust policy that let others in unguarded (${formatCount(open.size)} of ${formatCount(all)})`
    : 'Trust policy';
  const rest = chosen.length - SHOWN_LINES;
  const before = printed.under(`${title}\n${chosen.map(({ text }) => text).join('\n')}`, arn);
  if (before !== null)
    return html`<h4>${title}</h4><p>The same, word for word, as that of <code>${before}</code> above.</p>`;
  return html`<h4>${title}</h4><pre class="policy wrap" tabindex="0" aria-label="Trust policy of ${roleName}">${chosen.slice(0, SHOWN_LINES).map(({ text }) => html`${shortened(text)}\n`)}</pre>${rest > 0 ? html`<p class="muted small">Showing ${formatCount(SHOWN_LINES)} of ${formatCount(chosen.length)} lines.</p>` : null}`;
}

function shortened(text: string): string {
  const rest = text.length - SHOWN_WIDTH;
  return rest > 0 ? `${text.slice(0, SHOWN_WIDTH)} … ${formatCounted(rest, 'more character')}` : text;
}

function notes({ notes: codes }: VerdictObject, sentences: Readonly<Record<string, string>>): Markup | null {
  if (codes.length === 0) return null;
  return html`<h4>Worth knowing</h4><ul class="notes">${codes.map((code) => html`<li>${sentences[code] ?? ''} <code class="muted">${code}</code></li>`)}</ul>`;
}

function fixOf(
  { verdict, roleName, arn, paths }: VerdictObject,
  policy: string | null,
  { fix, printed }: Pick<DetailContext, 'fix' | 'printed'>,
): Markup | null {
  if (verdict === 'error') {
    return html`<h4>How to fix</h4><p>Nothing can be proposed before the policy can be read: export this role again, or look at the reason above.</p>`;
  }
  if (fix === null) return null;
  if (fix.refused !== null) {
    return html`<h4>How to fix</h4><p>${sentence(`No change is proposed: ${fix.refused}. Instead: ${fix.advice}.`)}</p>`;
  }
  const { message, changes, cautions, difference } = fix;
  const before = printed.under(JSON.stringify(['fix', policy, difference]), arn);
  const list = (texts: readonly string[]): Markup =>
    html`<ul class="notes">${texts.map((text) => html`<li>${sentence(text)}</li>`)}</ul>`;
  return html`<h4>How to fix</h4><p><strong>Judged again, the amended policy no longer fails.</strong> ${messagePieces({ message, paths }, [policy]).map(piece)}</p>
${list(changes)}${cautions.length === 0 ? null : html`<p><strong>Before you apply it</strong></p>${list(cautions)}`}
${before === null ? change(roleName, fix) : html`<p>The same change, line for line, as that of <code>${before}</code> above; <code>trustsieve fix</code> prints the command for this role.</p>`}`;
}

/** The lines that change, and the command that puts them in place. */
function change(roleName: string, { difference, command }: Extract<ShownFix, { refused: null }>): Markup {
  return html`<pre class="diff wrap" tabindex="0" aria-label="Change of the trust policy of ${roleName}">${difference.slice(0, SHOWN_LINES).map((text) => html`${shortened(text)}\n`)}</pre>${difference.length > SHOWN_LINES ? html`<p class="muted small">Showing ${formatCount(SHOWN_LINES)} of ${formatCount(difference.length)} lines.</p>` : null}
${command.length > SHOWN_COMMAND ? html`<p class="muted small">The command is too long for a sheet; <code>trustsieve fix</code> prints it.</p>` : html`<pre class="wrap">${command}</pre>`}`;
}
