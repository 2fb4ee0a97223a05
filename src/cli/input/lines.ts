import { isUtf8 } from 'node:buffer';
import { withoutByteOrderMark } from '../../text/hidden-characters.ts';

/** One line of text, or what kept it from being taken in; `text` is empty then. */
export interface Line {
  readonly text: string;
  readonly problem: 'too-long' | 'not-utf8' | null;
}

/** Cuts bytes into lines of UTF-8 text, without their newline. What is beyond the limit of a line is never kept. */
export class LineSplitter {
  private readonly limit: number;
  private parts: Buffer[] = [];
  private size = 0;
  private first = true;

  /** `limit`: bytes. */
  constructor(limit: number) {
    this.limit = limit;
  }

  *push(chunk: Buffer): Generator<Line> {
    let from = 0;
    for (let newline = chunk.indexOf(10); newline >= 0; newline = chunk.indexOf(10, from)) {
      this.take(chunk.subarray(from, newline));
      yield this.line();
      from = newline + 1;
    }
    this.take(chunk.subarray(from));
  }

  /** The last line, when it has no newline. */
  *end(): Generator<Line> {
    if (this.size > 0) yield this.line();
  }

  private take(part: Buffer): void {
    this.size += part.length;
    if (this.size <= this.limit) this.parts.push(part);
    else this.parts = [];
  }

  private line(): Line {
    const tooLong = this.size > this.limit;
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    this.size = 0;
    const isFirst = this.first;
    this.first = false;
    if (tooLong) return { text: '', problem: 'too-long' };
    if (!isUtf8(bytes)) return { text: '', problem: 'not-utf8' };
    const text = bytes.toString('utf8');
    return { text: isFirst ? withoutByteOrderMark(text) : text, problem: null };
  }
}
