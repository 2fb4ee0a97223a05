import { createHash, type KeyObject } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { expandEvidence } from '../evidence/archive/index.ts';
import { hashFile } from '../evidence/hash-file.ts';
import { evidenceListLine } from '../model/evidence-row.ts';
import { type EntryTotals, type ManifestEntry, readManifest } from './read.ts';
import { signatureFault, signaturePath } from './signature.ts';
import type { EntryCounts } from './statement.ts';

export type CheckKind =
  | 'manifest'
  | 'signature'
  | 'output'
  | 'evidence'
  /** The digest that printed reports show; `name` is what the list in the manifest comes to. */
  | 'evidence-digest'
  | 'configuration'
  | 'rule'
  | 'previous';
/** `unchecked`: nothing can be said of it. */
export type CheckState = 'match' | 'differs' | 'missing' | 'unchecked';

/** What came of checking one thing. */
export interface Check {
  readonly kind: CheckKind;
  readonly name: string;
  readonly state: CheckState;
  /** A clause; empty for a match. */
  readonly reason: string;
}

export interface VerifyOptions {
  /** The folder that paths of evidence and configuration start from. */
  readonly base: string;
  /** Public key, with the envelope's text when there is one; null to leave the signature alone. */
  readonly signature: { readonly key: KeyObject; readonly envelope: string | null } | null;
  /** The rules of this program, with their texts. */
  readonly rules: readonly { readonly id: string; readonly logic: string }[];
}

type FileEntry = Extract<ManifestEntry, { readonly bytes: number; readonly name: string }>;

/** SHA-256 of a rule's text. */
export function ruleTextDigest(logic: string): string {
  return createHash('sha256').update(logic).digest('hex');
}

/**
 * Hashes again what a manifest names, and hands out what came of it, one thing at a time. Names are only used to find
 * plain files; of what lies in them nothing but the hash is looked at.
 *
 * @throws the file system's error when the manifest cannot be read
 */
export async function* verifyManifest(path: string, options: VerifyOptions): AsyncGenerator<Check, void> {
  const entries = readManifest(path);
  const sums = new Sums();
  /** Members of one archive, which stand together. */
  let members: { readonly archive: string; readonly entries: Map<string, FileEntry> } | null = null;
  let step = await entries.next();
  for (; step.done !== true; step = await entries.next()) {
    const entry = step.value;
    const archive = entry.kind === 'evidence' ? await archiveBehind(entry, options.base) : null;
    if (members !== null && members.archive !== archive) {
      yield* checkMembers(members.archive, members.entries, options.base);
      members = null;
    }
    if (entry.kind === 'evidence') {
      yield* sums.add(entry);
      if (archive !== null) {
        members ??= { archive, entries: new Map() };
        members.entries.set(entry.name, entry);
        continue;
      }
    }
    if (entry.kind === 'totals') yield* sums.compare(entry);
    else if (entry.kind === 'evidence-digest') yield sums.compareDigest(entry.sha256);
    // A rule of a rule file is checked with its file.
    else if (entry.kind === 'rule' && !entry.builtIn) continue;
    else yield await checkEntry(entry, path, options);
  }
  if (members !== null) yield* checkMembers(members.archive, members.entries, options.base);
  const { sha256, fault } = step.value;
  if (fault !== null) yield check('manifest', path, 'differs', fault);
  else if (!sums.compared) yield check('manifest', path, 'differs', 'it has no totals');
  else yield check('manifest', path, 'match');
  if (options.signature !== null) yield checkSignature(path, sha256, options.signature);
}

/** Null for a file that has this very name, or is evidence that cannot be hashed at all. */
async function archiveBehind({ name, sha256 }: FileEntry, base: string): Promise<string | null> {
  const archive = sha256 === '' ? null : archiveOf(name);
  if (archive === null) return null;
  return (await hashFile(resolve(base, name), -1)).state === 'missing' ? archive : null;
}

async function checkEntry(
  entry: Exclude<ManifestEntry, { readonly kind: 'totals' | 'evidence-digest' }>,
  manifest: string,
  { base, rules }: VerifyOptions,
): Promise<Check> {
  if (entry.kind === 'malformed') {
    return check('manifest', manifest, 'differs', `its entry ${entry.pointer} is not as a scan writes it`);
  }
  const { kind, name, sha256 } = entry;
  if (kind === 'rule') {
    const rule = rules.find(({ id }) => id === name);
    if (rule === undefined) return check(kind, name, 'unchecked', 'it is no rule of this program');
    const same = ruleTextDigest(rule.logic) === sha256;
    return same
      ? check(kind, name, 'match')
      : check(kind, name, 'differs', 'this program judges by another text of the rule');
  }
  if (sha256 === '') return check(kind, name, 'unchecked', 'it could not be read when it was scanned');
  if (kind === 'evidence' && name === '-') {
    return check(kind, name, 'unchecked', 'it was read from standard input');
  }
  const isBeside = kind === 'output' || kind === 'previous';
  const found = await hashFile(resolve(isBeside ? dirname(manifest) : base, name), entry.bytes);
  if (found.state === 'missing') return check(kind, name, 'missing', 'there is no such file');
  if (found.state === 'unreadable') return check(kind, name, 'unchecked', found.reason);
  return compared(entry, found);
}

