import { createHash } from 'node:crypto';
import { ByteSource } from '../evidence/source.ts';
import type { JsonElement, ReadPlan } from '../json/reader.ts';
import { createReferenceReader } from '../json/reference/reference-reader.ts';
import { type EntryCounts, PREDICATE_TYPE, STATEMENT_TYPE } from './statement.ts';

/** One entry of a manifest, as found: nothing in it is believed. */
export type ManifestEntry =
  | {
      readonly kind: 'output' | 'configuration' | 'previous' | 'evidence';
      readonly name: string;
      readonly sha256: string;
      readonly bytes: number;
      /** Of evidence; null otherwise. */
      readonly counts: EntryCounts | null;
    }
  | { readonly kind: 'rule'; readonly name: string; readonly sha256: string; readonly builtIn: boolean }
  /** See `evidenceListLine`. */
  | { readonly kind: 'evidence-digest'; readonly sha256: string }
  | ({ readonly kind: 'totals' } & EntryTotals)
  /** An entry that is not as this program writes it. */
  | { readonly kind: 'malformed'; readonly pointer: string };

export interface EntryTotals extends EntryCounts {
  readonly files: number;
  readonly bytes: number;
}

export interface ManifestEnd {
  readonly sha256: string;
  /** Why it is no manifest, or not a whole one, as a clause; null when it is. */
  readonly fault: string | null;
}

const COUNTS = ['read', 'accepted', 'superseded', 'duplicate', 'rejected'] as const;
const FILE = [['name'], ['digest', 'sha256'], ['bytes']];
const KINDS = [
  'output',
  'configuration',
  'previous',
  'evidence',
  'rule',
  'totals',
  'evidence-digest',
] as const;
const PLAN: ReadPlan = {
  // In the order of KINDS.
  sources: [
    { at: ['subject'], shape: 'list', fields: [['name'], ['digest', 'sha256'], ['annotations', 'bytes']] },
    { at: ['predicate', 'configuration'], shape: 'list', fields: FILE },
    { at: ['predicate', 'previous'], shape: 'list', fields: FILE },
    {
      at: ['predicate', 'evidence'],
      shape: 'list',
      fields: [...FILE, ...COUNTS.map((key) => ['records', key])],
    },
    { at: ['predicate', 'rules'], shape: 'list', fields: [['id'], ['digest', 'sha256'], ['builtIn']] },
    {
      at: ['predicate', 'totals'],
      shape: 'list',
      fields: [['files'], ['bytes'], ...COUNTS.map((key) => [key])],
    },
    { at: ['predicate', 'evidenceDigest'], shape: 'list', fields: [['sha256']] },
  ],
  facts: ['_type', 'predicateType'],
  framing: 'stream',
};
const MAX_NAME = 32 * 1024;
const HASH = /^[0-9a-f]{64}$/;

/**
 * Reads a manifest from beginning to end, one entry at a time.
 *
 * @throws the file system's error
 */
export async function* readManifest(path: string): AsyncGenerator<ManifestEntry, ManifestEnd> {
  const source = await ByteSource.open(path);
  try {
    const hash = createHash('sha256');
    const reader = createReferenceReader(PLAN);
    const facts: ReadonlyMap<string, string>[] = [];
    let fault: string | null = null;
    let ended = false;
    while (!ended) {
      const bytes = await source.next();
      ended = bytes === null;
      if (bytes !== null) hash.update(bytes);
      for (const event of bytes === null ? reader.end() : reader.push(bytes)) {
        if (event.kind === 'element') yield entryOf(event);
        else if (event.kind === 'malformed')
          fault ??= `it breaks off at byte ${event.offset}: ${event.expected}`;
        else if (event.pointer === '') facts.push(event.facts);
      }
    }
    const [first] = facts;
    const isManifest =
      facts.length === 1 &&
      first?.get('_type') === JSON.stringify(STATEMENT_TYPE) &&
      first.get('predicateType') === JSON.stringify(PREDICATE_TYPE);
    return {
      sha256: hash.digest('hex'),
      fault: fault ?? (isManifest ? null : 'it is no manifest of a scan'),
    };
  } finally {
    await source.close();
  }
}

function entryOf(element: JsonElement): ManifestEntry {
  const kind = KINDS[element.source] as (typeof KINDS)[number];
  const malformed = { kind: 'malformed', pointer: element.pointer } as const;
  const value = (name: string): unknown => {
    const text = element.fields.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const count = (name: string): number => {
    const found = value(name);
    return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : Number.NaN;
  };
  const counts = (prefix: string): EntryCounts =>
    Object.fromEntries(COUNTS.map((key) => [key, count(prefix + key)])) as unknown as EntryCounts;
  const areSound = (numbers: object) => Object.values(numbers).every((one) => !Number.isNaN(one));
  if (element.type !== 'object' || element.repeated.length > 0) return malformed;
  if (kind === 'totals') {
    const totals = { files: count('files'), bytes: count('bytes'), ...counts('') };
    return areSound(totals) ? { kind, ...totals } : malformed;
  }
  if (kind === 'evidence-digest') {
    const sha256 = value('sha256');
    return typeof sha256 === 'string' && HASH.test(sha256) ? { kind, sha256 } : malformed;
  }
  const name = value(kind === 'rule' ? 'id' : 'name');
  const sha256 = value('digest/sha256');
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME || name.includes('\0'))
    return malformed;
  if (typeof sha256 !== 'string' || !/^(?:[0-9a-f]{64})?$/.test(sha256)) return malformed;
  if (kind === 'rule') return { kind, name, sha256, builtIn: value('builtIn') === true };
  const bytes = count(kind === 'output' ? 'annotations/bytes' : 'bytes');
  const records = kind === 'evidence' ? counts('records/') : null;
  if (Number.isNaN(bytes) || (records !== null && !areSound(records))) return malformed;
  return { kind, name, sha256, bytes, counts: records };
}
