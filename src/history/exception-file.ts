import { normaliseTime } from '../formats/times.ts';
import { parseGlob } from '../iam/glob.ts';
import { splitArnPattern } from '../iam/pattern.ts';
import type { AcceptedRisk } from '../store/types.ts';

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
  const id = typeof item['id'] === 'string' ? item['id'] : null;
  const before = problems.length;
  const values = new Map<Key, unknown>();
  for (const [name, value] of Object.entries(item)) {
    const key =
      KEYS.find((one) => one === name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined);
    if (key === undefined) {
      problems.push(`${place(index, id)}: key \`${name}\`: there is no such key; use ${KEYS.join(', ')}`);
    } else if (values.has(key))
      problems.push(`${place(index, id)}: key \`${name}\`: \`${key}\` is given twice`);
    else values.set(key, value);
  }
  const wrong = (key: Key, why: string): null => {
    problems.push(`${place(index, id)}: key \`${key}\`: ${why}`);
    return null;
  };

  function text(key: Key): string | null {
    const value = values.get(key);
    if (value === undefined || value === null) return null;
    if (typeof value === 'number' && key === 'ticket') return String(value);
    if (typeof value !== 'string') return wrong(key, 'it is no text; put it in quotation marks');
    const trimmed = value.trim();
    if (trimmed === '') return wrong(key, 'it is empty');
    if (trimmed.length > LONGEST_TEXT) return wrong(key, `it is longer than ${LONGEST_TEXT} characters`);
    return trimmed;
  }

  function required(key: Key, why: string): string {
    if (values.get(key) === undefined || values.get(key) === null) wrong(key, why);
    return text(key) ?? '';
  }

  function account(key: Key, value: unknown): string | null {
    // Twelve digits without quotation marks lost nothing; fewer may have lost leading zeros.
    const id = typeof value === 'number' && /^\d{12}$/.test(String(value)) ? String(value) : value;
    if (typeof id === 'string' && /^(?:\d{12}|[\d*?]*\*[\d*?]*|[\d?]{12})$/.test(id.trim())) return id.trim();
    return wrong(
      key,
      'it is no account: write 12 digits in quotation marks, or a pattern of digits, `*` and `?`',
    );
  }

  function pattern(key: Key, value: unknown): string | null {
    if (typeof value !== 'string' || value.trim() === '')
      return wrong(key, 'it is no text; put it in quotation marks');
    const trimmed = value.trim();
    if (trimmed.startsWith('arn:') && splitArnPattern(parseGlob(trimmed)) === null) {
      return wrong(key, 'it begins like an ARN, but has fewer than six parts');
    }
    return trimmed.length > LONGEST_TEXT
      ? wrong(key, `it is longer than ${LONGEST_TEXT} characters`)
      : trimmed;
  }

  function one(key: Key, read: (key: Key, value: unknown) => string | null): string | null {
    const value = values.get(key);
    return value === undefined || value === null ? null : read(key, value);
  }

  function several(key: Key, read: (key: Key, value: unknown) => string | null): readonly string[] {
    const value = values.get(key);
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.length === 0)
      wrong(key, 'the list is empty; leave the key out to accept any');
    return (Array.isArray(value) ? value : [value]).flatMap((part: unknown) => read(key, part) ?? []);
  }

  function expires(): string {
    const given = required('expires', 'it is missing: an exception ends on a day, such as 2026-12-31');
    if (given === '') return '';
    const time = normaliseTime(given);
    if (time === null) return wrong('expires', 'it is no date or time: write it like 2026-12-31') ?? '';
    return /^\d{4}-?\d{2}-?\d{2}$/.test(given) ? time.slice(0, 10) : time;
  }

  const entry: AcceptedRisk = {
    id: required('id', 'it is missing: reports name the exception by it'),
    rule: one('rule', pattern),
    account: one('account', account),
    role: one('role', pattern),
    principals: several('principal', pattern),
    principalAccounts: several('principalAccount', account),
    reason: required('reason', 'it is missing: say why the finding is accepted'),
    expires: expires(),
    owner: text('owner'),
    ticket: text('ticket'),
  };
  return problems.length > before ? null : entry;
}

function place(index: number, id: string | null): string {
  return id === null ? `entry ${index}` : `entry ${index} (\`${id}\`)`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
