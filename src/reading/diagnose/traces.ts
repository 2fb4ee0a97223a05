/** What a text shows of the trust policies of roles, wherever it stands. Offsets count bytes of the text from 0. */
export interface Traces {
  /** Of the first trace of any kind; null without one. */
  readonly first: number | null;
  /** Of the first key under which exports keep a trust policy, or roles with theirs. */
  readonly key: number | null;
  /** Of the first such key that is one of JSON itself, not of JSON inside of a string, and spelt as only exports spell it. */
  readonly plain: number | null;
  /** True when the text holds nothing but white space. */
  readonly blank: boolean;
}

const KEY = /assume_?role_?policy|trust_?polic|trust_?relationship|role_?detail_?list/i;
const PLAIN =
  /"(?:AssumeRolePolicyDocument|assume_role_policy(?:_document|_std)?|RoleDetailList|role_detail_list)"\s*:\s*["{[]/;
const ACTION = /sts:AssumeRole/i;
const ROLE = /arn:aws[a-z-]*:iam::\d{12}:role\\?\//i;
const PRINCIPAL = /["']principal\\*["']\s*:/i;

/** What stands for another character: zero bytes of UTF-16, escapes of URLs (of any depth) and of JSON. */
const ESCAPE = /\0+|%(?:25)*([2-7][0-9a-f])|\\+u00([2-7][0-9a-f])/gi;
const MAY_ESCAPE = /[\0%]|\\u00/i;
/** Characters looked at again with the next bytes: longer than any trace in any encoding. */
const OVERLAP = 1024;

/** Searches a text as it is read, in any pieces, and holds little of it. */
export class TraceFinder {
  private tail = '';
  private offset = 0;
  private blank = true;
  private key: number | null = null;
  private plain: number | null = null;
  private action: number | null = null;
  private role: number | null = null;
  private principal: number | null = null;

  push(bytes: Uint8Array): void {
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const text = this.tail + raw;
    const begin = this.offset - this.tail.length;
    if (this.blank) this.blank = !/\S/.test(raw);
    this.search(text, (at) => begin + at);
    if (MAY_ESCAPE.test(text)) {
      const decoded = decode(text);
      this.search(decoded.text, (at) => begin + decoded.origin(at));
    }
    this.offset += bytes.length;
    this.tail = text.slice(-OVERLAP);
  }

  /** What was found so far. */
  get traces(): Traces {
    const { key, plain, blank, action, role, principal } = this;
    // Apart each says little: anything may name a role, and policies of other kinds have principals too.
    const named = role !== null && principal !== null ? Math.min(role, principal) : null;
    const all = [key, action, named].filter((at) => at !== null);
    return { first: all.length === 0 ? null : Math.min(...all), key, plain, blank };
  }

  private search(text: string, place: (at: number) => number): void {
    const find = (known: number | null, pattern: RegExp): number | null => {
      // What was found in earlier bytes stands before anything in these.
      if (known !== null && known < this.offset - OVERLAP) return known;
      const at = text.search(pattern);
      return at < 0 ? known : Math.min(place(at), known ?? Number.POSITIVE_INFINITY);
    };
    this.key = find(this.key, KEY);
    this.plain = find(this.plain, PLAIN);
    this.action = find(this.action, ACTION);
    this.role = find(this.role, ROLE);
    this.principal = find(this.principal, PRINCIPAL);
  }
}

/** A text without its escapes, and where its characters come from. */
function decode(text: string): { readonly text: string; readonly origin: (at: number) => number } {
  const parts: string[] = [];
  /** Where the parts begin, in the decoded text and in the other. */
  const starts: { readonly at: number; readonly from: number }[] = [];
  let length = 0;
  let from = 0;
  const add = (part: string, origin: number) => {
    if (part === '') return;
    starts.push({ at: length, from: origin });
    parts.push(part);
    length += part.length;
  };
  for (const match of text.matchAll(ESCAPE)) {
    const hex = match[1] ?? match[2];
    add(text.slice(from, match.index), from);
    if (hex !== undefined) add(String.fromCharCode(Number.parseInt(hex, 16)), match.index);
    from = match.index + match[0].length;
  }
  add(text.slice(from), from);
  const origin = (at: number) => {
    const start = starts.findLast((one) => one.at <= at);
    return start === undefined ? at : start.from + at - start.at;
  };
  return { text: parts.join(''), origin };
}
