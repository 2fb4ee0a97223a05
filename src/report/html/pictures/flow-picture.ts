import { formatCount, formatCounted } from '../../../text/counted.ts';
import type { ExternalAccount } from '../../shared/external-accounts.ts';
import { RELATION_LABEL } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { html, type Markup } from '../page/markup.ts';
import { type Flow, type FlowNode, layOut, type Ribbon, type Stream } from './flow.ts';

/** Nodes of one side; what is beyond goes into one more. */
const SHOWN_NODES = 9;
const OTHERS = '';

const WIDTH = 1000;
const LEFT_BAR = 300;
const RIGHT_BAR = 690;
const BAR = 10;
/** Characters of a name that fit beside its bar. */
const NAME_LENGTH = 34;

/** The streams from the accounts that get in to those they get into: the largest, and the rest put together. */
export function flowStreams({ externals, reach }: Statistics): readonly Stream[] {
  const sums = new Map<string, number>();
  for (const into of reach.values()) {
    for (const [account, roles] of into) sums.set(account, (sums.get(account) ?? 0) + roles);
  }
  const from = shownOnes(externals.map(({ account, open }) => [account, open]));
  const to = shownOnes([...sums]);
  const streams = new Map<string, Stream>();
  for (const [external, into] of reach) {
    const source = from.has(external) ? external : OTHERS;
    for (const [account, roles] of into) {
      const target = to.has(account) ? account : OTHERS;
      const key = JSON.stringify([source, target]);
      const amount = (streams.get(key)?.amount ?? 0) + roles;
      streams.set(key, { from: source, to: target, amount });
    }
  }
  return [...streams.values()].sort(
    (a, b) => b.amount - a.amount || compare(a.from, b.from) || compare(a.to, b.to),
  );
}

function shownOnes(amounts: readonly (readonly [string, number])[]): ReadonlySet<string> {
  const largest = [...amounts].sort(([a, x], [b, y]) => y - x || compare(a, b));
  // One node for a single other account would save nothing.
  const shown = largest.length <= SHOWN_NODES + 1 ? largest : largest.slice(0, SHOWN_NODES);
  return new Set(shown.map(([account]) => account));
}

/** The streams as a drawing, with the same as a table below. */
export function flowPicture(
  streams: readonly Stream[],
  statistics: Statistics,
  names: ReadonlyMap<string, string>,
): Markup {
  if (streams.length === 0) return html`<p class="muted">No other account gets in unguarded.</p>`;
  const externals = new Map(statistics.externals.map((external) => [external.account, external]));
  const flow = layOut(streams, nodesOf(streams, 'from'), nodesOf(streams, 'to'));
  const entered = new Set([...statistics.reach.values()].flatMap((into) => [...into.keys()]));
  const hidden = {
    from: statistics.externals.filter(({ open }) => open > 0).length - (flow.left.length - 1),
    to: entered.size - (flow.right.length - 1),
  };
  const left = (id: string): Label => externalLabel(externals.get(id), hidden.from);
  const right = (id: string): Label => ownLabel(id, names, hidden.to);
  return html`<figure class="flow"><figcaption>On the left are the accounts that get in unguarded, on the right the accounts they get into; a thicker band means more roles. A role that several accounts get into counts for each of them.${
    statistics.reachPartial || statistics.externalsPartial
      ? html` <strong>There are too many accounts to count them all: the picture is partial.</strong>`
      : null
  }</figcaption>
<div class="table-wrap" tabindex="0" role="region" aria-label="Picture of who gets in where">${drawing(flow, left, right, externals)}</div>
<details><summary>The same as a table</summary><div class="table-wrap" tabindex="0" role="region" aria-label="Who gets in where"><table class="plain"><thead><tr><th scope="col">Gets in</th><th scope="col">Relation</th><th scope="col">Into</th><th scope="col" class="number">Roles</th></tr></thead><tbody>${streams.map(
    (stream) =>
      html`<tr><td>${cell(left(stream.from))}</td><td>${left(stream.from).note}</td><td>${cell(right(stream.to))}</td><td class="number">${formatCount(stream.amount)}</td></tr>`,
  )}</tbody></table></div></details></figure>`;
}

