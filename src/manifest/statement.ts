import { createHash } from 'node:crypto';
import type { FileDigest } from '../evidence/hash-file.ts';
import type { AccountGap, Completeness, DisagreementRow } from '../model/completeness.ts';
import { type EvidenceRow, evidenceListLine } from '../model/evidence-row.ts';
import { jsonText } from '../text/json-text.ts';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'urn:trustsieve:scan:v1';

/** A file that a manifest names. */
export interface NamedFile extends FileDigest {
  readonly name: string;
}

export interface ConfigurationFile extends NamedFile {
  /** The option that names it, such as `knownAccounts`. */
  readonly option: string;
}

export interface ManifestRule {
  readonly id: string;
  readonly sha256: string;
  /** False for a rule of a rule file, which stands among the configuration. */
  readonly builtIn: boolean;
}

/** What a manifest says of one scan. Nothing in it hangs on the clock, the machine or the number of workers. */
export interface ManifestParts {
  readonly toolVersion: string;
  /** ISO 8601 UTC. */
  readonly asOf: string;
  /** What was asked for, as far as it decides what comes out. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The rules that judged, by id, with the SHA-256 of their text. */
  readonly rules: readonly ManifestRule[];
  /** Files that options name. */
  readonly configuration: readonly ConfigurationFile[];
  /** The manifest of the scan before. */
  readonly previous: NamedFile | null;
  /** What the scan wrote; names are relative to the manifest. */
  readonly outputs: readonly NamedFile[];
  /** What is missing in the store that the outputs speak of. */
  readonly completeness: Completeness;
  /** Roles of that store on which files of one moment disagree. */
  readonly disagreements: Iterable<DisagreementRow>;
  /** By path. */
  readonly evidence: Iterable<EvidenceRow>;
}

/** What became of the records of a file, or of all. */
export interface EntryCounts {
  readonly read: number;
  readonly accepted: number;
  readonly superseded: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/**
 * The text of a manifest, an in-toto Statement: one line for each file, so that two manifests can be compared line by
 * line. Only one file's line is held at a time.
 */
export function* manifestText(parts: ManifestParts): Generator<string> {
  yield `{"_type":${jsonText(STATEMENT_TYPE)},"predicateType":${jsonText(PREDICATE_TYPE)},\n"subject":`;
  yield* list(parts.outputs.map((file) => ({ ...described(file), annotations: { bytes: file.bytes } })));
  const { toolVersion, asOf, options, previous } = parts;
  yield `,\n"predicate":{"tool":${jsonText({ name: 'trustsieve', version: toolVersion })},\n`;
  yield `"asOf":${jsonText(asOf)},\n"options":${jsonText(options)},\n"rules":`;
  yield* list(parts.rules.map(({ id, sha256, builtIn }) => ({ id, digest: { sha256 }, builtIn })));
  yield ',\n"configuration":';
  yield* list(
    parts.configuration.map((file) => ({ ...described(file), bytes: file.bytes, option: file.option })),
  );
  yield `,\n"previous":${jsonText(previous === null ? null : { ...described(previous), bytes: previous.bytes })},\n`;
  yield* completenessText(parts.completeness, parts.disagreements);
  yield '"evidence":';
  const evidence = createHash('sha256');
  const total = { files: 0, bytes: 0, read: 0, accepted: 0, superseded: 0, duplicate: 0, rejected: 0 };
  yield* list(
    mapped(parts.evidence, (row) => {
      const records = recordsOf(row);
      total.files++;
      evidence.update(evidenceListLine(row));
      total.bytes += row.bytes;
      for (const key of Object.keys(records) as (keyof EntryCounts)[]) total[key] += records[key];
      return evidenceLine(row, records);
    }),
  );
  yield `,\n"evidenceDigest":${jsonText({ sha256: evidence.digest('hex') })},\n"totals":${jsonText(total)}}}\n`;
}

function* completenessText(
  completeness: Completeness,
  disagreements: Iterable<DisagreementRow>,
): Generator<string> {
  const { membersKnown, members, gaps, closed, carriedForward, accountsIncomplete } = completeness;
  const { staleAfter, maxAge, unread, rejects, timedByModification, reasons } = completeness;
  const complete = membersKnown && reasons.length === 0;
  yield `"completeness":{"complete":${complete},"reasons":${jsonText(reasons)},\n`;
  yield `"membersKnown":${membersKnown},"members":${members},"gaps":`;
  yield* list(mapped(gaps, gapLine));
  yield ',"closed":';
  yield* list(mapped(closed, ({ account, name, status }) => ({ account, name, status })));
  yield ',"rejects":';
  yield* list(
    mapped(rejects, ({ code, count, example: { path, offset } }) => ({
      code,
      count,
      example: { path, offset },
    })),
  );
  yield ',"disagreements":';
  yield* list(mapped(disagreements, disagreementLine));
  const numbers = { accountsIncomplete, carriedForward, staleAfter, maxAge, unread, timedByModification };
  yield `,${jsonText(numbers).slice(1)},\n`;
}

function gapLine({ account, name, why, capturedAt, age }: AccountGap): object {
  return { account, name, why, capturedAt, age };
}

function disagreementLine({ account, arn, roleId, capturedAt, what, sources }: DisagreementRow): object {
  const files = sources.map(({ path, sha256 }) => described({ name: path, sha256 }));
  return { account, arn, roleId, capturedAt, what, files };
}

function recordsOf(row: EvidenceRow): EntryCounts {
  return {
    read: row.recordsRead,
    accepted: row.recordsAccepted,
    superseded: row.recordsSuperseded,
    duplicate: row.recordsDuplicate,
    rejected: row.recordsRejected,
  };
}

function evidenceLine(row: EvidenceRow, records: EntryCounts): object {
  const { path, sha256, bytes, format, account, capturedAt, capturedFrom, status } = row;
  const problems = row.problems.map(({ message }) => message);
  const problemCodes = row.problems.map(({ code }) => code);
  return {
    name: path,
    digest: { sha256 },
    bytes,
    format,
    account,
    capturedAt,
    capturedFrom,
    records,
    status,
    problems,
    problemCodes,
  };
}

function described({ name, sha256 }: Pick<NamedFile, 'name' | 'sha256'>): object {
  return { name, digest: { sha256 } };
}

function* list(items: Iterable<object>): Generator<string> {
  let separator = '[\n';
  for (const item of items) {
    yield separator + jsonText(item);
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]' : '\n]';
}

function* mapped<T, U>(items: Iterable<T>, map: (item: T) => U): Generator<U> {
  for (const item of items) yield map(item);
}
