import {
  type AccountGap,
  CONFLICTING_RECORDS,
  type CodedProblem,
  type Completeness,
  type DisagreementRow,
  type InterruptedRun,
  type MissingParts,
  type UnknownGuardrails,
} from '../../model/completeness.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import { GUARDRAILS_UNKNOWN } from '../../model/guardrail.ts';
import type { AccountRow, ReportSource } from '../../model/report-source.ts';
import { formatCounted } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import { disagreementSentence } from '../shared/disagreement.ts';
import { missingFingerprint } from '../shared/fingerprint.ts';
import {
  gapSentence,
  guardrailsSentence,
  interruptedText,
  missingOf,
  missingPartsSentence,
  problemSentence,
} from '../shared/missing.ts';
import { unreadFiles } from '../shared/missing-objects.ts';
import { awsAccount, COMPLIANCE_STATUS, classOf, entityType, epochMilliseconds } from './attributes.ts';

/**
 * A finding for each scan that was interrupted or of which parts are missing, each account that is missing, each thing that cannot be so in an
 * organisation, each account whose guardrails are not known, each file that was not read whole, each kind of rejected
 * records, each role on which files disagree.
 */
export function* missingFindings(source: ReportSource, rule: string, accounts: Accounts): Generator<object> {
  for (const part of missingParts(source, accounts)) yield missingFinding(source, rule, part);
}

/** Those with evidence, by id. */
type Accounts = ReadonlyMap<string, Pick<AccountRow, 'name'>>;

function* missingParts(source: ReportSource, accounts: Accounts): Generator<MissingPart> {
  const accountOf = (id: string): object => awsAccount(id, accounts.get(id)?.name ?? null);
  const { gaps, maxAge, rejects, guardrailsUnknown = [], organizationProblems = [] } = missingOf(source);
  for (const run of source.interrupted) yield ofRun(run);
  for (const parts of source.missingParts) yield ofParts(parts);
  for (const gap of gaps) yield ofGap(gap, gapSentence(gap, maxAge));
  for (const problem of organizationProblems) yield ofOrganization(problem);
  for (const unknown of guardrailsUnknown) yield ofGuardrails(unknown, accountOf(unknown.account));
  for (const row of unreadFiles(source))
    yield ofFile(row, row.account === null ? null : accountOf(row.account));
  for (const rejected of rejects) yield ofRejects(rejected);
  for (const row of source.disagreements()) yield ofDisagreement(row, accountOf(row.account));
}

interface MissingPart {
  /** Stable code of what is missing. */
  readonly code: string;
  /** What tells it from others of its code. */
  readonly uid: string;
  /** As the schema has it. */
  readonly account: object | null;
  /** ISO 8601 UTC; null: the moment judged against. */
  readonly at: string | null;
  /** Instead of `Evidence is missing`. */
  readonly title?: string;
  readonly message: string;
  readonly resource: object;
  readonly facts: object;
}

/** In the words of the schema a warning: no result, due to missing information. */
function missingFinding(source: ReportSource, rule: string, part: MissingPart): object {
  const { code, uid, account, at, message, resource, facts } = part;
  const title = part.title ?? 'Evidence is missing';
  const status = COMPLIANCE_STATUS.error;
  return {
    ...classOf({ id: 1, caption: 'Create' }, { id: 0, caption: 'Unknown' }, source.toolVersion),
    time: epochMilliseconds(at ?? source.asOf, source.asOf),
    status_id: 1,
    status: 'New',
    message: visible(message),
    cloud: { provider: 'AWS', ...(account !== null && { account }) },
    finding_info: { uid: missingFingerprint(code, uid), title, types: ['Compliance'] },
    compliance: {
      control: rule,
      status_id: status.id,
      status: status.caption,
      status_code: code,
      status_details: [visible(message)],
    },
    resources: [resource],
    unmapped: { verdict: 'error', reason: code, ...facts },
  };
}

function ofRun(run: InterruptedRun): MissingPart {
  return {
    code: 'scan-interrupted',
    uid: String(run.id),
    account: null,
    at: null,
    message: `The ${interruptedText(run)}.`,
    resource: { uid: `scan ${run.id}`, type: 'Scan' },
    facts: { run: run.id, paths: run.paths },
  };
}

function ofParts(missing: MissingParts): MissingPart {
  const { list, parts } = missing;
  return {
    code: 'scan-parts-missing',
    uid: `${list} ${parts}`,
    account: null,
    at: null,
    message: missingPartsSentence(missing),
    resource: { uid: `list ${list}`, type: 'Scan' },
    facts: { list, parts, missing: missing.missing },
  };
}

function ofGap({ account, name, why, capturedAt, age }: AccountGap, message: string): MissingPart {
  return {
    code: 'account-gap',
    uid: account,
    account: awsAccount(account, name),
    at: capturedAt,
    message,
    resource: { uid: account, type: 'AWS Account', ...(name !== null && { name }) },
    facts: { name, why, captured_at: capturedAt, age },
  };
}

function ofOrganization({ code, message }: CodedProblem): MissingPart {
  return {
    code,
    uid: message,
    account: null,
    at: null,
    message: problemSentence(message),
    resource: { uid: 'organisation', type: 'AWS Organization' },
    facts: {},
  };
}

function ofGuardrails(unknown: UnknownGuardrails, owner: object): MissingPart {
  const { account, lack } = unknown;
  return {
    code: GUARDRAILS_UNKNOWN,
    uid: account,
    account: owner,
    at: null,
    message: guardrailsSentence(unknown),
    resource: { uid: account, type: 'AWS Account' },
    facts: { lack },
  };
}

function ofFile(row: EvidenceRow, account: object | null): MissingPart {
  const { path, sha256, capturedAt, status, problems: found } = row;
  const problems = found.map(({ code, message }) => ({ code, message }));
  const why = problems.map(({ message }) => message).join('; ');
  return {
    code: 'evidence-unread',
    uid: `${path} ${sha256}`,
    account,
    at: capturedAt,
    message: `The evidence file ${path} is ${status}${why === '' ? '' : `: ${why}`}.`,
    resource: { uid: path, type: 'Evidence file' },
    facts: { path, sha256, status, problems },
  };
}

function ofRejects({ code, count, example }: Completeness['rejects'][number]): MissingPart {
  const { path, offset, pointer, message } = example;
  return {
    code,
    uid: code,
    account: null,
    at: null,
    message: `${formatCounted(count, 'record was', 'records were')} rejected, the first of ${path}: ${message}.`,
    resource: { uid: path, type: 'Evidence file' },
    facts: { count, example: { path, offset, pointer, message } },
  };
}

function ofDisagreement(row: DisagreementRow, account: object): MissingPart {
  const { arn, roleId, capturedAt, what, sources } = row;
  return {
    code: CONFLICTING_RECORDS,
    uid: JSON.stringify([arn, roleId, what]),
    account,
    at: capturedAt,
    title: 'Evidence disagrees',
    message: disagreementSentence(row),
    resource: { uid: arn, type: entityType(arn), owner: { account } },
    facts: { arn, role_id: roleId, what, captured_at: capturedAt, sources },
  };
}
