import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Outcome } from '../../../model/exposure.ts';
import { effectiveVerdict, GUARDRAILS_NARROW } from '../../../model/guardrail.ts';
import type { AccountRow, ReportSource, StoredVerdict } from '../../../model/report-source.ts';
import type { Impact } from '../../../model/role-detail.ts';
import type { RuleMetadata } from '../../../model/rule.ts';
import { OUTCOMES, type VerdictObject } from '../../../model/verdict.ts';
import { CLASSES, classOf, OUTCOME_OF, type VerdictClass } from '../../../model/verdict-class.ts';
import { batches } from '../../files/stream.ts';
import { controlLabels } from '../../shared/controls.ts';
import { SEVERITIES, STATES } from '../../shared/labels.ts';
import type { ReportOptions } from '../../shared/options.ts';
import type { FindingColumns } from '../shared/finding-columns.ts';
import { packTime } from '../shared/packed-time.ts';
import { packColumns } from '../shared/packing.ts';
import type {
  AccountLine,
  FindingDetail,
  PayloadLine,
  PayloadMeta,
  SharedImpact,
} from '../shared/payload.ts';
import { TextOfBytes } from '../shared/text-bytes.ts';
import type { FindingsPart } from './findings-parts.ts';
import { heldLength } from './held-length.ts';
import { jsonString } from './json-string.ts';
import type { PageLimits } from './limits.ts';
import { StringIndex } from './string-index.ts';
import type { PageRegister } from './third-parties.ts';
import { worstAccounts } from './worst-accounts.ts';

const ROWS_PER_LINE = 2_000;
/** Long lines compress better: with 2,000 findings in each the page of 100,000 is 5 % larger. */
const FINDINGS_PER_LINE = 10_000;
/** Characters (`heldLength`) that count as much as a finding, so that what a line is made of fits into memory. */
const HELD_WEIGHT = 2_000;
/** Characters in a line of the file. */
const LINE_LENGTH = 16 * 1024;

/** The data of the page, line by line or in parts of lines, with at most one line's rows in memory. */
export function* payloadLines(
  source: ReportSource,
  register: PageRegister,
  options: ReportOptions,
  limits: PageLimits,
  budgets: Readonly<Record<VerdictClass, number>>,
): Generator<string> {
  yield metaLine(options);
  for (const rows of batches(worstAccounts(source, limits.accounts), ROWS_PER_LINE)) {
    yield line({
      kind: 'accounts',
      rows: rows.map(accountLine),
    });
  }
  for (const rows of batches(register.lines, ROWS_PER_LINE)) {
    yield line({ kind: 'third-parties', rows });
  }
  for (const rows of batches(first(source.evidence(), limits.evidence), ROWS_PER_LINE)) {
    yield line({ kind: 'evidence', rows });
  }
  for (const rows of batches(first(source.rejects(), limits.rejects), ROWS_PER_LINE)) {
    yield line({ kind: 'rejects', rows });
  }
  yield* findingLines(chosen(source, budgets));
}

/** The data of one part: its findings and the names of their accounts. */
export function* partPayload(
  source: ReportSource,
  options: ReportOptions,
  part: FindingsPart,
  verdicts: Iterable<StoredVerdict>,
): Generator<string> {
  yield metaLine(options);
  for (const rows of batches(accountsOf(source, part), ROWS_PER_LINE)) {
    yield line({ kind: 'accounts', rows: rows.map(accountLine) });
  }
  yield* findingLines(verdicts);
}

function* accountsOf(
  source: ReportSource,
  { firstAccount, lastAccount }: FindingsPart,
): Generator<AccountRow> {
  for (const row of source.accounts()) {
    if (row.account >= firstAccount && row.account <= lastAccount) yield row;
  }
}

function metaLine({ noteSentences, rules }: ReportOptions): string {
  const meta = { noteSentences, rules: rules.map(ruleLine) };
  return line({ kind: 'meta', meta });
}

function ruleLine(rule: RuleMetadata): PayloadMeta['rules'][number] {
  const { id, title, riskLevel } = rule;
  return { id, title, riskLevel, controls: controlLabels(rule) };
}

/** Ends with the count, by which the page knows that nothing is missing. */
function* findingLines(verdicts: Iterable<StoredVerdict>): Generator<string> {
  const strings = new StringIndex();
  let findings = 0;
  const weight = (verdict: StoredVerdict): number => 1 + heldLength(verdict) / HELD_WEIGHT;
  for (const batch of batches(verdicts, FINDINGS_PER_LINE, weight)) {
    findings += batch.length;
    const columns = packColumns(findingColumns(batch, strings));
    yield* stringsLine(strings.takeFresh());
    yield line({ kind: 'findings', columns });
  }
  yield line({ kind: 'end', findings });
}

/** Characters of a line that are handed on together. */
const PIECE = 64 * 1024;

