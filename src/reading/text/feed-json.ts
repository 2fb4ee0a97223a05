import { type FormatSession, handRows } from '../../formats/shared/format.ts';
import type { Sink } from '../../formats/shared/sink.ts';
import type { JsonEvent, Malformed, ReaderFactory } from '../../json/reader.ts';
import { excerpt } from '../../model/role-arn.ts';
import { ElementWindow } from '../element-window.ts';
import type { RoleDetails } from '../role-details.ts';
import { Unwrapper, type Wrapper } from './unwrap.ts';

/** Hands the reader's events to the format, and turns broken JSON into problems and rejects. */
export class JsonFeed {
  missing: 'truncated' | 'records-rejected' | null = null;
  private readonly reader: ReturnType<ReaderFactory>;
  private readonly unwrapper: Unwrapper;
  private readonly session: FormatSession;
  private readonly sink: Sink;
  private readonly window: ElementWindow | null;

  /** @param start offset of the first byte pushed */
  constructor(
    createReader: ReaderFactory,
    session: FormatSession,
    sink: Sink,
    start: number,
    wrapper: Wrapper | null,
    details: RoleDetails | null,
  ) {
    this.window = details?.lookInto(new ElementWindow(start + (wrapper?.skip ?? 0))) ?? null;
    this.reader = createReader(session.plan, start + (wrapper?.skip ?? 0));
    this.unwrapper = new Unwrapper(wrapper);
    this.session = session;
    this.sink = sink;
    if (wrapper !== null) sink.problem('text-skipped', wrapper.message);
  }

  get stopped(): boolean {
    return this.reader.stopped;
  }

  push(bytes: Uint8Array): void {
    for (const json of this.unwrapper.push(bytes)) this.read(json);
  }

  end(): void {
    if (this.reader.stopped) return;
    this.read(this.unwrapper.end());
    if (!this.reader.stopped) this.take(this.reader.end());
    const { trailer } = this.unwrapper;
    if (trailer !== '') {
      this.sink.problem('text-skipped', `text behind the JSON was skipped: \`${excerpt(trailer)}\``);
    }
  }

  private read(json: Uint8Array): void {
    this.window?.push(json);
    this.take(this.reader.push(json));
  }

  private take(events: readonly JsonEvent[]): void {
    const { window } = this;
    for (const event of events) {
      if (window !== null && event.kind === 'element') window.handedOut(event.offset);
      else if (window !== null && event.kind === 'rows') window.handedOut(event.roles?.offsets.at(-1) ?? 0);
      if (event.kind === 'element') this.session.element(event);
      else if (event.kind === 'rows') handRows(this.session, event);
      else if (event.kind === 'scope-end') this.session.scopeEnd(event);
      else this.malformed(event);
    }
  }

  private malformed(event: Malformed): void {
    const lines = this.session.plan.framing === 'lines';
    this.missing = lines ? 'records-rejected' : 'truncated';
    const place = `at byte ${event.offset} (line ${event.line}, column ${event.column})`;
    if (lines) {
      const message = `the line is not JSON: ${event.expected} ${place}`;
      this.sink.reject({ offset: event.start, pointer: event.pointer }, 'line-malformed', message);
      this.sink.problem('line-malformed', `line ${event.line} is not JSON: ${event.expected} ${place}`);
      return;
    }
    switch (event.reason) {
      case 'syntax':
        this.sink.problem('json-malformed', `the JSON breaks off ${place}: ${event.expected}`);
        return;
      case 'truncated':
        this.sink.problem('json-truncated', `the JSON ends too early ${place}: ${event.expected}`);
        return;
      case 'too-deep':
        this.sink.problem('json-too-deep', `the JSON is nested too deeply ${place}: ${event.expected}`);
        return;
      case 'too-long':
        this.sink.problem('json-value-too-long', `a value is too long ${place}: ${event.expected}`);
    }
  }
}
