import { type Group, type Groups, groupSize } from '../data/groups.ts';
import type { Listing } from '../widgets/listing.ts';

/** Rows of groups that are open at a time; beyond that the others must be closed first. */
const MOST_ROWS = 1_000_000;

/** Findings under the headings of their groups; the rows of a group are looked up when it is opened. */
export class GroupedListing implements Listing {
  readonly groups: readonly Group[];
  private readonly textOf: Groups['textOf'];
  private readonly all: Uint32Array;
  private readonly opened = new Map<number, Uint32Array>();
  private starts: Uint32Array;
  length = 0;

  constructor({ groups, textOf }: Groups, rows: Uint32Array) {
    this.groups = groups;
    this.textOf = textOf;
    this.all = rows;
    this.starts = new Uint32Array(groups.length);
    this.place();
  }

  get headings(): ArrayLike<number> {
    return this.starts;
  }

  rowAt(position: number): number | null {
    const group = this.groupAt(position);
    const start = this.starts[group] ?? 0;
    return position === start ? null : (this.opened.get(group)?.[position - start - 1] ?? null);
  }

  /** Number of the group that a position belongs to. */
  groupAt(position: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high - 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    return low;
  }

  headingOf(group: number): number {
    return this.starts[group] ?? 0;
  }

  isOpen(group: number): boolean {
    return this.opened.has(group);
  }

  /** The rows of an open group. */
  rowsOf(group: number): Uint32Array {
    return this.opened.get(group) ?? new Uint32Array();
  }

  toggle(group: number): void {
    if (!this.opened.delete(group)) this.open(group);
    this.place();
  }

  setAll(open: boolean): void {
    this.opened.clear();
    if (open && this.canOpenAll()) this.openWhere(() => true);
    this.place();
  }

  /** Opens the groups that are open among others of the same kind. */
  openAsIn(others: GroupedListing): void {
    const keys = new Set([...others.opened.keys()].map((group) => others.groups[group]?.key));
    if (keys.size === 0) return;
    this.openWhere(({ key }) => keys.has(key));
    this.place();
  }

  canOpenAll(): boolean {
    return this.groups.reduce((sum, group) => sum + groupSize(group), 0) <= MOST_ROWS;
  }

  /** The group that a row stands in, the first of them. */
  groupOf(row: number): number {
    const text = this.textOf(row);
    return this.groups.findIndex(({ texts }) => texts.has(text));
  }

  private open(group: number): void {
    const texts = this.groups[group]?.texts;
    if (texts !== undefined)
      this.opened.set(
        group,
        this.all.filter((row) => texts.has(this.textOf(row))),
      );
  }

  /** Goes through the rows once for all groups, because there may be as many of these. */
  private openWhere(isWanted: (group: Group) => boolean): void {
    const places = new Map<number, { readonly rows: Uint32Array; next: number }[]>();
    for (const [number, group] of this.groups.entries()) {
      if (!isWanted(group)) continue;
      const place = { rows: new Uint32Array(groupSize(group)), next: 0 };
      this.opened.set(number, place.rows);
      for (const text of group.texts) {
        const known = places.get(text);
        if (known === undefined) places.set(text, [place]);
        else known.push(place);
      }
    }
    for (const row of this.all) {
      for (const place of places.get(this.textOf(row)) ?? []) place.rows[place.next++] = row;
    }
  }

  private place(): void {
    let position = 0;
    this.starts = Uint32Array.from(this.groups, (_, group) => {
      const start = position;
      position += 1 + (this.opened.get(group)?.length ?? 0);
      return start;
    });
    this.length = position;
  }
}
