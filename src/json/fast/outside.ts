import { escapePointer, NO_FACTS, type OpenScope } from '../place.ts';
import { candidatesAt, isStep, type PlanIndex } from '../plan-index.ts';
import { type JsonEvent, type JsonRows, type JsonType, MAX_FACT, MAX_FIELD } from '../reader.ts';
import { type FastElement, type NumberedFields, openElement } from './element.ts';

/** An open array or object outside elements. */
interface Frame {
  readonly array: boolean;
  /** Source whose elements the container holds, or -1. */
  readonly source: number;
  readonly scope: OpenScope | null;
  /** True for the frame that opened `scope`. */
  readonly ownsScope: boolean;
  /** Pointer of the container itself. */
  readonly pointer: string;
  key: string;
  index: number;
}

/** What an array or object outside elements is to the plan. */
export type Opened =
  | { readonly kind: 'plain' }
  | { readonly kind: 'elements' | 'element'; readonly source: number };

const PLAIN: Opened = { kind: 'plain' };

/** What stands around the elements: documents, scopes with their facts, and pointers. */
export class Outside {
  /** From 1: of the document in a stream, or of the line. */
  document = 1;
  /** Offset of the document opened last. */
  documentStart: number;
  scopes = 0;
  private readonly plan: PlanIndex;
  /** By source. */
  private readonly names: readonly NumberedFields[];
  private readonly lines: boolean;
  private readonly emit: (event: JsonEvent) => void;
  private readonly frames: Frame[] = [];
  private top: Frame | undefined;
  /** Source of the element that is open, when no frame says it. */
  private single = -1;

  constructor(
    plan: PlanIndex,
    names: readonly NumberedFields[],
    lines: boolean,
    start: number,
    emit: (event: JsonEvent) => void,
  ) {
    this.plan = plan;
    this.names = names;
    this.lines = lines;
    this.documentStart = start;
    this.emit = emit;
  }

  /** Forgets what is open. */
  reset(): void {
    this.frames.length = 0;
    this.top = undefined;
  }

  documentPointer(): string {
    return this.lines || this.document > 1 ? `#${this.document}` : '';
  }

  /** Returns true when the key's value matters even if it is no array or object. */
  key(text: string): boolean {
    const frame = this.top as Frame;
    frame.key = text;
    return (frame.ownsScope && this.plan.facts.has(text)) || candidatesAt(this.plan, text).length > 0;
  }

  open(type: 'array' | 'object', offset: number): Opened {
    const frame = this.top;
    if (frame === undefined) this.documentStart = offset;
    const source = this.sourceAt(frame);
    const scope = frame?.scope ?? null;
    if (source >= 0) {
      if (scope !== null && !scope.counts.has(source)) scope.counts.set(source, 0);
      const { shape, ownScope } = this.plan.sources[source] as PlanIndex['sources'][number];
      if (type === (shape === 'map' ? 'object' : 'array')) {
        const own = ownScope ? { id: this.scopes++, facts: NO_FACTS, counts: new Map([[source, 0]]) } : scope;
        this.push({ array: type === 'array', source, scope: own, ownsScope: ownScope });
        return { kind: 'elements', source };
      }
      if (shape === 'list') {
        this.single = source;
        return { kind: 'element', source };
      }
    }
    if (type === 'array') {
      this.push({ array: true, source: -1, scope, ownsScope: false });
    } else {
      const own = { id: this.scopes++, facts: NO_FACTS, counts: new Map<number, number>() };
      this.push({ array: false, source: -1, scope: own, ownsScope: true });
    }
    return PLAIN;
  }

  close(): void {
    const frame = this.frames.pop() as Frame;
    this.top = this.frames.at(-1);
    const { scope, pointer } = frame;
    if (frame.ownsScope && scope !== null && scope.facts.size + scope.counts.size > 0) {
      const { id, facts, counts } = scope;
      this.emit({ kind: 'scope-end', scope: id, pointer, facts, counts });
    }
    this.valueDone();
  }

