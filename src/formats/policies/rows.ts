import type { JsonElement } from '../../json/reader.ts';
import type { PrefixSketch, Sketch } from '../../json/sketch.ts';
import { normaliseTime } from '../../model/time.ts';
import { inSmallLetters } from '../shared/any-case.ts';
import type { CaptureTime } from '../shared/capture-time.ts';
import type { FileContext } from '../shared/format.ts';
import { unpackedCell } from '../shared/role-detail.ts';

const COLUMN = '_cq_sync_time';

/** What a field holds, out of JSON in a string where there is one; undefined where it is absent or cannot be relied on. */
export function cellValue(element: JsonElement, name: string): unknown {
  const text = element.fields.get(name);
  return text === undefined ? undefined : unpackedCell(JSON.parse(text));
}

/**
 * The rows of a table of policies. Such a table is no capture of an account: it says nothing of which roles there are. A row
 * that cannot be used makes the file incomplete.
 */
export class PolicyRows {
  private readonly file: FileContext;
  private readonly take: (element: JsonElement, time: CaptureTime) => boolean;
  private readonly hasTimes: boolean;
  private lost = false;

  /** @param take takes up a row; false for one of which an ARN or a name is missing or none */
  constructor(file: FileContext, take: PolicyRows['take']) {
    this.file = file;
    this.take = take;
    this.hasTimes = holdsColumn(inSmallLetters(file.sketch));
  }

  /** @param written the time in the row as JSON text; a table without such a column has the time of its file */
  element(element: JsonElement, written: string | undefined): void {
    const [repeated] = element.repeated;
    const time = this.timeOf(written);
    if (element.type !== 'object') {
      this.reject(element, 'record-not-object', `the record is ${element.type} instead of an object`);
    } else if (repeated !== undefined) {
      this.reject(element, 'field-repeated', `the record holds \`${repeated}\` more than once`);
    } else if (time === null) {
      this.reject(element, 'sync-time-missing', `the row has no usable \`${COLUMN}\``);
    } else if (!this.take(element, time)) {
      this.reject(element, 'arn-invalid', 'the row names no policy, or not the role that has it');
    }
  }

  /** Call once, when all is read. */
  end(missing: 'truncated' | 'records-rejected' | null): void {
    if (this.lost || missing !== null) {
      this.file.sink.problem('records-rejected', 'rows were rejected or lost, so policies may be missing');
    }
  }

  private reject(
    element: JsonElement,
    code: Parameters<FileContext['sink']['reject']>[1],
    message: string,
  ): void {
    this.file.sink.reject(element, code, message);
    this.lost = true;
  }

  private timeOf(written: string | undefined): CaptureTime | null {
    const text = written?.startsWith('"') === true ? (JSON.parse(written) as string) : '';
    const synced = normaliseTime(text);
    if (synced !== null) return this.file.captureTime(synced);
    return this.hasTimes ? null : this.file.captureTime(null);
  }
}

function holdsColumn({ documents }: PrefixSketch): boolean {
  const holds = (sketch: Sketch): boolean =>
    sketch.kind === 'array'
      ? sketch.items.some(holds)
      : sketch.kind === 'object' && sketch.members.has(COLUMN);
  return documents.some(holds);
}
