import type { Token } from 'stream-json/core/parser.js';
import { CompactWriter } from '../compact.ts';
import { escapePointer, NO_FACTS, type OpenScope } from '../place.ts';
import { candidatesAt, compilePlan, type FieldNode, isStep, type PlanIndex } from '../plan-index.ts';
import {
  isKeyOfRoleWithin,
  type JsonEvent,
  type JsonType,
  MAX_FACT,
  MAX_FIELD,
  type ReadPlan,
} from '../reader.ts';

/** An open array or object outside elements. */
interface Frame {
  readonly array: boolean;
  /** Source whose elements the container holds, or -1. */
  readonly source: number;
  /** The innermost object that is not a container of elements, itself included. */
  readonly scope: OpenScope | null;
  /** True for the frame that opened `scope`. */
  readonly ownsScope: boolean;
  key: string;
  index: number;
}

interface OpenElement {
  readonly source: number;
  readonly type: JsonType;
  readonly offset: number;
  readonly fields: Map<string, string>;
  readonly seen: Set<FieldNode>;
  readonly repeated: string[];
  readonly tooLarge: string[];
  holdsRole: boolean;
}

/** Turns tokens with their offsets into the events of a plan. Holds one element's wanted fields at a time. */
export class Collector {
  private readonly plan: PlanIndex;
  private readonly emit: (event: JsonEvent) => void;
  private readonly frames: Frame[] = [];
  /** From 1: of the document in a stream, or of the line. */
  private document = 1;
  private lines = false;
  private scopes = 0;
  private element: OpenElement | null = null;
  /** The matched fields of the open objects inside the element, outermost first. */
  private readonly nodes: FieldNode[] = [];
  /** What the key read last in the element leads to. */
  private wanted: FieldNode | undefined;
  private writer: CompactWriter | null = null;
  private skipping = 0;
  /** Open arrays and objects of the value that is written. */
  private writing = 0;

  constructor(plan: ReadPlan, emit: (event: JsonEvent) => void) {
    this.plan = compilePlan(plan);
    this.emit = emit;
  }

  /** Forgets what is open and goes on with a document that is shown by its number. */
  beginLine(number: number): void {
    this.frames.length = 0;
    this.nodes.length = 0;
    this.element = null;
    this.writer = null;
    this.skipping = 0;
    this.writing = 0;
    this.document = number;
    this.lines = true;
  }

  /** Pointer of the document now open, or of the next one. */
  documentPointer(): string {
    return this.lines || this.document > 1 ? `#${this.document}` : '';
  }

  /** `offset` is the token's first byte; of no meaning for keys and ends. */
  accept(token: Token, offset: number): void {
    if (this.writer !== null) this.writeField(this.writer, token);
    else if (this.skipping > 0) this.skip(token);
    else if (this.element !== null) this.acceptInside(this.element, token);
    else this.acceptOutside(token, offset);
  }

  private acceptOutside(token: Token, offset: number): void {
    const frame = this.frames.at(-1);
    switch (token.name) {
      case 'keyValue':
        if (frame !== undefined) frame.key = token.value;
        return;
      case 'endObject':
      case 'endArray':
        this.closeFrame();
        return;
      default:
        this.acceptValue(frame, token, offset);
    }
  }

  private acceptValue(frame: Frame | undefined, token: Token, offset: number): void {
    if (frame !== undefined && frame.source >= 0) {
      this.openElement(frame.source, token, offset, frame.scope);
      return;
    }
    const source = this.sourceAt(frame);
    const type = typeOf(token);
    if (source >= 0) {
      const scope = frame?.scope ?? null;
      const shape = this.plan.sources[source]?.shape;
      if (scope !== null && !scope.counts.has(source)) scope.counts.set(source, 0);
      if (type === (shape === 'map' ? 'object' : 'array')) {
        const ownsScope = this.plan.sources[source]?.ownScope === true;
        const own = ownsScope
          ? { id: this.scopes++, facts: NO_FACTS, counts: new Map([[source, 0]]) }
          : scope;
        this.frames.push({ array: type === 'array', source, scope: own, ownsScope, key: '', index: 0 });
      } else if (shape === 'list' && type !== 'null') {
        this.openElement(source, token, offset, scope);
      } else {
        this.openPlain(frame, token, type);
      }
      return;
    }
    this.openPlain(frame, token, type);
  }

  private openPlain(frame: Frame | undefined, token: Token, type: JsonType): void {
    if (type === 'array') {
      const scope = frame?.scope ?? null;
      this.frames.push({ array: true, source: -1, scope, ownsScope: false, key: '', index: 0 });
    } else if (type === 'object') {
      const scope = { id: this.scopes++, facts: NO_FACTS, counts: new Map() };
      this.frames.push({ array: false, source: -1, scope, ownsScope: true, key: '', index: 0 });
    } else {
      const scope = frame?.scope ?? null;
      const fact = frame?.ownsScope === true ? this.plan.facts.get(this.plan.spell(frame.key)) : undefined;
      if (scope !== null && fact !== undefined) {
        scope.facts = new Map(scope.facts).set(fact, scalarText(token, MAX_FACT));
      }
      this.valueDone();
    }
  }

  private sourceAt(frame: Frame | undefined): number {
    if (frame === undefined) return this.plan.root;
    if (frame.array) return -1;
    const key = this.plan.spell(frame.key);
    for (const { source, at } of candidatesAt(this.plan, key)) if (this.leadsTo(at)) return source;
    return -1;
  }