/** The line of kind `strings` in pieces, because policies can be so long that their line would fill memory. */
function* stringsLine(values: Iterable<string>): Generator<string> {
  let piece = '{"kind":"strings","values":[';
  let separator = '';
  for (const value of values) {
    piece += separator;
    separator = ',';
    for (const part of jsonString(value)) {
      piece += part;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
  }
  yield `${piece}]}\n`;
}

function line(content: PayloadLine): string {
  return `${JSON.stringify(content)}\n`;
}

function* first<T>(items: Iterable<T>, limit: number): Generator<T> {
  if (limit === 0) return;
  let taken = 0;
  for (const item of items) {
    yield item;
    taken += 1;
    if (taken === limit) return;
  }
}

/** The first of each class, in the order of the source, ending as soon as every budget is used up. */
function* chosen(
  source: ReportSource,
  budgets: Readonly<Record<VerdictClass, number>>,
): Generator<StoredVerdict> {
  const left = { ...budgets };
  let total = CLASSES.reduce((sum, name) => sum + budgets[name], 0);
  if (total === 0) return;
  for (const verdict of source.verdicts({ outcomes: wantedOutcomes(budgets), most: budgets })) {
    const group = classOf(verdict.object);
    if (left[group] === 0) continue;
    left[group] -= 1;
    total -= 1;
    yield verdict;
    if (total === 0) return;
  }
}

function wantedOutcomes(budgets: Readonly<Record<VerdictClass, number>>): readonly Outcome[] {
  const wanted = CLASSES.filter((name) => budgets[name] > 0).map((name) => OUTCOME_OF[name]);
  return OUTCOMES.filter((outcome) => wanted.includes(outcome));
}

function findingColumns(verdicts: readonly StoredVerdict[], strings: StringIndex): FindingColumns {
  const indexes = (value: (object: VerdictObject) => string | null): number[] =>
    verdicts.map(({ object }) => strings.add(value(object)));
  const numbers = (value: (object: VerdictObject) => number): number[] =>
    verdicts.map(({ object }) => value(object));
  const texts = (value: (object: VerdictObject) => string): string[] =>
    verdicts.map(({ object }) => value(object));
  return {
    rule: indexes((v) => v.rule),
    account: indexes((v) => v.account),
    partition: indexes((v) => v.partition),
    detail: verdicts.map((verdict) => strings.add(detailText(verdict), () => detailText(verdict))),
    policy: verdicts.map((verdict) => strings.add(verdict.policy, () => verdict.policy ?? '')),
    source: indexes((v) => v.evidence.source),
    sha256: indexes((v) => v.evidence.sha256),
    capturedAt: indexes((v) => v.evidence.capturedAt),
    firstSeen: indexes((v) => v.firstSeen),
    lastSeen: indexes((v) => v.lastSeen),
    suppressedBy: indexes((v) => v.suppressedBy),
    verdict: numbers((v) => OUTCOMES.indexOf(v.verdict)),
    literal: numbers((v) => OUTCOMES.indexOf(v.literal)),
    severity: numbers((v) => (v.severity === null ? -1 : SEVERITIES.indexOf(v.severity))),
    state: numbers((v) => (v.state === null ? -1 : STATES.indexOf(v.state))),
    effective: numbers((v) => OUTCOMES.indexOf(effectiveVerdict(v))),
    impact: indexes((v) => (v.impact === null ? null : sharedImpact(v.impact))),
    tags: indexes((v) => (v.impact === null ? null : JSON.stringify(v.impact.tags))),
    created: verdicts.map(({ object }) => packTime(object.impact?.created ?? null)),
    lastUsed: verdicts.map(({ object }) => packTime(object.impact?.lastUsed ?? null)),
    offset: numbers((v) => v.evidence.offset),
    roleName: texts((v) => v.roleName),
    roleId: texts((v) => v.roleId),
    arnStart: indexes(arnStart),
    oddArn: texts((v) => (arnStart(v) === null ? v.arn : '')),
  };
}

function arnStart({ arn, roleName }: VerdictObject): string | null {
  return arn.endsWith(roleName) ? arn.slice(0, arn.length - roleName.length) : null;
}

function detailText({ object, ways }: StoredVerdict): string {
  const { reason, notes, message, paths, witness, guardrail } = object;
  const isNarrowed = notes.includes(GUARDRAILS_NARROW);
  const detail: FindingDetail = {
    ...{ reason, notes, message, paths, witness, guardrail },
    ...(isNarrowed && { ways }),
  };
  return JSON.stringify(detail);
}

function sharedImpact({ privileges, why, policies, boundary, maxSession }: Impact): string {
  const shared: SharedImpact = { privileges, why, policies, boundary, maxSession };
  return JSON.stringify(shared);
}

function accountLine(row: AccountRow): AccountLine {
  return {
    account: row.account,
    name: row.name,
    capturedAt: row.capturedAt,
    complete: row.complete,
    carriedForward: row.carriedForward,
    roles: row.roles,
    verdicts: OUTCOMES.map((outcome) => row.verdicts[outcome]),
    closed: row.closed,
  };
}

/** Gzip, then text in lines; streamed, and the same whatever sizes the compressor happens to hand over. */
export async function* compressedText(text: Iterable<string>): AsyncGenerator<string> {
  const gzip = createGzip({ level: 9 });
  // The callback only marks the error as seen: it also destroys `gzip`, so the loop below throws it.
  pipeline(Readable.from(text), gzip, () => undefined);
  const packed = new TextOfBytes();
  let held = '';
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    held += packed.add(chunk);
    let start = 0;
    for (; held.length - start >= LINE_LENGTH; start += LINE_LENGTH) {
      yield `${held.slice(start, start + LINE_LENGTH)}\n`;
    }
    held = held.slice(start);
  }
  yield `${held}${packed.end()}\n`;
}
