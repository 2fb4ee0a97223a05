import { formatCount, formatCounted } from '../../../text/counted.ts';
import { RELATION_LABEL } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { html, type Markup } from '../page/markup.ts';
import { type Flow, type FlowNode, layOut, type Ribbon } from './flow.ts';
import { type FlowEnd, type FlowStreams, OTHER_ENTERED, OTHER_OWN } from './flow-streams.ts';
import { nameLines } from './name-lines.ts';

const WIDTH = 1000;
const LEFT_BAR = 310;
const RIGHT_BAR = 690;
const BAR = 10;
const LINE = 15;
/** Accounts that a link names one by one: more would be no filter that anybody can read. */
const LINKED_ACCOUNTS = 100;

/** What an end is called, and what finds its roles; the filter is null where too many accounts are put together. */
interface Label {
  readonly account: string | null;
  readonly name: string;
  readonly note: string;
  readonly filter: string | null;
}

/** Whose ends are which; every part of the drawing is a link to the findings it stands for. */
interface Labelled {
  readonly from: (id: string) => Label;
  readonly to: (id: string) => Label;
  readonly style: (id: string) => string;
}

/** The streams as a drawing, and the same as a table that stays folded. */
export function flowPicture(
  flow: FlowStreams,
  statistics: Statistics,
  names: ReadonlyMap<string, string>,
): Markup {
  if (flow.streams.length === 0) return html`<p class="muted">No other account gets in unguarded.</p>`;
  const labelled = labelsOf(flow, statistics, names);
  const { from, to } = labelled;
  return html`<figure class="flow"><figcaption>On the left are the accounts that get in unguarded, outsiders first; on the right the accounts they get into; a thicker band means more roles. A role that several accounts get into counts for each of them. Each part shows its findings.${
    statistics.reachPartial || statistics.externalsPartial
      ? html` <strong>There are too many accounts to count them all: the picture is partial.</strong>`
      : null
  }</figcaption>
<div class="table-wrap drawing">${drawing(flow, labelled)}</div>
<details><summary>Who gets in where, as a table</summary><div class="table-wrap" tabindex="0" role="region" aria-label="Who gets in where"><table class="plain"><thead><tr><th scope="col">Gets in</th><th scope="col">Relation</th><th scope="col">Into</th><th scope="col" class="number">Roles</th></tr></thead><tbody>${flow.streams.map(
    (stream) =>
      html`<tr><td>${cell(from(stream.from))}</td><td>${from(stream.from).note}</td><td>${cell(to(stream.to))}</td><td class="number">${formatCount(stream.amount)}</td></tr>`,
  )}</tbody></table></div></details></figure>`;
}

function labelsOf(
  flow: FlowStreams,
  { externals }: Statistics,
  names: ReadonlyMap<string, string>,
): Labelled {
  const outside = new Map(externals.map(({ account, name }) => [account, name]));
  const from = new Map(flow.from.map((end) => [end.id, fromLabel(end, outside)]));
  const entered = flow.to.filter(({ id }) => id !== OTHER_ENTERED).map(({ id }) => id);
  const to = new Map(flow.to.map((end) => [end.id, toLabel(end, names, entered)]));
  const styles = new Map(flow.from.map(({ id, relation }) => [id, `rel-${relation ?? 'others'}`]));
  return {
    from: (id) => from.get(id) ?? NOTHING,
    to: (id) => to.get(id) ?? NOTHING,
    style: (id) => styles.get(id) ?? 'rel-others',
  };
}

const NOTHING: Label = { account: null, name: '', note: '', filter: null };

function fromLabel({ id, accounts, relation }: FlowEnd, outside: ReadonlyMap<string, string | null>): Label {
  const note = relation === null ? '' : RELATION_LABEL[relation];
  if (id === '*') return { account: null, name: 'Anyone', note, filter: 'open:anyone' };
  const filter = accounts.length <= LINKED_ACCOUNTS ? `open:${accounts.join(',')}` : null;
  if (accounts.length === 1 && accounts[0] === id)
    return { account: id, name: outside.get(id) ?? '', note, filter };
  const what = id === OTHER_OWN ? 'more of the own organisation' : 'more outside';
  return { account: null, name: `${formatCount(accounts.length)} ${what}`, note, filter };
}

function toLabel(
  { id, accounts }: FlowEnd,
  names: ReadonlyMap<string, string>,
  shown: readonly string[],
): Label {
  if (id !== OTHER_ENTERED) return { account: id, name: names.get(id) ?? '', note: '', filter: `acct:${id}` };
  const name = formatCounted(accounts.length, 'more account');
  return { account: null, name, note: '', filter: `!acct:${shown.join(',')}` };
}

