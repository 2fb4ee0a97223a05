import type { ExceptionRow } from '../../model/exception.ts';
import type { Outcome } from '../../model/exposure.ts';
import { effectiveVerdict, isClosedByGuardrail } from '../../model/guardrail.ts';
import type { StoredVerdict } from '../../model/report-source.ts';
import type { FindingState, VerdictObject } from '../../model/verdict.ts';
import { visible } from '../../text/hidden-characters.ts';
import {
  FINDING_FINGERPRINT,
  findingFingerprint,
  ROLE_FINGERPRINT,
  roleFingerprint,
} from '../shared/fingerprint.ts';
import { messageWithGuardrails } from '../shared/words/guardrail-words.ts';
import { LEVELS, type RuleDescriptors, SECURITY_SEVERITY } from './rules.ts';
import { placeIn, sarifText } from './text.ts';

const KINDS: Readonly<Record<Outcome, string>> = {
  pass: 'pass',
  fail: 'fail',
  'not-applicable': 'notApplicable',
  error: 'open',
};

/** §3.27.24 knows no word for what cannot be compared; `properties.state` has every word. */
const BASELINE_STATES: Readonly<Partial<Record<FindingState, string>>> = {
  new: 'new',
  unchanged: 'unchanged',
  changed: 'updated',
  reopened: 'updated',
};

/**
 * The one fingerprint by which GitHub tells results of a rule and a file apart
 * (https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support). Left out, it would be worked out of
 * the text of the first line, and all results of a file would be one.
 */
const LINE_FINGERPRINT = 'primaryLocationLineHash';

export interface ResultContext {
  readonly rules: RuleDescriptors;
  readonly exceptions: ReadonlyMap<string, ExceptionRow>;
  /** Of the role's account, in days; null when its latest capture is recent. */
  readonly carriedForward: number | null;
}

/** One verdict as a SARIF result (SARIF 2.1.0 §3.27). */
export function sarifResult(
  verdict: StoredVerdict,
  { rules, exceptions, carriedForward }: ResultContext,
): object {
  const { object } = verdict;
  const { severity, state, suppressedBy } = object;
  // What is no failure is not ranked, whatever weakness it is graded by.
  const rule = rules.reference(object.rule, effectiveVerdict(object) === 'fail' ? severity : null);
  const fingerprint = findingFingerprint(verdict);
  const baselineState = state === null ? undefined : BASELINE_STATES[state];
  return {
    ruleId: rule.id,
    ...(rule.index !== undefined && { ruleIndex: rule.index }),
    kind: KINDS[object.verdict],
    // §3.27.10: only a failure has a level; what guardrails close is told, and is no alarm.
    level:
      object.verdict !== 'fail' ? 'none' : isClosedByGuardrail(object) ? 'note' : LEVELS[severity ?? 'low'],
    message: { text: sarifText(messageWithGuardrails(verdict)) },
    locations: [resultLocation(object)],
    partialFingerprints: {
      [FINDING_FINGERPRINT]: fingerprint,
      [ROLE_FINGERPRINT]: roleFingerprint(verdict),
      [LINE_FINGERPRINT]: fingerprint,
    },
    ...(baselineState !== undefined && { baselineState }),
    // Said of every result, because an absent list would mean that nobody looked for exceptions (§3.27.23).
    suppressions:
      suppressedBy === null
        ? []
        : [
            {
              kind: 'external',
              status: 'accepted',
              justification: justification(suppressedBy, exceptions.get(suppressedBy)),
            },
          ],
    properties: {
      rule: object.rule,
      ...(severity !== null && { severity, 'security-severity': SECURITY_SEVERITY[severity] }),
      verdict: object.verdict,
      literal: object.literal,
      reason: object.reason,
      notes: object.notes,
      account: object.account,
      partition: object.partition,
      roleName: object.roleName,
      roleId: object.roleId,
      paths: object.paths,
      witness: object.witness,
      evidence: object.evidence,
      firstSeen: object.firstSeen,
      lastSeen: object.lastSeen,
      state,
      guardrail: object.guardrail,
      impact: object.impact,
      carriedForward,
    },
  };
}

/** The role, and where its record stands in the evidence. */
export function resultLocation(object: VerdictObject): object {
  return {
    physicalLocation: placeIn(object.evidence.source, object.evidence.offset),
    logicalLocations: [{ name: visible(object.roleName), fullyQualifiedName: object.arn, kind: 'resource' }],
  };
}

function justification(id: string, entry: ExceptionRow | undefined): string {
  const terms = entry === undefined ? '.' : ` until ${entry.expires}: ${entry.reason}`;
  return visible(`Accepted by the exception ${id}${terms}`);
}
