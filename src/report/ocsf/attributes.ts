import type { Outcome } from '../../model/exposure.ts';

/** The version of the schema whose attributes are used; `compliance.checks` came with it. */
const OCSF_VERSION = '1.5.0';
const CLASS_UID = 2003;

/** A value of an enumeration of the schema. */
export interface Choice {
  readonly id: number;
  readonly caption: string;
}

export const COMPLIANCE_STATUS: Readonly<Record<Outcome, Choice>> = {
  pass: { id: 1, caption: 'Pass' },
  // In the words of the schema: no result, due to missing information.
  error: { id: 2, caption: 'Warning' },
  fail: { id: 3, caption: 'Fail' },
  // The schema has no word for it; 99 stands for the word beside it.
  'not-applicable': { id: 99, caption: 'Not Applicable' },
};

/** What every finding has, whatever it is about. */
export function classOf(activity: Choice, severity: Choice, toolVersion: string): object {
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

const ENTITY_TYPES: Readonly<Record<string, string>> = {
  role: 'AWS::IAM::Role',
  user: 'AWS::IAM::User',
  group: 'AWS::IAM::Group',
  policy: 'AWS::IAM::ManagedPolicy',
};

/** The CloudFormation type of an IAM ARN, which rules of rule files may find in other things than roles. */
export function entityType(arn: string): string {
  const kind = /^arn:[^:]*:iam::[^:]*:([a-z]+)\//.exec(arn)?.[1] ?? 'role';
  return ENTITY_TYPES[kind] ?? 'AWS::IAM::Role';
}

/** @param name null: not known */
export function awsAccount(uid: string, name: string | null): object {
  return { uid, ...(name !== null && { name }), type_id: 10, type: 'AWS Account' };
}

/** The schema demands a number; the text itself stands in `unmapped.evidence`. */
export function epochMilliseconds(time: string, otherwise: string): number {
  const parsed = Date.parse(time);
  if (!Number.isNaN(parsed)) return parsed;
  const fallback = Date.parse(otherwise);
  return Number.isNaN(fallback) ? 0 : fallback;
}
