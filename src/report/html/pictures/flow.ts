/** One stream of a flow picture: how much goes from one node to another. */
export interface Stream {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** A node's bar, and the slot around it that holds its label. All in units of the picture. */
export interface FlowNode {
  readonly id: string;
  readonly amount: number;
  readonly top: number;
  readonly height: number;
}

export interface Ribbon {
  readonly stream: Stream;
  readonly fromTop: number;
  readonly toTop: number;
  readonly width: number;
}

export interface Flow {
  readonly left: readonly FlowNode[];
  readonly right: readonly FlowNode[];
  readonly ribbons: readonly Ribbon[];
  readonly height: number;
}

/** Room for a label of two lines. */
const SLOT = 42;
/** What all bars of a side share, beyond the room for labels. */
const BARS = 220;
/** What is there must be seen, however little. */
const LEAST = 1.5;

/** How much room the label of a node takes, by its end. */
export interface LabelRoom {
  readonly from: (id: string) => number;
  readonly to: (id: string) => number;
}

const NO_ROOM: LabelRoom = { from: () => 0, to: () => 0 };

/**
 * Lays out streams between two columns of nodes; nodes stand in the order given, bars and ribbons are as
 * thick as their amounts. A label that needs more room than a slot has gets it.
 */
export function layOut(
  streams: readonly Stream[],
  left: readonly string[],
  right: readonly string[],
  room: LabelRoom = NO_ROOM,
): Flow {
  const total = streams.reduce((sum, { amount }) => sum + amount, 0);
  const scale = total === 0 ? 0 : BARS / total;
  const thickness = (amount: number): number => Math.max(amount * scale, LEAST);
  const sums = { from: new Map<string, number>(), to: new Map<string, number>() };
  const heights = { from: new Map<string, number>(), to: new Map<string, number>() };
  for (const stream of streams) {
    for (const end of ['from', 'to'] as const) {
      add(sums[end], stream[end], stream.amount);
      add(heights[end], stream[end], thickness(stream.amount));
    }
  }
  const column = (ids: readonly string[], end: 'from' | 'to'): readonly FlowNode[] => {
    let slotTop = 0;
    return ids.map((id) => {
      const height = heights[end].get(id) ?? 0;
      const slot = Math.max(SLOT, height + 10, room[end](id));
      const node = { id, amount: sums[end].get(id) ?? 0, top: slotTop + (slot - height) / 2, height };
      slotTop += slot;
      return node;
    });
  };
  const [leftNodes, rightNodes] = [column(left, 'from'), column(right, 'to')];
  const below = (nodes: readonly FlowNode[]): Map<string, number> =>
    new Map(nodes.map((node) => [node.id, node.top]));
  const [fromTops, toTops] = [below(leftNodes), below(rightNodes)];
  // In the order of the nodes on both sides, so that ribbons of one node do not cross each other.
  const ordered = [...streams].sort(
    (a, b) => left.indexOf(a.from) - left.indexOf(b.from) || right.indexOf(a.to) - right.indexOf(b.to),
  );
  const ribbons = ordered.map((stream): Ribbon => {
    const width = thickness(stream.amount);
    const fromTop = fromTops.get(stream.from) ?? 0;
    const toTop = toTops.get(stream.to) ?? 0;
    fromTops.set(stream.from, fromTop + width);
    toTops.set(stream.to, toTop + width);
    return { stream, fromTop, toTop, width };
  });
  const last = (nodes: readonly FlowNode[]): number =>
    nodes.reduce((bottom, node) => Math.max(bottom, node.top + Math.max(node.height, SLOT / 2)), 0);
  return {
    left: leftNodes,
    right: rightNodes,
    ribbons,
    height: Math.max(last(leftNodes), last(rightNodes)) + 12,
  };
}

function add(sums: Map<string, number>, id: string, amount: number): void {
  sums.set(id, (sums.get(id) ?? 0) + amount);
}
