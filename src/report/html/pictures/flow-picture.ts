import type { Statistics } from '../../shared/statistics.ts';
import { filterLink, html, type Markup } from '../page/markup.ts';
import { type Flow, type FlowNode, layOut, type Ribbon } from './flow.ts';
import { type FlowLabels, flowLabels, type Label, plainName } from './flow-labels.ts';
import type { FlowEnd, FlowStreams } from './flow-streams.ts';
import { nameLines } from './name-lines.ts';

const WIDTH = 1000;
const LEFT_BAR = 310;
const RIGHT_BAR = 690;
const BAR = 10;
const LINE = 15;

/** The streams as a drawing, and the same as a table that stays folded. */
export function flowPicture(
  flow: FlowStreams,
  statistics: Statistics,
  names: ReadonlyMap<string, string>,
): Markup {
  if (flow.streams.length === 0) return html`<p class="muted">No other account gets in unguarded.</p>`;
  const labels = flowLabels(flow, statistics, names);
  return html`<figure class="flow"><figcaption>On the left are the accounts that get in unguarded, outsiders first; on the right the accounts they get into; a thicker band means more roles, and a role that several accounts get into has a band from each. Each part shows its findings.</figcaption>
${
  statistics.reachPartial || statistics.externalsPartial
    ? html`<p><strong>There are too many accounts to count them all: what is shown here is partial.</strong></p>
`
    : null
}<div class="table-wrap drawing">${drawing(flow, labels)}</div>
<details class="flow-table"><summary>Who gets in where, as a table</summary>${flowTable(flow, labels)}</details></figure>`;
}

/** A row for each of those who get in, with all that they get into. */
function flowTable({ from, streams }: FlowStreams, labels: FlowLabels): Markup {
  const rows = from.map(({ id }) => {
    const label = labels.from(id);
    const into = streams
      .filter((stream) => stream.from === id)
      .map((stream) => {
        const target = labels.to(stream.to);
        return html`<li>${called(target)}: ${linked(bandFilter(label, target), html`${labels.amount(id, stream.amount)}`)}</li>`;
      });
    return html`<tr><th scope="row">${called(label)}</th><td>${label.note}</td><td>${linked(label.filter, html`${label.amount}`)}</td><td><ul>${into}</ul></td></tr>`;
  });
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="Who gets in where"><table class="plain"><thead><tr><th scope="col">Gets in</th><th scope="col">Relation</th><th scope="col">In all</th><th scope="col">Into</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function called({ account, name }: Label): Markup {
  if (account === null) return html`<strong>${name}</strong>`;
  return name === '' ? html`<code>${account}</code>` : html`<bdi>${name}</bdi> <code>${account}</code>`;
}

function drawing({ streams, from, to }: FlowStreams, labels: FlowLabels): Markup {
  const ids = (ends: readonly FlowEnd[]): readonly string[] => ends.map(({ id }) => id);
  const room = (label: Label): number => (textOf(label).length + 0.8) * LINE;
  const { left, right, ribbons, height }: Flow = layOut(streams, ids(from), ids(to), {
    from: (id) => room(labels.from(id)),
    to: (id) => room(labels.to(id)),
  });
  const styles = new Map(from.map(({ id, relation }) => [id, `rel-${relation ?? 'others'}`]));
  const style = (id: string): string => styles.get(id) ?? 'rel-others';
  return html`<svg viewBox="0 0 ${WIDTH} ${height.toFixed(0)}" role="group" aria-label="Picture of who gets in where">
${ribbons.map((ribbon) => ribbonLink(ribbon, labels, style(ribbon.stream.from)))}
${left.map((node) => nodeLink(node, labels.from(node.id), LEFT, style(node.id)))}
${right.map((node) => nodeLink(node, labels.to(node.id), RIGHT, 'own'))}
</svg>`;
}

/** A link to the findings behind a part of the drawing; where no filter can tell them, the list below can. */
function linked(filter: string | null, part: Markup): Markup {
  return filter === null ? html`<a href="#access">${part}</a>` : filterLink(`verdict:fail ${filter}`, part);
}

/** Where the bars of a side stand, and where what can be clicked and read lies. */
interface Side {
  readonly bar: number;
  readonly from: number;
  readonly width: number;
  readonly text: number;
  readonly anchor: 'start' | 'end';
}

const LEFT: Side = { bar: LEFT_BAR, from: 0, width: LEFT_BAR + BAR, text: LEFT_BAR - 10, anchor: 'end' };
const RIGHT: Side = {
  bar: RIGHT_BAR,
  from: RIGHT_BAR,
  width: WIDTH - RIGHT_BAR,
  text: RIGHT_BAR + BAR + 10,
  anchor: 'start',
};

/** A bar with its label beside it, which names the link. */
function nodeLink({ top, height }: FlowNode, label: Label, side: Side, style: string): Markup {
  const lines = textOf(label);
  const middle = top + height / 2;
  const room = Math.max(height, lines.length * LINE + 6);
  const hit = html`<rect class="hit" x="${side.from}" y="${(middle - room / 2).toFixed(1)}" width="${side.width}" height="${room.toFixed(1)}"></rect>`;
  const bar = html`<rect class="node ${style}" x="${side.bar}" y="${top.toFixed(1)}" width="${BAR}" height="${height.toFixed(1)}"></rect>`;
  // The first base line stands so that all lines together are centred on the bar.
  const first = middle - ((lines.length - 1) * LINE) / 2 + 4;
  const text = lines.map(
    (line, index) =>
      html`<text class="${index === lines.length - 1 ? 'second' : 'first'}" x="${side.text}" y="${(first + index * LINE).toFixed(1)}" text-anchor="${side.anchor}">${line}</text> `,
  );
  return linked(label.filter, html`${hit}${bar}${text}`);
}

/** A band; its title names the link, and is its tip. */
function ribbonLink(ribbon: Ribbon, { from, to, amount }: FlowLabels, style: string): Markup {
  const { stream } = ribbon;
  const [source, target] = [from(stream.from), to(stream.to)];
  const note = source.note === '' ? '' : `, ${source.note.toLowerCase()}`;
  const words = `${plainName(source)}${note} into ${plainName(target)}: ${amount(stream.from, stream.amount)}`;
  return linked(
    bandFilter(source, target),
    html`<title>${words}</title><path class="ribbon ${style}" d="${ribbonPath(ribbon)}"></path>`,
  );
}

function bandFilter(source: Label, target: Label): string | null {
  return source.filter === null || target.filter === null ? null : `${source.filter} ${target.filter}`;
}

function ribbonPath({ fromTop, toTop, width }: Ribbon): string {
  const [x1, x2] = [LEFT_BAR + BAR, RIGHT_BAR];
  const middle = (x1 + x2) / 2;
  const at = (value: number): string => value.toFixed(1);
  return `M${x1} ${at(fromTop)}C${middle} ${at(fromTop)} ${middle} ${at(toTop)} ${x2} ${at(toTop)}V${at(toTop + width)}C${middle} ${at(toTop + width)} ${middle} ${at(fromTop + width)} ${x1} ${at(fromTop + width)}Z`;
}

/** The name, and below it in one line what else there is to say. */
function textOf({ account, name, note, amount }: Label): readonly string[] {
  const further = [name === '' ? null : account, note, amount];
  return [
    ...nameLines(name === '' ? (account ?? '') : name),
    further.filter((part) => part !== null && part !== '').join(' · '),
  ];
}
