import type { RuleMetadata } from '../../model/rule.ts';
import type { Severity } from '../../model/verdict.ts';
import { markdownBlock, markdownLink, markdownText } from '../../text/markdown-text.ts';
import { remediationSteps } from '../shared/remediation.ts';

/** `results` of these levels; `none` is for results that are no failure. */
export type Level = 'error' | 'warning' | 'note';

export const LEVELS: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

/** On the scale of 0 to 10 that viewers know from CVSS. */
export const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.0',
  high: '7.0',
  medium: '4.0',
  low: '2.0',
};

/** What the tool has to say beside its results. */
const NOTIFICATIONS = {
  'evidence-incomplete': 'An evidence file is not complete, so roles may be missing.',
  'evidence-unreadable': 'An evidence file could not be read at all.',
  'evidence-remark': 'An evidence file is complete, and something about it is worth knowing.',
  'account-incomplete': 'An account is not covered whole by the evidence.',
  'account-gap': 'An account of the organisation should have been covered and is not.',
  'account-carried-forward': 'An account stands as it was long before the newest capture.',
  'members-unknown': "The organisation's accounts were not given, so missing ones cannot be named.",
  'capture-time-modified': 'Capture times were taken from the modification time of files.',
  'records-rejected': 'Role records could not be read and were left out.',
  'conflicting-records':
    'Files of one moment disagree on a role: on its trust policy, its id, or whether it was there.',
  'scan-interrupted': 'A scan did not come to its end, so evidence may be missing.',
  undecided: 'A role could not be judged; nothing is claimed about it.',
  'organization-problem': 'Evidence of an organisation says what cannot be, or contradicts itself.',
  'organization-carried-forward': 'An organisation stands as it was long before the newest capture.',
  'guardrails-unknown': 'Not every resource control policy of an account is known with its text.',
} as const;

export type NotificationId = keyof typeof NOTIFICATIONS;

const NOTIFICATION_IDS = Object.keys(NOTIFICATIONS) as NotificationId[];

/** A SARIF toolComponent: the tool itself with its rules and notifications. */
export function driver(toolVersion: string, rules: readonly RuleMetadata[]): object {
  return {
    name: 'trustsieve',
    ...(toolVersion !== '' && { version: toolVersion }),
    ...(SEMANTIC_VERSION.test(toolVersion) && { semanticVersion: toolVersion }),
    shortDescription: { text: 'Offline audit of exported AWS IAM evidence.' },
    rules: rules.map(ruleDescriptor),
    notifications: NOTIFICATION_IDS.map((id) => ({ id, shortDescription: { text: NOTIFICATIONS[id] } })),
  };
}

const SEMANTIC_VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;

export function notificationReference(id: NotificationId): { id: string; index: number } {
  return { id, index: NOTIFICATION_IDS.indexOf(id) };
}

function ruleDescriptor(rule: RuleMetadata): object {
  const helpUri = rule.references.find((reference) => URL.canParse(reference) && /^https:/.test(reference));
  const severity = rule.riskLevel.toLowerCase() as Severity;
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    ...(rule.description !== '' && { fullDescription: { text: rule.description } }),
    ...(helpUri !== undefined && { helpUri }),
    help: { text: helpText(rule), markdown: helpMarkdown(rule) },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', 'aws', 'iam'],
      'security-severity': SECURITY_SEVERITY[severity],
      precision: 'very-high',
      riskLevel: rule.riskLevel,
      cloudEntity: rule.cloudEntity,
      category: rule.category,
      complianceFrameworks: rule.complianceFrameworks,
      logic: rule.logic,
      references: rule.references,
    },
  };
}

function helpText(rule: RuleMetadata): string {
  const { description, logic, references } = rule;
  return [
    description,
    ...remediationSteps(rule).map(({ label, text }) => `${label}: ${text}`),
    `Logic (GSL): ${logic}`,
    references.length === 0 ? '' : `References: ${references.join(' ')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function helpMarkdown(rule: RuleMetadata): string {
  const { description, logic, references } = rule;
  return [
    markdownText(description),
    ...remediationSteps(rule).map(({ label, text, command }) =>
      command ? `**${label}.**\n\n${markdownBlock('text', text)}` : `**${label}.** ${markdownText(text)}`,
    ),
    `**Logic (GSL).**\n\n${markdownBlock('text', logic)}`,
    references.map((reference) => `- ${markdownLink(reference)}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