  /** True when the keys of the open objects end with `at`. */
  private leadsTo(at: readonly string[]): boolean {
    let wanted = at.length - 1;
    for (let index = this.frames.length - 1; index >= 0 && wanted >= 0; index--) {
      const frame = this.frames[index] as Frame;
      if (frame.array) continue;
      if (!isStep(at[wanted], this.plan.spell(frame.key))) return false;
      wanted--;
    }
    return wanted < 0;
  }

  private openElement(source: number, token: Token, offset: number, scope: OpenScope | null): void {
    const type = typeOf(token);
    scope?.counts.set(source, (scope.counts.get(source) ?? 0) + 1);
    this.element = {
      source,
      type,
      offset,
      fields: new Map(),
      seen: new Set(),
      repeated: [],
      tooLarge: [],
      holdsRole: false,
    };
    const { whole, tree } = this.plan.sources[source] as PlanIndex['sources'][number];
    if (whole) {
      this.writer = new CompactWriter(MAX_FIELD);
      this.writeField(this.writer, token);
    } else if (type === 'object') this.nodes.push(tree);
    else if (type === 'array') this.skipping = 1;
    else this.closeElement(this.element);
  }

  private acceptInside(element: OpenElement, token: Token): void {
    switch (token.name) {
      case 'keyValue':
        this.wanted = this.nodes.at(-1)?.children?.get(this.plan.spell(token.value));
        return;
      case 'endObject':
        this.nodes.pop();
        if (this.nodes.length === 0) this.closeElement(element);
        return;
      default:
        this.acceptFieldValue(element, token);
    }
  }

  private acceptFieldValue(element: OpenElement, token: Token): void {
    const node = this.wanted;
    if (node === undefined) {
      if (token.name === 'startObject' || token.name === 'startArray') this.skipping = 1;
      return;
    }
    const again = element.seen.has(node);
    if (again && !element.repeated.includes(node.name)) element.repeated.push(node.name);
    element.seen.add(node);
    if (node.children !== null && token.name === 'startObject') {
      this.nodes.push(node);
      return;
    }
    this.writer = new CompactWriter(MAX_FIELD);
    this.writeField(this.writer, token);
  }

  private writeField(writer: CompactWriter, token: Token): void {
    const element = this.element as OpenElement;
    const whole = this.plan.sources[element.source]?.whole === true;
    this.writing += depthOf(token);
    if (token.name === 'keyValue' && !whole) noteKey(element, token.value, this.writing);
    if (!writer.accept(token)) return;
    const name = whole ? '' : (this.wanted as FieldNode).name;
    if (writer.overflow) element.tooLarge.push(name);
    else if (!element.fields.has(name)) element.fields.set(name, writer.text);
    this.writer = null;
    if (whole) this.closeElement(element);
  }

  private skip(token: Token): void {
    const element = this.element as OpenElement;
    this.skipping += depthOf(token);
    if (token.name === 'keyValue') noteKey(element, token.value, this.skipping);
    // A skipped value is either a field of the element or, when it is an array, the element itself.
    if (this.skipping === 0 && this.nodes.length === 0) this.closeElement(element);
  }

  private closeElement(element: OpenElement): void {
    const scope = this.frames.at(-1)?.scope ?? null;
    this.element = null;
    this.emit({
      kind: 'element',
      source: element.source,
      type: element.type,
      offset: element.offset,
      pointer: this.pointer(),
      scope: scope?.id ?? -1,
      facts: scope?.facts ?? NO_FACTS,
      fields: element.fields,
      repeated: element.repeated,
      tooLarge: element.tooLarge,
      ...(element.holdsRole && { holdsRole: true as const }),
    });
    this.valueDone();
  }

  private closeFrame(): void {
    const frame = this.frames.pop() as Frame;
    const scope = frame.scope;
    if (frame.ownsScope && scope !== null && scope.facts.size + scope.counts.size > 0) {
      this.emit({
        kind: 'scope-end',
        scope: scope.id,
        pointer: this.pointer(),
        facts: scope.facts,
        counts: scope.counts,
      });
    }
    this.valueDone();
  }

  private valueDone(): void {
    const parent = this.frames.at(-1);
    if (parent === undefined) {
      if (!this.lines) this.document++;
    } else if (parent.array) {
      parent.index++;
    }
  }

  private pointer(): string {
    let pointer = this.documentPointer();
    for (const frame of this.frames) pointer += `/${frame.array ? frame.index : escapePointer(frame.key)}`;
    return pointer;
  }
}

/** What a token adds to the number of open arrays and objects. */
function depthOf({ name }: Token): number {
  if (name === 'startObject' || name === 'startArray') return 1;
  return name === 'endObject' || name === 'endArray' ? -1 : 0;
}

function noteKey(element: OpenElement, key: string, below: number): void {
  if (isKeyOfRoleWithin(key, below)) element.holdsRole = true;
}

function typeOf(token: Token): JsonType {
  switch (token.name) {
    case 'startObject':
      return 'object';
    case 'startArray':
      return 'array';
    case 'stringValue':
      return 'string';
    case 'numberValue':
      return 'number';
    case 'nullValue':
      return 'null';
    default:
      return 'boolean';
  }
}

function scalarText(token: Token, limit: number): string {
  if (token.name === 'stringValue') return JSON.stringify(token.value.slice(0, limit));
  return 'value' in token ? String(token.value).slice(0, limit) : '';
}
