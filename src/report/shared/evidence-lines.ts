import { CONFLICTING_RECORDS, type Completeness, type DisagreementRow } from '../../model/completeness.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import { GUARDRAILS_UNKNOWN } from '../../model/guardrail.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { disagreementSentence } from './disagreement.ts';
import { evidenceDigest } from './evidence-digest.ts';
import {
  ACCOUNT_NOT_WHOLE,
  behindWords,
  carriedWords,
  gapWhy,
  guardrailsSentence,
  MEMBERS_UNKNOWN,
  missingOf,
  plainText,
} from './missing.ts';
import { placedRejects } from './missing-objects.ts';
import type { ReportHeading } from './options.ts';

type EvidenceKind =
  | 'evidence-digest'
  | 'coverage'
  | 'account-gap'
  | 'account-closed'
  | 'account-incomplete'
  | 'account-carried-forward'
  | 'organization-carried-forward'
  | typeof GUARDRAILS_UNKNOWN
  | typeof CONFLICTING_RECORDS
  | 'evidence'
  | 'rejected';

/** One line of a file beside a report; what a kind does not have is absent. */
export interface CompanionLine {
  readonly kind: EvidenceKind | 'heading';
  readonly path?: string;
  readonly sha256?: string;
  readonly account?: string | null;
  readonly name?: string | null;
  readonly capturedAt?: string | null;
  readonly age?: number | null;
  readonly status?: string;
  readonly codes?: readonly string[];
  readonly messages?: readonly string[];
  readonly offset?: number;
  readonly pointer?: string;
  readonly file?: EvidenceRow;
  readonly arn?: string;
  readonly roleId?: string;
}

/** One line of what stands behind the findings. */
export interface EvidenceLine extends CompanionLine {
  readonly kind: EvidenceKind;
}

/**
 * What the report is, then what stands behind it.
 *
 * @param missing what is told to be missing
 */
export function* companionLines(
  source: ReportSource,
  { title, client, preparedBy }: ReportHeading = {},
  missing: Completeness = missingOf(source),
): Generator<CompanionLine> {
  for (const [code, text] of Object.entries({ title, client, 'prepared-by': preparedBy })) {
    if (text !== undefined) yield { kind: 'heading', codes: [code], messages: [text] };
  }
  yield* evidenceLines(source, missing);
}

/** What is missing first, then every file and every rejected record. */
export function* evidenceLines(
  source: ReportSource,
  missing: Completeness = missingOf(source),
): Generator<EvidenceLine> {
  yield { kind: 'evidence-digest', sha256: evidenceDigest(source.evidence()) };
  const { membersKnown, reasons, gaps, maxAge, closed, guardrailsUnknown = [] } = missing;
  const { organizationsBehind = [] } = missing;
  for (const reason of reasons) {
    yield { kind: 'coverage', status: 'incomplete', codes: ['incomplete'], messages: [reason] };
  }
  if (!membersKnown) {
    yield {
      kind: 'coverage',
      status: 'unknown',
      codes: ['members-unknown'],
      messages: [plainText(MEMBERS_UNKNOWN)],
    };
  }
  for (const gap of gaps) {
    const { account, name, capturedAt, age, why } = gap;
    const messages = [gapWhy(gap, maxAge)];
    yield { kind: 'account-gap', account, name, capturedAt, age, status: why, codes: [why], messages };
  }
  for (const one of closed) yield { kind: 'account-closed', ...one };
  for (const { account, name, capturedAt, complete, carriedForward } of source.accounts()) {
    const row = { account, name, capturedAt, age: carriedForward };
    if (!complete) {
      yield { kind: 'account-incomplete', ...row, status: 'incomplete', messages: [ACCOUNT_NOT_WHOLE] };
    }
    if (carriedForward !== null) {
      yield { kind: 'account-carried-forward', ...row, messages: [carriedWords(carriedForward)] };
    }
  }
  for (const unknown of guardrailsUnknown) {
    const messages = [guardrailsSentence(unknown)];
    yield { kind: GUARDRAILS_UNKNOWN, account: unknown.account, codes: [GUARDRAILS_UNKNOWN], messages };
  }
  for (const behind of organizationsBehind) {
    const { capturedAt, age } = behind;
    yield { kind: 'organization-carried-forward', capturedAt, age, messages: [behindWords(behind)] };
  }
  for (const row of source.disagreements()) yield disagreementLine(row);
  for (const row of source.evidence()) yield fileLine(row);
  for (const { reject, sha256 } of placedRejects(source)) {
    const { path, offset, pointer, code, message } = reject;
    yield { kind: 'rejected', path, sha256, offset, pointer, codes: [code], messages: [message] };
  }
}

function disagreementLine(row: DisagreementRow): EvidenceLine {
  const { account, arn, roleId, capturedAt, what, sources } = row;
  return {
    kind: CONFLICTING_RECORDS,
    ...sources[0],
    account,
    arn,
    roleId,
    capturedAt,
    status: what,
    codes: [CONFLICTING_RECORDS],
    messages: [disagreementSentence(row)],
  };
}

function fileLine(file: EvidenceRow): EvidenceLine {
  const { path, sha256, account, capturedAt, status, problems } = file;
  const codes = problems.map(({ code }) => code);
  const messages = problems.map(({ message }) => message);
  return { kind: 'evidence', path, sha256, account, capturedAt, status, codes, messages, file };
}

export function countCompanionLines(
  source: ReportSource,
  heading?: ReportHeading,
  missing?: Completeness,
): number {
  let count = 0;
  for (const _ of companionLines(source, heading, missing)) count++;
  return count;
}
