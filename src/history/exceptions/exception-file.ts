import { parseGlob } from '../../iam/glob.ts';
import { splitArnPattern } from '../../iam/pattern.ts';
import type { AcceptedRisk } from '../../model/exception.ts';
import { normaliseTime } from '../../model/time.ts';

export interface ExceptionsReading {
  /** Empty when there is a problem: a file that is half understood accepts nothing. */
  readonly entries: readonly AcceptedRisk[];
  /** What is wrong, one sentence each, with the place in the file. */
  readonly problems: readonly string[];
}

const KEYS = [
  'id',
  'rule',
  'account',
  'role',
  'principal',
  'principalAccount',
  'reason',
  'expires',
  'owner',
  'ticket',
] as const;
type Key = (typeof KEYS)[number];

/** Other names under which a key is understood. */
const ALIASES: Readonly<Record<string, Key>> = { expiry: 'expires' };

const LONGEST_TEXT = 4000;

/** Checks an exceptions file: a list of entries, or an object with the list `exceptions`. */
export function readExceptions(value: unknown): ExceptionsReading {
  const list = isObject(value) ? value['exceptions'] : value;
  const extra = isObject(value) ? Object.keys(value).filter((key) => key !== 'exceptions') : [];
  if (!Array.isArray(list)) {
    return { entries: [], problems: ['it is no list of exceptions, and has no list `exceptions`'] };
  }
  const problems = extra.map(
    (key) => `the key \`${key}\` at the top is unknown: only \`exceptions\` stands there`,
  );
  const taken = new Map<string, number>();
  const entries = list.flatMap((item: unknown, index) => {
    const entry = readEntry(item, index, problems);
    if (entry === null) return [];
    const before = taken.get(entry.id);
    if (before === undefined) taken.set(entry.id, index);
    else problems.push(`${place(index, entry.id)}: key \`id\`: entry ${before} has it already`);
    return [entry];
  });
  return problems.length > 0 ? { entries: [], problems } : { entries, problems };
}

function readEntry(item: unknown, index: number, problems: string[]): AcceptedRisk | null {
  if (!isObject(item)) {
    problems.push(
      `${place(index, null)}: it is no mapping of keys such as \`id\`, \`reason\` and \`expires\``,
    );
    return null;
  }
  const before = problems.length;
  const entry = new EntryReader(item, index, problems).read();
  return problems.length > before ? null : entry;
}

type ReadValue = (key: Key, value: unknown) => string | null;

/** Reads the values of one entry; what is wrong with them is added to the problems. */
class EntryReader {
  private readonly index: number;
  private readonly id: string | null;
  private readonly problems: string[];
  private readonly values = new Map<Key, unknown>();

  constructor(item: Record<string, unknown>, index: number, problems: string[]) {
    this.index = index;
    this.id = typeof item['id'] === 'string' ? item['id'] : null;
    this.problems = problems;
    for (const [name, value] of Object.entries(item)) this.take(name, value);
  }

  read(): AcceptedRisk {
    return {
      id: this.required('id', 'it is missing: reports name the exception by it'),
      rule: this.one('rule', this.pattern),
      account: this.one('account', this.account),
      role: this.one('role', this.pattern),
      principals: this.several('principal', this.pattern),
      principalAccounts: this.several('principalAccount', this.account),
      reason: this.required('reason', 'it is missing: say why the finding is accepted'),
      expires: this.expires(),
      owner: this.one('owner', this.text),
      ticket: this.one('ticket', this.text),
    };
  }

  private take(name: string, value: unknown): void {
    const key =
      KEYS.find((one) => one === name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined);
    if (key === undefined) this.wrong(name, `there is no such key; use ${KEYS.join(', ')}`);
    else if (this.values.has(key)) this.wrong(name, `\`${key}\` is given twice`);
    else this.values.set(key, value);
  }

  private wrong(key: string, why: string): null {
    this.problems.push(`${place(this.index, this.id)}: key \`${key}\`: ${why}`);
    return null;
  }

  private required(key: Key, why: string): string {
    const value = this.values.get(key) ?? null;
    if (value === null) this.wrong(key, why);
    return (value === null ? null : this.text(key, value)) ?? '';
  }

  private one(key: Key, read: ReadValue): string | null {
    const value = this.values.get(key) ?? null;
    return value === null ? null : read(key, value);
  }

  private several(key: Key, read: ReadValue): readonly string[] {
    const value = this.values.get(key) ?? null;
    if (value === null) return [];
    if (Array.isArray(value) && value.length === 0)
      this.wrong(key, 'the list is empty; leave the key out to accept any');
    return (Array.isArray(value) ? value : [value]).flatMap((part: unknown) => read(key, part) ?? []);
  }

  private readonly text: ReadValue = (key, value) => {
    if (typeof value === 'number' && key === 'ticket') return String(value);
    if (typeof value !== 'string') return this.wrong(key, NO_TEXT);
    const trimmed = value.trim();
    return trimmed === '' ? this.wrong(key, 'it is empty') : this.short(key, trimmed);
  };

  private readonly pattern: ReadValue = (key, value) => {
    if (typeof value !== 'string' || value.trim() === '') return this.wrong(key, NO_TEXT);
    const trimmed = value.trim();
    if (trimmed.startsWith('arn:') && splitArnPattern(parseGlob(trimmed)) === null) {
      return this.wrong(key, 'it begins like an ARN, but has fewer than six parts');
    }
    return this.short(key, trimmed);
  };

  private readonly account: ReadValue = (key, value) => {
    // Twelve digits without quotation marks lost nothing; fewer may have lost leading zeros.
    const id = typeof value === 'number' && /^\d{12}$/.test(String(value)) ? String(value) : value;
    if (typeof id === 'string' && ACCOUNT_PATTERN.test(id.trim())) return id.trim();
    return this.wrong(
      key,
      'it is no account: write 12 digits in quotation marks, or a pattern of digits, `*` and `?`',
    );
  };

  private short(key: Key, text: string): string | null {
    return text.length > LONGEST_TEXT
      ? this.wrong(key, `it is longer than ${LONGEST_TEXT} characters`)
      : text;
  }

  private expires(): string {
    const given = this.required('expires', 'it is missing: an exception ends on a day, such as 2026-12-31');
    if (given === '') return '';
    const time = normaliseTime(given);
    if (time === null)
      return this.wrong('expires', 'it is not a date or time: write it like 2026-12-31') ?? '';
    return /^\d{4}-?\d{2}-?\d{2}$/.test(given) ? time.slice(0, 10) : time;
  }
}

const NO_TEXT = 'it is no text; put it in quotation marks';

const ACCOUNT_PATTERN = /^(?:\d{12}|[\d*?]*\*[\d*?]*|[\d?]{12})$/;

function place(index: number, id: string | null): string {
  return id === null ? `entry ${index}` : `entry ${index} (\`${id}\`)`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