function compared(entry: FileEntry, found: { readonly sha256: string; readonly bytes: number }): Check {
  const { kind, name, bytes, sha256 } = entry;
  if (found.bytes !== bytes) {
    return check(kind, name, 'differs', `it has ${found.bytes} bytes instead of ${bytes}`);
  }
  return found.sha256 === sha256
    ? check(kind, name, 'match')
    : check(kind, name, 'differs', `its SHA-256 is ${found.sha256} instead of ${sha256}`);
}

async function* checkMembers(
  archive: string,
  entries: Map<string, FileEntry>,
  base: string,
): AsyncGenerator<Check, void> {
  const file = resolve(base, archive);
  const there = await hashFile(file, -1);
  if (there.state === 'hashed') {
    for await (const [path, digest] of hashMembers(archive, file)) {
      const entry = entries.get(path);
      if (entry === undefined) continue;
      entries.delete(path);
      yield digest === null
        ? check('evidence', path, 'unchecked', 'it can no longer be read out of the archive')
        : compared(entry, digest);
    }
  }
  const reason = there.state === 'hashed' ? 'it is not in the archive' : 'the archive is missing';
  const state = there.state === 'unreadable' ? 'unchecked' : 'missing';
  for (const name of entries.keys()) yield check('evidence', name, state, reason);
}

function checkSignature(
  path: string,
  sha256: string,
  { key, envelope }: NonNullable<VerifyOptions['signature']>,
): Check {
  const name = join(dirname(path), basename(signaturePath(path)));
  if (envelope === null) return check('signature', name, 'missing', 'the manifest is not signed');
  const fault = signatureFault(envelope, key, sha256);
  return fault === null ? check('signature', name, 'match') : check('signature', name, 'differs', fault);
}

/** Adds up what the manifest says of the files, which must be what it says of all. */
class Sums {
  compared = false;
  private readonly list = createHash('sha256');
  private readonly total = {
    files: 0,
    bytes: 0,
    read: 0,
    accepted: 0,
    superseded: 0,
    duplicate: 0,
    rejected: 0,
  };

  *add({ name, sha256, bytes, counts }: FileEntry): Generator<Check, void> {
    this.total.files++;
    this.list.update(evidenceListLine({ path: name, sha256 }));
    this.total.bytes += bytes;
    if (counts === null) return;
    for (const key of Object.keys(counts) as (keyof EntryCounts)[]) this.total[key] += counts[key];
    if (counts.read === counts.accepted + counts.superseded + counts.duplicate + counts.rejected) return;
    yield check('manifest', name, 'differs', 'its counts of records do not add up');
  }

  compareDigest(sha256: string): Check {
    const found = this.list.copy().digest('hex');
    return found === sha256
      ? check('evidence-digest', found, 'match')
      : check('evidence-digest', found, 'differs', `the manifest says ${sha256}`);
  }

  *compare(totals: EntryTotals): Generator<Check, void> {
    this.compared = true;
    for (const key of Object.keys(this.total) as (keyof EntryTotals)[]) {
      if (totals[key] === this.total[key]) continue;
      const reason = `${key}: ${totals[key]} instead of the ${this.total[key]} of its files`;
      yield check('manifest', 'totals', 'differs', reason);
    }
  }
}

function check(kind: CheckKind, name: string, state: CheckState, reason = ''): Check {
  return { kind, name, state, reason };
}

/** What unpacking an archive gives for one member; null for one that cannot be read. */
type MemberDigest = { readonly sha256: string; readonly bytes: number } | null;

/** The archive that a member lies in, by its path; null for a file of its own. */
function archiveOf(path: string): string | null {
  const at = path.indexOf('!/');
  return at <= 0 ? null : path.slice(0, at);
}

/**
 * Hashes the members of an archive one after the other, nested archives and theirs included.
 *
 * @param path as the manifest has it
 * @param file for the file system
 */
async function* hashMembers(
  path: string,
  file: string,
): AsyncGenerator<readonly [path: string, digest: MemberDigest], void> {
  for await (const part of expandEvidence({ kind: 'file', path, file })) {
    if (part.kind === 'opened') yield [part.path, (await part.stream.finish()).evidence];
    else if (part.kind === 'archive') yield [part.path, part.end.evidence];
    else yield [part.path, null];
  }
}
