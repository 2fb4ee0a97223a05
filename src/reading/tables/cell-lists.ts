import type { FormatSession } from '../../formats/shared/format.ts';
import type { Sink } from '../../formats/shared/sink.ts';
import type { JsonEvent, ReadPlan } from '../../json/reader.ts';
import { createReferenceReader } from '../../json/reference/reference-reader.ts';
import { jsonValueAt } from '../element-window.ts';
import type { HeldElements } from '../held-elements.ts';

/** Bytes read at a time: a list may be that of a large account. */
const PIECE = 64 * 1024;

/** Hands out the items of a list that stands as JSON in one cell of a row, as if the row were an object in JSON. */
export class CellLists {
  /** Indices of the columns that are wanted. */
  readonly wanted: readonly number[];
  private readonly columns: readonly number[];
  private readonly facts: readonly { readonly name: string; readonly columns: readonly number[] }[];
  private readonly plan: ReadPlan;
  private readonly sink: Sink;
  private readonly held: HeldElements | null;

  /**
   * @param name of the column with the list
   * @param find gives the indices of the columns of a name
   * @param held where items wait for a second look; null where nobody will ask
   */
  constructor(
    plan: ReadPlan,
    name: string,
    find: (name: string) => readonly number[],
    sink: Sink,
    held: HeldElements | null,
  ) {
    this.held = held;
    this.columns = find(name);
    this.facts = plan.facts.map((fact) => ({ name: fact, columns: find(fact) }));
    this.wanted = [...this.columns, ...this.facts.flatMap(({ columns }) => columns)];
    const fields = plan.sources[0]?.fields ?? [];
    this.plan = { sources: [{ at: [], shape: 'list', fields }], facts: [], framing: 'stream' };
    this.sink = sink;
  }

  /** @param text gives what stands in the first of some columns */
  hand(
    session: FormatSession,
    text: (columns: readonly number[]) => string | null,
    place: { readonly offset: number; readonly pointer: string },
  ): void {
    const facts = new Map<string, string>();
    for (const { name, columns } of this.facts) {
      const value = text(columns);
      if (value !== null) facts.set(name, JSON.stringify(value));
    }
    const reader = createReferenceReader(this.plan);
    let count = 0;
    const list = Buffer.from(text(this.columns) ?? '[]');
    const take = (event: JsonEvent) => {
      if (event.kind === 'element') {
        count++;
        const { offset } = event;
        this.sink.place = this.held?.hold(() => jsonValueAt(list, offset)) ?? null;
        session.element({
          ...event,
          ...place,
          pointer: `${place.pointer}${event.pointer}`,
          scope: -1,
          facts,
        });
      } else if (event.kind === 'malformed') {
        count++;
        const message = `the list in the row breaks off: ${event.expected}`;
        this.sink.reject(place, 'row-malformed', message);
        this.sink.problem('row-malformed', `${place.pointer}: ${message}`);
      }
    };
    for (let from = 0; from < list.length; from += PIECE) {
      for (const event of reader.push(list.subarray(from, from + PIECE))) take(event);
    }
    for (const event of reader.end()) take(event);
    session.scopeEnd({ kind: 'scope-end', scope: -1, ...place, facts, counts: new Map([[0, count]]) });
  }
}