function cell({ account, name }: Label): Markup {
  if (account === null) return html`<strong>${name}</strong>`;
  return html`<code>${account}</code>${name === '' ? null : html` <bdi>${name}</bdi>`}`;
}

function drawing(
  { streams, from, to }: FlowStreams,
  { from: fromLabel, to: toLabel, style }: Labelled,
): Markup {
  const ids = (ends: readonly FlowEnd[]): readonly string[] => ends.map(({ id }) => id);
  const room = (label: Label): number => (textOf(label, 0).length + 0.8) * LINE;
  const { left, right, ribbons, height }: Flow = layOut(streams, ids(from), ids(to), {
    from: (id) => room(fromLabel(id)),
    to: (id) => room(toLabel(id)),
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${height.toFixed(0)}" role="group" aria-label="Picture of who gets in where">
${ribbons.map((ribbon) => {
  const { from: source, to: target, amount } = ribbon.stream;
  const [a, b] = [fromLabel(source), toLabel(target)];
  const words = `${plainName(a)}${relationBehind(a)} into ${plainName(b)}: ${roles(amount)}`;
  return linked(
    a.filter === null || b.filter === null ? null : `${a.filter} ${b.filter}`,
    words,
    html`<path class="ribbon ${style(source)}" d="${ribbonPath(ribbon)}"></path>`,
  );
})}
${left.map((node) => {
  const label = fromLabel(node.id);
  return linked(
    label.filter,
    `${plainName(label)}${relationBehind(label)}: into ${roles(node.amount)}`,
    html`${bar(node, LEFT_BAR, style(node.id))}${nodeText(node, label, LEFT_BAR - 10, 'end')}`,
  );
})}
${right.map((node) => {
  const label = toLabel(node.id);
  return linked(
    label.filter,
    `Into ${plainName(label)}: ${roles(node.amount)}`,
    html`${bar(node, RIGHT_BAR, 'own')}${nodeText(node, label, RIGHT_BAR + BAR + 10, 'start')}`,
  );
})}
</svg>`;
}

/** Shows the findings behind a part of the drawing; where no filter can, the list below has them. */
function linked(filter: string | null, words: string, part: Markup): Markup {
  const target = filter === null ? null : html` data-filter="${`verdict:fail ${filter}`}"`;
  return html`<a href="${filter === null ? '#access' : '#findings'}"${target} aria-label="${words}"><title>${words}</title>${part}</a>`;
}

function ribbonPath({ fromTop, toTop, width }: Ribbon): string {
  const [x1, x2] = [LEFT_BAR + BAR, RIGHT_BAR];
  const middle = (x1 + x2) / 2;
  const at = (value: number): string => value.toFixed(1);
  return `M${x1} ${at(fromTop)}C${middle} ${at(fromTop)} ${middle} ${at(toTop)} ${x2} ${at(toTop)}V${at(toTop + width)}C${middle} ${at(toTop + width)} ${middle} ${at(fromTop + width)} ${x1} ${at(fromTop + width)}Z`;
}

function bar(node: FlowNode, x: number, style: string): Markup {
  return html`<rect class="node ${style}" x="${x}" y="${node.top.toFixed(1)}" width="${BAR}" height="${node.height.toFixed(1)}"></rect>`;
}

function nodeText(node: FlowNode, label: Label, x: number, anchor: 'start' | 'end'): Markup {
  const lines = textOf(label, node.amount);
  // The first base line stands so that all lines together are centred on the bar.
  const first = node.top + node.height / 2 - ((lines.length - 1) * LINE) / 2 + 4;
  return html`${lines.map(
    (line, index) =>
      html`<text class="${index === lines.length - 1 ? 'second' : 'first'}" x="${x}" y="${(first + index * LINE).toFixed(1)}" text-anchor="${anchor}">${line}</text>`,
  )}`;
}

/** The name, and below it in one line what else there is to say. */
function textOf({ account, name, note }: Label, amount: number): readonly string[] {
  const further = [name === '' ? null : account, note === '' ? null : note, roles(amount)];
  return [
    ...nameLines(name === '' ? (account ?? '') : name),
    further.filter((part) => part !== null).join(' · '),
  ];
}

function plainName({ account, name }: Label): string {
  return [name, account].filter((part) => part !== null && part !== '').join(' ');
}

function relationBehind({ note }: Label): string {
  return note === '' ? '' : `, ${note.toLowerCase()}`;
}

function roles(amount: number): string {
  return formatCounted(amount, 'role');
}
