import { type AccountGap, CONFLICTING_RECORDS, type DisagreementRow } from '../../model/completeness.ts';
import type { EvidenceRow, RejectRow } from '../../model/evidence-row.ts';
import { GUARDRAILS_UNKNOWN } from '../../model/guardrail.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { disagreementSentence } from './disagreement.ts';
import {
  gapSentence,
  guardrailsSentence,
  interruptedText,
  missingOf,
  missingPartsSentence,
  problemSentence,
} from './missing.ts';
import type { MissingObject } from './missing-object.ts';
import type { ReportOptions } from './options.ts';

/**
 * Everything that is missing, one object each: scans that were interrupted, parts of scans, accounts, files, records, and roles on which
 * files disagree. They are no verdicts and are not counted.
 */
export function* missingObjects(source: ReportSource, options: ReportOptions): Generator<MissingObject> {
  const rule = builtInRule(options);
  for (const part of missingParts(source)) yield { ...NOTHING, rule, ...part };
}

/** A file that could not be read whole, under the rule that is missing for. */
export function unreadObject(rule: string, row: UnreadFile): MissingObject {
  return { ...NOTHING, rule, ...ofFile(row) };
}

/** A rejected record. `sha256`: of its file. */
export function rejectObject(rule: string, reject: RejectRow, sha256: string): MissingObject {
  return { ...NOTHING, rule, ...ofReject(reject, sha256) };
}

/** An account of the organisation without complete evidence. `maxAge`: days; null for no limit. */
export function gapObject(rule: string, gap: AccountGap, maxAge: number | null): MissingObject {
  return { ...NOTHING, rule, ...ofGap(gap, gapSentence(gap, maxAge)) };
}

/** Evidence in which there is no role at all. */
export function noRoleObject(rule: string): MissingObject {
  const message = 'No role was found in the evidence.';
  return { ...NOTHING, rule, reason: 'no-roles', message, evidence: NOWHERE };
}

type UnreadFile = Pick<EvidenceRow, 'path' | 'sha256' | 'account' | 'capturedAt' | 'status' | 'problems'>;

/** The rule that what is missing is missing for: the first one, which is built in. */
export function builtInRule({ rules }: ReportOptions): string {
  return rules[0]?.id ?? '';
}

type MissingPart = Pick<MissingObject, 'reason' | 'message' | 'evidence'> & { readonly account?: string };

function* missingParts(source: ReportSource): Generator<MissingPart> {
  const { gaps, maxAge, guardrailsUnknown = [], organizationProblems = [] } = missingOf(source);
  for (const run of source.interrupted) {
    yield { reason: 'scan-interrupted', message: `The ${interruptedText(run)}.`, evidence: NOWHERE };
  }
  for (const parts of source.missingParts) {
    yield { reason: 'scan-parts-missing', message: missingPartsSentence(parts), evidence: NOWHERE };
  }
  for (const gap of gaps) yield ofGap(gap, gapSentence(gap, maxAge));
  for (const { code, message } of organizationProblems) {
    yield { reason: code, message: problemSentence(message), evidence: NOWHERE };
  }
  for (const unknown of guardrailsUnknown) {
    const message = guardrailsSentence(unknown);
    yield { reason: GUARDRAILS_UNKNOWN, account: unknown.account, message, evidence: NOWHERE };
  }
  for (const row of unreadFiles(source)) yield ofFile(row);
  for (const { reject, sha256 } of placedRejects(source)) yield ofReject(reject, sha256);
  for (const row of source.disagreements()) yield ofDisagreement(row);
}

/** The files in scope that could not be read whole, unless what they lack came later. */
export function* unreadFiles(source: ReportSource): Generator<EvidenceRow> {
  if (source.completeness().unread === 0) return;
  for (const row of source.evidence()) if (row.status !== 'complete' && row.loss !== 'mended') yield row;
}

/** Rejected records with the SHA-256 of their file; both lists come in the order of paths, so one pass will do. */
export function* placedRejects(
  source: ReportSource,
): Generator<{ readonly reject: RejectRow; readonly sha256: string }> {
  const files = source.evidence()[Symbol.iterator]();
  const following = (): EvidenceRow | undefined => {
    const step = files.next();
    return step.done === true ? undefined : step.value;
  };
  try {
    let file = following();
    let next = following();
    let taken = 0;
    for (const reject of source.rejects()) {
      // A path may be there twice, when its content changed.
      while (
        file !== undefined &&
        (file.path !== reject.path || (taken >= file.recordsRejected && next?.path === reject.path))
      ) {
        [file, next, taken] = [next, following(), 0];
      }
      taken++;
      yield { reject, sha256: file?.sha256 ?? '' };
    }
  } finally {
    files.return?.();
  }
}

const NOTHING = {
  account: '',
  partition: '',
  arn: '',
  roleName: '',
  roleId: '',
  verdict: 'error',
  literal: 'error',
  severity: null,
  notes: [],
  paths: [],
  witness: null,
  firstSeen: null,
  lastSeen: null,
  state: null,
  suppressedBy: null,
  guardrail: null,
  impact: null,
} as const satisfies Partial<MissingObject>;

const NOWHERE = { source: '', sha256: '', offset: null, capturedAt: null };

function ofGap({ account, capturedAt }: AccountGap, message: string): MissingPart {
  const evidence = { ...NOWHERE, capturedAt };
  return { account, reason: 'account-gap', message, evidence };
}

function ofFile({ path, sha256, account, capturedAt, status, problems }: UnreadFile): MissingPart {
  const why = problems.map(({ message }) => message).join('; ');
  return {
    account: account ?? '',
    reason: 'evidence-unread',
    message: `The evidence is ${status}${why === '' ? '' : `: ${why}`}.`,
    evidence: { source: path, sha256, offset: null, capturedAt },
  };
}

function ofReject({ path, offset, pointer, code, message }: RejectRow, sha256: string): MissingPart {
  const where = pointer === '' ? '' : ` at ${pointer}`;
  return {
    reason: code,
    message: `A record${where} was rejected: ${message}.`,
    evidence: { source: path, sha256, offset, capturedAt: null },
  };
}

/** The place is that of the first file that shows the role. */
function ofDisagreement(row: DisagreementRow): MissingPart {
  const { account, capturedAt, sources } = row;
  const [first] = sources;
  const place =
    first === undefined ? NOWHERE : { source: first.path, sha256: first.sha256, offset: first.offset };
  return {
    account,
    reason: CONFLICTING_RECORDS,
    message: disagreementSentence(row),
    evidence: { ...place, capturedAt },
  };
}