  /** A value of an object that is no array or object. */
  scalar(type: JsonType, json: string, offset: number): void {
    const frame = this.top as Frame;
    const scope = frame.scope as OpenScope;
    const source = this.sourceAt(frame);
    if (source >= 0) {
      if (!scope.counts.has(source)) scope.counts.set(source, 0);
      if (this.plan.sources[source]?.shape === 'list' && type !== 'null') {
        this.single = source;
        const element = this.beginElement(type, offset);
        if (this.plan.sources[source]?.whole === true) {
          if (json.length < MAX_FIELD) element.fields.put(0, json);
          else element.tooLarge = [''];
        }
        this.endElement(element);
        return;
      }
    }
    if (this.plan.facts.has(frame.key)) scope.facts = new Map(scope.facts).set(frame.key, cut(json));
  }

  items(count: number): void {
    (this.top as Frame).index += count;
  }

  beginElement(type: JsonType, offset: number): FastElement {
    const frame = this.top;
    if (frame === undefined) this.documentStart = offset;
    const source = frame === undefined ? this.plan.root : frame.source >= 0 ? frame.source : this.single;
    const counts = frame?.scope?.counts;
    counts?.set(source, (counts.get(source) ?? 0) + 1);
    return openElement(this.names[source] as NumberedFields, {
      source,
      type,
      offset,
      pointer: this.pointer(),
      scope: frame?.scope?.id ?? -1,
      facts: frame?.scope?.facts ?? NO_FACTS,
    });
  }

  /**
   * So many elements of a source, one after the other, that are handed out as rows.
   *
   * @param last offset of the last of them
   */
  rows(
    source: number,
    count: number,
    last: number,
  ): Pick<JsonRows, 'source' | 'pointer' | 'scope' | 'facts'> {
    const frame = this.top;
    if (frame === undefined) this.documentStart = last;
    const counts = frame?.scope?.counts;
    counts?.set(source, (counts.get(source) ?? 0) + count);
    const place = { source, pointer: this.pointer(), scope: frame?.scope?.id ?? -1 };
    if (frame !== undefined) frame.index += count;
    else if (!this.lines) this.document += count;
    return { ...place, facts: frame?.scope?.facts ?? NO_FACTS };
  }

  elementKey(text: string): void {
    (this.top as Frame).key = text;
  }

  endElement(element: FastElement): void {
    this.emit(element);
    this.valueDone();
  }

  private push(frame: Omit<Frame, 'pointer' | 'key' | 'index'>): void {
    this.top = { ...frame, pointer: this.pointer(), key: '', index: 0 };
    this.frames.push(this.top);
  }

  private valueDone(): void {
    const parent = this.top;
    if (parent === undefined) {
      if (!this.lines) this.document++;
    } else if (parent.array) {
      parent.index++;
    }
  }

  private sourceAt(frame: Frame | undefined): number {
    if (frame === undefined) return this.plan.root;
    if (frame.array) return -1;
    for (const { source, at } of candidatesAt(this.plan, frame.key)) if (this.leadsTo(at)) return source;
    return -1;
  }

  /** True when the keys of the open objects end with `at`. */
  private leadsTo(at: readonly string[]): boolean {
    let wanted = at.length - 1;
    for (let index = this.frames.length - 1; index >= 0 && wanted >= 0; index--) {
      const frame = this.frames[index] as Frame;
      if (frame.array) continue;
      if (!isStep(at[wanted], frame.key)) return false;
      wanted--;
    }
    return wanted < 0;
  }

  /** Of the value that is open or comes next. */
  private pointer(): string {
    const frame = this.top;
    if (frame === undefined) return this.documentPointer();
    return `${frame.pointer}/${frame.array ? frame.index : escapePointer(frame.key)}`;
  }
}

/** Cuts a scalar to MAX_FACT characters; of a string the value, not its JSON text, is counted. */
function cut(json: string): string {
  if (json.length <= MAX_FACT) return json;
  return json.startsWith('"')
    ? JSON.stringify((JSON.parse(json) as string).slice(0, MAX_FACT))
    : json.slice(0, MAX_FACT);
}
