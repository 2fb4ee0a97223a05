import { type PrefixSketch, sketchPrefix } from '../../json/sketch.ts';
import { excerpt } from '../../model/role-arn.ts';
import { Decolour, withoutColours } from './decolour.ts';

/** Text in front of JSON: the prompt and the command, a code fence, the name of a variable, a pager's colours. */
export interface Wrapper {
  /** Of the JSON. */
  readonly sketch: PrefixSketch;
  /** Bytes in front of the JSON. */
  readonly skip: number;
  readonly coloured: boolean;
  /** One sentence that says what was skipped. */
  readonly message: string;
}

const MAX_LINES = 40;
const ESCAPE = 0x1b;
const FENCE = /^(?:`{3,}|~{3,})\w*$/;
const ASSIGNMENT = /^(?:(?:export|var|let|const)\s+){0,2}[A-Za-z_$][\w$.]{0,60}\s*=\s*(?=[{[]|$)/;
/** A prompt with a command behind it, or a command that the shell repeats. */
const COMMAND =
  /^(?:\[[^\]{}"]{0,80}\]|\([^){}"]{0,40}\))?\s*[^\s{}"]{0,80}(?: [^\s{}"$#%>]{1,80})?\s?[$#%>❯+]\s*[\w./~\\-]/u;
/** What is left of a role looks like a command where a sign of its times is taken for a prompt. */
const RECORD = /polic\w*\\?"\s*:|"arn:[^"]*:role\//i;
const FAILURE = /error|exception|traceback|denied|failed/i;

/**
 * Finds JSON behind text that is none. Lines with quotes or braces are only taken for such text when they are a
 * command, for they may be what is left of a record.
 *
 * @param prefix the first bytes of text
 * @param accept says whether JSON like this can be read
 * @returns null when the text begins with its JSON, or none was found
 */
export function findWrapper(prefix: Uint8Array, accept: (sketch: PrefixSketch) => boolean): Wrapper | null {
  const coloured = prefix.includes(ESCAPE);
  const text = withoutColours(Buffer.from(prefix).toString('latin1'));
  const skip = preambleLength(text);
  if (skip === null || (skip === 0 && !coloured)) return null;
  const sketch = sketchPrefix(Buffer.from(text.slice(skip), 'latin1'));
  if (sketch.documents.length === 0 || !accept(sketch)) return null;
  const first = excerpt(text.slice(0, skip).trim().split('\n', 1)[0] as string);
  const message =
    first === ''
      ? 'colour codes around the JSON were skipped; redirect the output into a file'
      : `${skip} bytes of text in front of the JSON were skipped, beginning \`${first}\``;
  return { sketch, skip, coloured, message };
}

/** Null when something else than JSON follows the text in front. */
function preambleLength(text: string): number | null {
  let at = 0;
  let continued = false;
  for (let count = 0; count < MAX_LINES && at < text.length; count++) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    if (
      end - at > 4096 &&
      !/^\s*[{[]/.test(text.slice(at, at + 256)) &&
      !ASSIGNMENT.test(text.slice(at, at + 256))
    ) {
      return null;
    }
    const line = text.slice(at, Math.min(end, at + 4096)).trim();
    const indent = text.slice(at, end).search(/\S|$/);
    const assignment = ASSIGNMENT.exec(line);
    if (assignment !== null && assignment[0].length < line.length) return at + indent + assignment[0].length;
    const isCommand = COMMAND.test(line) && !/^[{]/.test(line) && !RECORD.test(line);
    if (!isCommand && /^[{[]/.test(line)) return at;
    const isText = !/["{}]/.test(line) && !FAILURE.test(line);
    if (!isCommand && !continued && assignment === null && !FENCE.test(line) && !isText) return null;
    continued = (isCommand || continued) && line.endsWith('\\');
    at = end + 1;
  }
  return null;
}

/** Longest text behind the JSON that is recognised. */
const HELD = 256;
const TRAILER =
  /^[\s;]*(?:(?:`{3,}|~{3,})\s*)?(?:\(END\)\s*)?(?:[^\s{}"]{0,80}(?: [^\s{}"$#%>]{1,80})?\s?[$#%>❯]\s*)?$/u;

/** Gives only the JSON of a text: takes off what stands in front, and a semicolon, fence or prompt behind it. */
export class Unwrapper {
  /** What was taken off behind the JSON; empty when nothing was. */
  trailer = '';
  private skip: number;
  private readonly decolour: Decolour | null;
  /** The last bytes so far: they may turn out to be no JSON. */
  private held: Uint8Array = new Uint8Array(0);

  constructor(wrapper: Wrapper | null) {
    this.skip = wrapper?.skip ?? 0;
    this.decolour = wrapper?.coloured === true ? new Decolour() : null;
  }

  /** The JSON in these bytes and the ones held back, in their order; valid as long as `bytes`. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const from = Math.min(this.skip, bytes.length);
    this.skip -= from;
    const rest = bytes.subarray(from);
    const json = this.decolour === null ? rest : this.decolour.push(rest);
    const held = this.held;
    if (json.length < HELD) {
      const joined = Buffer.concat([held, json]);
      const kept = Math.max(0, joined.length - HELD);
      this.held = joined.subarray(kept);
      return [joined.subarray(0, kept)];
    }
    this.held = new Uint8Array(json.subarray(json.length - HELD));
    return [held, json.subarray(0, json.length - HELD)];
  }

  /** The JSON that was held back. */
  end(): Uint8Array {
    const text = withoutColours(Buffer.from(this.held).toString('latin1'));
    const prompt = /\n\[[^\]{}"\n]{0,80}\]\s?[$#%>]\s*$/.exec(text)?.index ?? text.length;
    const close = Math.max(text.lastIndexOf('}', prompt - 1), text.lastIndexOf(']', prompt - 1)) + 1;
    const behind = text.slice(close, prompt);
    if (close === 0 || !TRAILER.test(behind)) return this.held;
    this.trailer = text.slice(close).trim();
    return this.held.subarray(0, this.trailer === '' ? this.held.length : close);
  }
}
