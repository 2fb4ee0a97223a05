import type { Writable } from 'node:stream';
import type { Outcome, Severity, VerdictObject } from '../audit/verdict.ts';
import type { RuleMetadata } from '../rules/types.ts';
import type { ReportSource, StoredVerdict } from '../store/types.ts';
import { builtInRule, unreadFiles } from './missing-objects.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from './options.ts';
import { CONFLICTING_RECORDS, disagreementSentence } from './shared/disagreement.ts';
import { findingFingerprint, missingFingerprint, roleFingerprint } from './shared/fingerprint.ts';
import { interruptedText } from './shared/interrupted.ts';
import { jsonText } from './shared/json-text.ts';
import { formatCount } from './shared/labels.ts';
import { carriedAccounts, gapSentence, missingOf } from './shared/missing.ts';
import { remediationSteps } from './shared/remediation.ts';
import { visible } from './shared/visible.ts';
import { writeAll } from './stream.ts';

/** The version of the schema whose attributes are used; `compliance.checks` came with it. */
const OCSF_VERSION = '1.5.0';
const CLASS_UID = 2003;

interface Choice {
  readonly id: number;
  readonly caption: string;
}

const COMPLIANCE_STATUS: Readonly<Record<Outcome, Choice>> = {
  pass: { id: 1, caption: 'Pass' },
  // In the words of the schema: no result, due to missing information.
  error: { id: 2, caption: 'Warning' },
  fail: { id: 3, caption: 'Fail' },
  // The schema has no word for it; 99 stands for the word beside it.
  'not-applicable': { id: 99, caption: 'Not Applicable' },
};

const SEVERITY: Readonly<Record<Severity, Choice>> = {
  low: { id: 2, caption: 'Low' },
  medium: { id: 3, caption: 'Medium' },
  high: { id: 4, caption: 'High' },
  critical: { id: 5, caption: 'Critical' },
};

/**
 * Compliance Findings (class 2003, https://schema.ocsf.io/1.5.0/classes/compliance_finding), one JSON object
 * a line. A role keeps its `finding_info.uid` whatever the rule says of it, so that a pass closes the finding
 * it resolves.
 */
export async function renderOcsf(source: ReportSource, out: Writable, options: ReportOptions): Promise<void> {
  await writeAll(out, ocsfLines(source, options));
}

function* ocsfLines(source: ReportSource, options: ReportOptions): Generator<string> {
  const rules = new Map(options.rules.map((rule) => [rule.id, rule]));
  const outcomes = options.outcomes ?? DEFAULT_OUTCOMES;
  const carried = carriedAccounts(source);
  for (const verdict of source.verdicts({ outcomes })) {
    const { object } = verdict;
    const carriedForward = carried.get(object.account) ?? null;
    const rule = rules.get(object.rule) ?? null;
    yield `${jsonText(complianceFinding(verdict, rule, { source, carriedForward }))}\n`;
  }
  // What is missing is an error among others, so a filter that leaves out errors leaves it out too.
  if (!outcomes.includes('error')) return;
  for (const finding of missingFindings(source, builtInRule(options))) yield `${jsonText(finding)}\n`;
}

interface FindingContext {
  readonly source: ReportSource;
  /** Of the role's account, in days; null when its latest capture is recent. */
  readonly carriedForward: number | null;
}

