import { weaknessSentence } from '../../exposure/weak-external-ids.ts';
import { proposalTexts } from '../../fix/proposal-texts.ts';
import type { Proposal } from '../../fix/remediation.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { capital } from '../../text/capital.ts';
import type { ScreenLine } from '../output/screen.ts';
import type { RoleFix } from './fix-role.ts';

/** One role for people at a terminal: what changes and why, the difference, how to apply it. */
export function fixText({ object, remediation, weak }: RoleFix): readonly ScreenLine[] {
  const lines: ScreenLine[] = [object.arn, `  captured ${object.evidence.capturedAt}: ${object.message}`];
  if (remediation === null)
    lines.push(`  ${unchanged(weak)}`, ...weak.map((one) => `  ${weaknessSentence(one)}`));
  else if (remediation.refused !== null) lines.push(...refusal(remediation.refused, remediation.advice));
  else lines.push(...proposal(object, remediation));
  return lines;
}

function refusal(refused: string, advice: string): readonly string[] {
  return ['', `No proposal: ${refused}.`, `  ${capital(advice)}.`];
}

function proposal(object: VerdictObject, proposed: Proposal): readonly ScreenLine[] {
  const { after } = proposed;
  const { difference, command, terraform } = proposalTexts(proposed, object.roleName);
  return [
    `  proposed: ${after.message}`,
    '',
    'What changes',
    ...proposed.changes.map(({ sentence }) => `  ${sentence}`),
    ...(proposed.cautions.length === 0
      ? []
      : ['', 'Before you apply it', ...proposed.cautions.map((sentence) => `  ${sentence}`)]),
    '',
    'Difference',
    ...['--- captured', '+++ proposed', ...difference].map(differenceLine),
    '',
    'Command',
    { copied: `  ${command}` },
    '',
    'Terraform, in the aws_iam_role resource',
    ...terraform.split('\n').map((copied) => ({ copied })),
  ];
}

function differenceLine(copied: string): ScreenLine {
  if (copied.startsWith('+')) return { copied, style: 'added' };
  return copied.startsWith('-') ? { copied, style: 'removed' } : { copied };
}

/** One line for each role, for when the proposals go to files. */
export function fixLine({ object, remediation, weak }: RoleFix, file: string | null): string {
  const what =
    remediation === null
      ? [unchanged(weak), ...weak.map(weaknessSentence)].join(' ')
      : remediation.refused !== null
        ? `NO PROPOSAL: ${remediation.refused}; ${remediation.advice}`
        : `${file ?? ''}${remediation.placeholders.length === 0 ? '' : ', external ID to be filled in'}`;
  return `${object.arn}: ${what}`;
}

/** The same as one JSON object. */
export function fixObject({ object, remediation, weak }: RoleFix): Readonly<Record<string, unknown>> {
  const { account, arn, roleName, roleId, evidence, verdict, message } = object;
  const head = { account, arn, roleName, roleId, evidence, before: { verdict, message } };
  if (remediation === null) return { ...head, status: 'not-needed', weakExternalIds: weak };
  if (remediation.refused !== null)
    return { ...head, status: 'refused', reason: remediation.refused, advice: remediation.advice };
  const { after, changes, cautions, placeholders, compact } = remediation;
  const { command, terraform } = proposalTexts(remediation, roleName);
  return {
    ...head,
    status: 'proposed',
    after: { verdict: after.verdict, literal: after.literal, notes: after.notes, message: after.message },
    changes,
    cautions,
    placeholders,
    policyDocument: compact,
    command,
    terraform,
  };
}

function unchanged(weak: RoleFix['weak']): string {
  return weak.length === 0 ? 'needs no change' : 'passes, with a guard that is weak.';
}
