import type { ExceptionRow } from '../../model/exception.ts';
import type { Outcome } from '../../model/exposure.ts';
import { isClosedByGuardrail } from '../../model/guardrail.ts';
import type { StoredVerdict } from '../../model/report-source.ts';
import type { FindingState, VerdictObject } from '../../model/verdict.ts';
import { visible } from '../../text/hidden-characters.ts';
import {
  FINDING_FINGERPRINT,
  findingFingerprint,
  ROLE_FINGERPRINT,
  roleFingerprint,
} from '../shared/fingerprint.ts';
import { guardrailStory } from '../shared/guardrail-words.ts';
import { storyText } from '../shared/witness-story.ts';
import { LEVELS, SECURITY_SEVERITY } from './driver.ts';
import { evidenceUri, sarifText } from './text.ts';

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

export interface ResultContext {
  readonly exceptions: ReadonlyMap<string, ExceptionRow>;
  /** Of the role's account, in days; null when its latest capture is recent. */
  readonly carriedForward: number | null;
}

/** One verdict as a SARIF result (SARIF 2.1.0 §3.27). `ruleIndex`: place of its rule in the driver, or -1. */
export function sarifResult(
  verdict: StoredVerdict,
  ruleIndex: number,
  { exceptions, carriedForward }: ResultContext,
): object {
  const { object } = verdict;
  const { severity, state, suppressedBy } = object;
  const baselineState = state === null ? undefined : BASELINE_STATES[state];
  return {
    ruleId: object.rule,
    ...(ruleIndex !== -1 && { ruleIndex }),
    kind: KINDS[object.verdict],
    // §3.27.10: only a failure has a level; what guardrails close is told, and is no alarm.
    level:
      object.verdict !== 'fail' ? 'none' : isClosedByGuardrail(object) ? 'note' : LEVELS[severity ?? 'low'],
    message: { text: sarifText(messageOf(object)) },
    locations: [resultLocation(object)],
    partialFingerprints: {
      [FINDING_FINGERPRINT]: findingFingerprint(verdict),
      [ROLE_FINGERPRINT]: roleFingerprint(verdict),
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

function messageOf(object: VerdictObject): string {
  if (!isClosedByGuardrail(object)) return object.message;
  return [object.message, ...guardrailStory(object).map(storyText)].join(' ');
}

/** The role, and where its record stands in the evidence. */
export function resultLocation(object: VerdictObject): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: evidenceUri(object.evidence.source) },
      region: { byteOffset: object.evidence.offset },
    },
    logicalLocations: [{ name: visible(object.roleName), fullyQualifiedName: object.arn, kind: 'resource' }],
  };
}

function justification(id: string, entry: ExceptionRow | undefined): string {
  const terms = entry === undefined ? '.' : ` until ${entry.expires}: ${entry.reason}`;
  return visible(`Accepted by the exception ${id}${terms}`);
}
