import { effectiveVerdict } from '../../model/guardrail.ts';
import type { AccountRow, ReportSource, StoredVerdict } from '../../model/report-source.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import type { Severity, VerdictObject } from '../../model/verdict.ts';
import { visible } from '../../text/hidden-characters.ts';
import { controlLabels } from '../shared/controls.ts';
import { findingFingerprint, roleFingerprint } from '../shared/fingerprint.ts';
import { unreadScans } from '../shared/missing.ts';
import { messageWithGuardrails } from '../shared/words/guardrail-words.ts';
import { remediationSteps } from '../shared/words/remediation.ts';
import {
  awsAccount,
  type Choice,
  COMPLIANCE_STATUS,
  classOf,
  entityType,
  epochMilliseconds,
} from './attributes.ts';

const SEVERITY: Readonly<Record<Severity, Choice>> = {
  low: { id: 2, caption: 'Low' },
  medium: { id: 3, caption: 'Medium' },
  high: { id: 4, caption: 'High' },
  critical: { id: 5, caption: 'Critical' },
};

export interface FindingContext {
  readonly source: ReportSource;
  /** The role's, where the source lists it. */
  readonly account: Pick<AccountRow, 'name' | 'carriedForward'> | undefined;
}

/** What a rule says of one role. */
export function complianceFinding(
  verdict: StoredVerdict,
  rule: RuleMetadata | null,
  { source, account }: FindingContext,
): object {
  const { object } = verdict;
  const status = lifecycleOf(object);
  const owner = awsAccount(object.account, account?.name ?? null);
  const time = (text: string): number => epochMilliseconds(text, source.asOf);
  return {
    ...classOf(activityOf(object), severityOf(object), source.toolVersion),
    time: time(object.evidence.capturedAt),
    status_id: status.id,
    status: status.caption,
    message: visible(messageWithGuardrails(verdict)),
    cloud: { provider: 'AWS', account: owner },
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
        owner: { account: owner },
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
      guardrail: object.guardrail,
      impact: object.impact,
      ...(rule !== null && rule.controls.length > 0 && { controls: controlLabels(rule) }),
      fingerprint: findingFingerprint(verdict),
      ...incompleteness(source),
      carried_forward: account?.carriedForward ?? null,
    },
  };
}

/** Nothing where every scan came to its end, and no part of one is missing. */
function incompleteness(source: ReportSource): { readonly incomplete?: readonly string[] } {
  const unread = unreadScans(source);
  return unread.length === 0 ? {} : { incomplete: unread };
}

function compliance(object: VerdictObject, rule: RuleMetadata | null): object {
  const status = COMPLIANCE_STATUS[effectiveVerdict(object)];
  const severity = severityOf(object);
  const standards = rule?.complianceFrameworks ?? [];
  // A control that only a neighbouring check is mapped to would claim too much without the word.
  const requirements = (rule?.controls ?? []).map(
    ({ framework, id, fit }) => `${framework} ${id}${fit === 'near' ? ' (near)' : ''}`,
  );
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
    ...(requirements.length > 0 && { requirements }),
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

/**
 * A finding is created when it is first seen, as far as is known; what is no finding closes the one that may have been
 * there. `unmapped.state` says which of the six states it has.
 */
function activityOf(object: VerdictObject): Choice {
  const { state, firstSeen, evidence } = object;
  const verdict = effectiveVerdict(object);
  if (verdict === 'pass' || verdict === 'not-applicable') return { id: 3, caption: 'Close' };
  const isComparable = state !== null && state !== 'not-comparable' && state !== 'baseline';
  const first = isComparable ? state === 'new' : firstSeen === evidence.capturedAt;
  return first ? { id: 1, caption: 'Create' } : { id: 2, caption: 'Update' };
}

function lifecycleOf(object: VerdictObject): Choice {
  const { suppressedBy } = object;
  const verdict = effectiveVerdict(object);
  if (verdict === 'pass' || verdict === 'not-applicable') return { id: 4, caption: 'Resolved' };
  return suppressedBy === null ? { id: 1, caption: 'New' } : { id: 3, caption: 'Suppressed' };
}

function severityOf({ verdict, severity }: VerdictObject): Choice {
  if (severity !== null) return SEVERITY[severity];
  return verdict === 'error' ? { id: 0, caption: 'Unknown' } : { id: 1, caption: 'Informational' };
}
