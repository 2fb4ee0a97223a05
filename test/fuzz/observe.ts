import { isDeepStrictEqual } from 'node:util';
import { judgeRole } from '../../src/audit/audit-file.ts';
import { VerdictMemo } from '../../src/audit/memo.ts';
import { type EvidencePart, expandEvidence, expandGiven } from '../../src/evidence/archive/index.ts';
import { givenSource } from '../../src/evidence/given-source.ts';
import type { FileReading, FormatEvent, ReadOptions } from '../../src/formats/shared/file-reading.ts';
import { createFastReader } from '../../src/json/fast/fast-reader.ts';
import type { ReaderFactory } from '../../src/json/reader.ts';
import { createReferenceReader } from '../../src/json/reference/reference-reader.ts';
import type { Outcome } from '../../src/model/exposure.ts';
import { readEvidence } from '../../src/reading/read-evidence.ts';
import { RoleDetails } from '../../src/reading/role-details.ts';
import { D9_AWS_IAM_99 } from '../../src/rules/d9-aws-iam-99/rule.ts';
import { plainEvents } from './plain-events.ts';

/** Every export counts as one of all roles, so that nothing excuses a role that is missing. */
export const OPTIONS: ReadOptions = {
  account: '999988887777',
  capturedAt: '2026-02-01T00:00:00Z',
  format: null,
  receivedAt: '2026-05-05T05:05:05Z',
  whole: true,
};

/** One file, or one member of an archive, as it was read. */
export interface ObservedPart {
  readonly reading: FileReading;
  readonly events: readonly FormatEvent[];
}

export interface ObservedRole {
  readonly arn: string;
  readonly verdict: Outcome;
  /** Path of the part, and offset in it. */
  readonly part: string;
  readonly offset: number;
}

/** What became of one input. */
export interface Observation {
  readonly parts: readonly ObservedPart[];
  readonly roles: readonly ObservedRole[];
  /** What broke a promise while it was read; nothing of this is excused by what the evidence is like. */
  readonly faults: readonly string[];
}

export interface Input {
  /** As shown: some formats are known by the path. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Where the bytes are a file, for what is read in no other way. */
  readonly file?: string;
}

/** Pieces in which the bytes come; 0: all at once. */
export type Readers = Readonly<Record<'reference' | 'fast', ReaderFactory>>;
export const READERS: Readers = { reference: createReferenceReader, fast: createFastReader };
const NEVER = new AbortController().signal;

function partsOf({ path, bytes, file }: Input, piece: number): AsyncGenerator<EvidencePart, void> {
  if (file !== undefined) return expandEvidence({ kind: 'file', path, file }, OPTIONS);
  const chunks = function* (): Generator<Uint8Array> {
    if (piece === 0) yield bytes;
    else for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
  return expandGiven(path, givenSource(chunks(), NEVER), OPTIONS);
}

async function readAll(
  input: Input,
  create: ReaderFactory,
  piece: number,
  rows = false,
): Promise<readonly ObservedPart[]> {
  const found: ObservedPart[] = [];
  const options: ReadOptions = { ...OPTIONS, details: true, ...(rows && { rows: true }) };
  for await (const part of partsOf(input, piece)) {
    const batches = readEvidence(part, options, create, new RoleDetails());
    const events: FormatEvent[] = [];
    let step = await batches.next();
    for (; step.done !== true; step = await batches.next()) events.push(...step.value);
    found.push({ reading: step.value, events });
  }
  return found;
}

/** How many records the events of a part hand out. */
function recordsIn(events: readonly FormatEvent[]): number {
  let count = 0;
  for (const event of events) {
    if (event.kind === 'role' || event.kind === 'reject' || event.kind === 'role-policy') count++;
    else if (event.kind === 'policy' && event.isRecord === true) count++;
    else if (event.kind === 'organization') count += event.capture.accepted + event.capture.duplicate;
  }
  return count;
}

let memo = new VerdictMemo();
let judged = 0;

/**
 * Reads an input with both readers, as the library does and in rows as `scan` does, judges its roles, and notes where the
 * readings differ or do not add up.
 *
 * @param piece bytes that a reading gets at a time; 0: all at once
 * @param readers tests put others in, to see that a difference is found
 */
export async function observe(input: Input, piece = 0, readers: Readers = READERS): Promise<Observation> {
  const parts = await readAll(input, readers.reference, piece);
  const rows = await readAll(input, readers.fast, piece, true);
  const faults: string[] = [];
  // Rows show nearly all differences, at half the time.
  if (input.bytes.length % 3 === 0 || readers !== READERS) {
    const fast = await readAll(input, readers.fast, piece);
    compare('the fast reader differs from the reference reader', parts, fast, faults);
  }
  const plain = (all: readonly ObservedPart[]) =>
    all.map(({ reading, events }) => ({ reading, events: plainEvents(events) }));
  compare('rows differ from single roles', plain(parts), plain(rows), faults);
  for (const { reading, events } of parts) {
    const handed = recordsIn(events);
    if (reading.recordsRead !== handed) {
      faults.push(`counts do not add up: ${reading.recordsRead} read, ${handed} handed out`);
    }
  }
  return { parts, roles: parts.flatMap(judgedRoles), faults };
}

function judgedRoles({ reading, events }: ObservedPart): readonly ObservedRole[] {
  return events.flatMap((event): ObservedRole[] => {
    if (event.kind !== 'role') return [];
    // It remembers policies, of which there are ever more here.
    if (++judged % 5_000 === 0) memo = new VerdictMemo();
    const { arn, offset } = event.record;
    const verdicts = judgeRole(event.record, memo)?.verdicts ?? [];
    const own = verdicts.find(({ rule }) => rule === D9_AWS_IAM_99.id);
    return own === undefined ? [] : [{ arn, verdict: own.verdict, part: reading.evidence.path, offset }];
  });
}

function compare(what: string, a: readonly object[], b: readonly object[], faults: string[]): void {
  if (isDeepStrictEqual(a, b)) return;
  const [one, other] = [a, b].map((all) => JSON.stringify(all));
  let at = 0;
  while (one?.[at] === other?.[at] && at < (one?.length ?? 0)) at++;
  const around = (text = '') => text.slice(Math.max(0, at - 60), at + 120);
  faults.push(`${what}: ${around(one)} <> ${around(other)}`);
}
