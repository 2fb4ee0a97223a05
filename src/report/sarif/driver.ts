import type { RuleDescriptors } from './rules.ts';

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
  'scan-parts-missing': 'Parts of a list of inputs were not scanned, so evidence is missing.',
  undecided: 'A role could not be judged; nothing is claimed about it.',
  'organization-problem': 'Evidence of an organisation says what cannot be, or contradicts itself.',
  'organization-carried-forward': 'An organisation stands as it was long before the newest capture.',
  'guardrails-unknown': 'Not every resource control policy of an account is known with its text.',
} as const;

export type NotificationId = keyof typeof NOTIFICATIONS;

const NOTIFICATION_IDS = Object.keys(NOTIFICATIONS) as NotificationId[];

/** A SARIF toolComponent: the tool itself with its rules and notifications. */
export function driver(toolVersion: string, rules: RuleDescriptors): object {
  return {
    name: 'trustsieve',
    ...(toolVersion !== '' && { version: toolVersion }),
    ...(SEMANTIC_VERSION.test(toolVersion) && { semanticVersion: toolVersion }),
    shortDescription: { text: 'Offline audit of exported AWS IAM evidence.' },
    rules: rules.descriptors,
    notifications: NOTIFICATION_IDS.map((id) => ({ id, shortDescription: { text: NOTIFICATIONS[id] } })),
  };
}

const SEMANTIC_VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;

export function notificationReference(id: NotificationId): { id: string; index: number } {
  return { id, index: NOTIFICATION_IDS.indexOf(id) };
}