/** The ends of the streams, largest first, what is put together last. */
function nodesOf(streams: readonly Stream[], end: 'from' | 'to'): readonly string[] {
  const sums = new Map<string, number>();
  for (const stream of streams) sums.set(stream[end], (sums.get(stream[end]) ?? 0) + stream.amount);
  return [...sums]
    .sort(([a, x], [b, y]) => Number(a === OTHERS) - Number(b === OTHERS) || y - x || compare(a, b))
    .map(([id]) => id);
}

interface Label {
  readonly account: string | null;
  readonly name: string;
  readonly note: string;
}

function externalLabel(external: ExternalAccount | undefined, hidden: number): Label {
  if (external === undefined)
    return { account: null, name: formatCounted(hidden, 'other account'), note: '' };
  const { account, name, relation } = external;
  if (account === '*') return { account: null, name: 'Anyone', note: RELATION_LABEL[relation] };
  return { account, name: name ?? '', note: RELATION_LABEL[relation] };
}

function ownLabel(id: string, names: ReadonlyMap<string, string>, hidden: number): Label {
  if (id === OTHERS) return { account: null, name: formatCounted(hidden, 'other account'), note: '' };
  return { account: id, name: names.get(id) ?? '', note: '' };
}

function cell({ account, name }: Label): Markup {
  if (account === null) return html`<strong>${name}</strong>`;
  return html`<code>${account}</code>${name === '' ? null : html` <bdi>${name}</bdi>`}`;
}

function drawing(
  { left, right, ribbons, height }: Flow,
  leftLabel: (id: string) => Label,
  rightLabel: (id: string) => Label,
  externals: ReadonlyMap<string, ExternalAccount>,
): Markup {
  const relation = (id: string): string => externals.get(id)?.relation ?? 'others';
  return html`<svg viewBox="0 0 ${WIDTH} ${height.toFixed(0)}" role="img" aria-labelledby="flow-title" aria-describedby="flow-text">
<title id="flow-title">Who gets in where</title>
<desc id="flow-text">${left.map((node) => html`${plainName(leftLabel(node.id))} into ${roles(node.amount)}. `)}</desc>
${ribbons.map((ribbon) => html`<path class="ribbon rel-${relation(ribbon.stream.from)}" d="${ribbonPath(ribbon)}"></path>`)}
${left.map((node) => html`${bar(node, LEFT_BAR, `rel-${relation(node.id)}`)}${nodeText(node, leftLabel(node.id), LEFT_BAR - 10, 'end')}`)}
${right.map((node) => html`${bar(node, RIGHT_BAR, 'own')}${nodeText(node, rightLabel(node.id), RIGHT_BAR + BAR + 10, 'start')}`)}
</svg>`;
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
  const y = node.top + node.height / 2;
  const first = label.name === '' ? (label.account ?? '') : shortName(label.name);
  const second = [
    label.name === '' ? null : label.account,
    label.note === '' ? null : label.note,
    roles(node.amount),
  ].filter((part) => part !== null);
  return html`<text class="first" x="${x}" y="${(y - 3).toFixed(1)}" text-anchor="${anchor}">${first}</text><text class="second" x="${x}" y="${(y + 13).toFixed(1)}" text-anchor="${anchor}">${second.join(' · ')}</text>`;
}

function plainName({ account, name }: Label): string {
  return [account, name].filter((part) => part !== null && part !== '').join(' ');
}

function roles(amount: number): string {
  return formatCounted(amount, 'role');
}

function shortName(name: string): string {
  const characters = [...name];
  return characters.length <= NAME_LENGTH ? name : `${characters.slice(0, NAME_LENGTH - 1).join('')}…`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