function complianceFinding(
  verdict: StoredVerdict,
  rule: RuleMetadata | null,
  { source, carriedForward }: FindingContext,
): object {
  const { object } = verdict;
  const status = lifecycleOf(object);
  const time = (text: string): number => epochMilliseconds(text, source.asOf);
  return {
    ...classOf(activityOf(object), severityOf(object), source.toolVersion),
    time: time(object.evidence.capturedAt),
    status_id: status.id,
    status: status.caption,
    message: visible(object.message),
    cloud: { provider: 'AWS', account: awsAccount(object.account) },
    finding_info: {
      uid: roleFingerprint(verdict),
      title: rule?.title ?? object.rule,
      ...(rule !== null && rule.description !== '' && { desc: rule.description }),
      types: ['Compliance'],
      analytic: { uid: object.rule, name: rule?.title ?? object.rule, type_id: 1, type: 'Rule' },
      data_sources: [object.evidence.source],
      first_seen_time: time(object.firstSeen),
      last_seen_time: time(object.lastSeen),
    },
    compliance: compliance(object, rule),
    ...(rule !== null && remediation(rule)),
    resources: [
      {
        uid: object.arn,
        name: object.roleName,
        type: entityType(object.arn),
        cloud_partition: object.partition,
        owner: { account: awsAccount(object.account) },
      },
    ],
    observables: [{ name: 'resources[].uid', type_id: 10, type: 'Resource UID', value: object.arn }],
    unmapped: {
      verdict: object.verdict,
      literal: object.literal,
      reason: object.reason,
      notes: object.notes,
      paths: object.paths,
      witness: object.witness,
      evidence: object.evidence,
      role_id: object.roleId,
      state: object.state,
      suppressed_by: object.suppressedBy,
      fingerprint: findingFingerprint(verdict),
      ...incompleteness(source),
      carried_forward: carriedForward,
    },
  };
}

/** Nothing where every scan came to its end. */
function incompleteness({ interrupted }: ReportSource): { readonly incomplete?: readonly string[] } {
  return interrupted.length === 0 ? {} : { incomplete: interrupted.map(interruptedText) };
}

/** What every finding has, whatever it is about. */
function classOf(activity: Choice, severity: Choice, toolVersion: string): object {
  return {
    activity_id: activity.id,
    activity_name: activity.caption,
    category_uid: 2,
    category_name: 'Findings',
    class_uid: CLASS_UID,
    class_name: 'Compliance Finding',
    type_uid: CLASS_UID * 100 + activity.id,
    type_name: `Compliance Finding: ${activity.caption}`,
    timezone_offset: 0,
    severity_id: severity.id,
    severity: severity.caption,
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      product: {
        name: 'trustsieve',
        vendor_name: 'trustsieve',
        ...(toolVersion !== '' && { version: toolVersion }),
      },
    },
  };
}

/**
 * A finding for each scan that was interrupted, each account that is missing, each file that was not read whole, each
 * kind of rejected records, each role on which files disagree.
 */
function* missingFindings(source: ReportSource, rule: string): Generator<object> {
  for (const part of missingParts(source)) yield missingFinding(source, rule, part);
}

function* missingParts(source: ReportSource): Generator<MissingPart> {
  const { gaps, maxAge, rejects } = missingOf(source);
  for (const run of source.interrupted) {
    yield {
      ...{ code: 'scan-interrupted', uid: String(run.id), account: null, at: null },
      message: `The ${interruptedText(run)}.`,
      resource: { uid: `scan ${run.id}`, type: 'Scan' },
      facts: { run: run.id, paths: run.paths },
    };
  }
  for (const gap of gaps) {
    yield {
      ...{ code: 'account-gap', uid: gap.account, account: gap.account, message: gapSentence(gap, maxAge) },
      ...{ at: gap.capturedAt, resource: { uid: gap.account, type: 'AWS Account', ...named(gap.name) } },
      facts: { name: gap.name, why: gap.why, captured_at: gap.capturedAt, age: gap.age },
    };
  }
  for (const row of unreadFiles(source)) {
    const problems = row.problems.map(({ code, message }) => ({ code, message }));
    const why = problems.map(({ message }) => message).join('; ');
    yield {
      ...{
        code: 'evidence-unread',
        uid: `${row.path} ${row.sha256}`,
        account: row.account,
        at: row.capturedAt,
      },
      message: `The evidence file ${row.path} is ${row.status}${why === '' ? '' : `: ${why}`}.`,
      resource: { uid: row.path, type: 'Evidence file' },
      facts: { path: row.path, sha256: row.sha256, status: row.status, problems },
    };
  }
  for (const { code, count, example } of rejects) {
    const { path, offset, pointer, message } = example;
    const records = count === 1 ? 'record was' : 'records were';
    yield {
      ...{ code, uid: code, account: null, at: null, resource: { uid: path, type: 'Evidence file' } },
      message: `${formatCount(count)} ${records} rejected, the first of ${path}: ${message}.`,
      facts: { count, example: { path, offset, pointer, message } },
    };
  }
  for (const row of source.disagreements()) {
    const { account, arn, roleId, capturedAt, what, sources } = row;
    yield {
      ...{ code: CONFLICTING_RECORDS, uid: JSON.stringify([arn, roleId, what]), account, at: capturedAt },
      title: 'Evidence disagrees',
      message: disagreementSentence(row),
      resource: { uid: arn, type: entityType(arn), owner: { account: awsAccount(account) } },
      facts: { arn, role_id: roleId, what, captured_at: capturedAt, sources },
    };
  }
}

interface MissingPart {
  /** Stable code of what is missing. */
  readonly code: string;
  /** What tells it from others of its code. */
  readonly uid: string;
  readonly account: string | null;
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
    cloud: { provider: 'AWS', ...(account !== null && { account: awsAccount(account) }) },
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

function named(name: string | null): { readonly name?: string } {
  return name === null ? {} : { name };
}

function compliance(object: VerdictObject, rule: RuleMetadata | null): object {
  const status = COMPLIANCE_STATUS[object.verdict];
  const severity = severityOf(object);
  const standards = rule?.complianceFrameworks ?? [];
  const check = {
    uid: object.rule,
    name: rule?.title ?? object.rule,
    ...(rule !== null && rule.description !== '' && { desc: rule.description }),
    standards,
    status_id: status.id,
    status: status.caption,
    severity_id: severity.id,
    severity: severity.caption,
  };
  return {
    control: object.rule,
    standards,
    status_id: status.id,
    status: status.caption,
    status_code: object.reason,
    checks: [check],
  };
}

/** Nothing for a rule that says nothing of it: the description is required. */
function remediation(rule: RuleMetadata): { readonly remediation?: object } {
  const steps = remediationSteps(rule).map(({ label, text }) => `${label}: ${text}`);
  if (steps.length === 0) return {};
  return { remediation: { desc: steps.join('\n'), references: rule.references } };
}

const ENTITY_TYPES: Readonly<Record<string, string>> = {
  role: 'AWS::IAM::Role',
  user: 'AWS::IAM::User',
  group: 'AWS::IAM::Group',
  policy: 'AWS::IAM::ManagedPolicy',
};

/** The CloudFormation type of an IAM ARN, which rules of rule files may find in other things than roles. */
function entityType(arn: string): string {
  const kind = /^arn:[^:]*:iam::[^:]*:([a-z]+)\//.exec(arn)?.[1] ?? 'role';
  return ENTITY_TYPES[kind] ?? 'AWS::IAM::Role';
}

function awsAccount(uid: string): object {
  return { uid, type_id: 10, type: 'AWS Account' };
}

/**
 * A finding is created when it is first seen, as far as is known; what is no finding closes the one that may have been
 * there. `unmapped.state` says which of the six states it has.
 */
function activityOf({ verdict, state, firstSeen, evidence }: VerdictObject): Choice {
  if (verdict === 'pass' || verdict === 'not-applicable') return { id: 3, caption: 'Close' };
  const isComparable = state !== null && state !== 'not-comparable' && state !== 'baseline';
  const first = isComparable ? state === 'new' : firstSeen === evidence.capturedAt;
  return first ? { id: 1, caption: 'Create' } : { id: 2, caption: 'Update' };
}

function lifecycleOf({ verdict, suppressedBy }: VerdictObject): Choice {
  if (verdict === 'pass' || verdict === 'not-applicable') return { id: 4, caption: 'Resolved' };
  return suppressedBy === null ? { id: 1, caption: 'New' } : { id: 3, caption: 'Suppressed' };
}

function severityOf({ verdict, severity }: VerdictObject): Choice {
  if (severity !== null) return SEVERITY[severity];
  return verdict === 'error' ? { id: 0, caption: 'Unknown' } : { id: 1, caption: 'Informational' };
}

/** The schema demands a number; the text itself stands in `unmapped.evidence`. */
function epochMilliseconds(time: string, otherwise: string): number {
  const parsed = Date.parse(time);
  if (!Number.isNaN(parsed)) return parsed;
  const fallback = Date.parse(otherwise);
  return Number.isNaN(fallback) ? 0 : fallback;
}
