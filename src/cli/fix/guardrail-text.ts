import { guardrailCommands } from '../../fix/guardrail-proposal.ts';
import { GUARDRAILS_UNKNOWN } from '../../model/guardrail.ts';
import { counted } from '../../text/counted.ts';
import type { ScreenLine } from '../output/screen.ts';
import type { GuardrailProposal, TriedRole } from './guardrail-trial.ts';

/** Roles by what the proposed policy makes of them. */
export interface TrialCounts {
  closed: number;
  open: number;
  /** Of all of them those to which somebody loses every way in. */
  shutOut: number;
}

export function guardrailHead({ organization }: GuardrailProposal): string {
  return `Organisation ${organization.id}: one resource control policy against all unguarded outsiders`;
}

/** One line for a role. */
export function triedLine(
  { object, becomes, shutOut }: TriedRole,
  { organization }: GuardrailProposal,
): string {
  const lost = shutOut.map(({ principal, account }) =>
    account === '*' ? `${principal} (anybody)` : principal,
  );
  const losers = lost.length === 0 ? '' : `; shuts out ${lost.join(', ')}, who may bring no guard`;
  const why =
    object.account === organization.managementAccount
      ? 'resource control policies do not touch the management account'
      : object.notes.includes(GUARDRAILS_UNKNOWN)
        ? 'the policies of its account are not known whole'
        : 'the policy does not touch it';
  const what = { closed: 'closed', open: `STAYS OPEN: ${why}`, unaffected: 'asks for a guard already' }[
    becomes
  ];
  return `  ${object.arn}: ${what}${losers}`;
}

/** What comes behind the roles. `file`: where the policy was written to, null for nowhere. */
export function guardrailText(
  proposal: GuardrailProposal,
  counts: TrialCounts,
  file: string | null,
): readonly ScreenLine[] {
  const { policy, root } = proposal;
  const copied = (line: string): ScreenLine => ({ copied: line });
  const { closed, open, shutOut } = counts;
  const commands = guardrailCommands(file ?? 'resource-control-policy.json', root ?? 'ROOT-ID');
  return [
    `  closes ${counted(closed, 'role')} to outsiders without a guard; ${open} ${open === 1 ? 'stays' : 'stay'} open; ${counted(shutOut, 'role')} would lock somebody out`,
    '  Outsiders must send an external ID or use MFA from then on: tell them before you attach it, and try it on one unit first.',
    '  It denies sts:AssumeRole alone; federated users, AWS services and the accounts of the organisation are not concerned.',
    ...(file === null ? ['', 'Policy', ...policy.split('\n').map(copied)] : [`  ${file}`]),
    '',
    'Commands, in the management account',
    ...commands.map((command) => copied(`  ${command}`)),
  ];
}

/** The same as JSON. */
export function triedObject({ object, becomes, shutOut }: TriedRole): Readonly<Record<string, unknown>> {
  const shutsOut = shutOut.map(({ statement, principal, account }) => ({ statement, principal, account }));
  return { account: object.account, arn: object.arn, becomes, shutsOut };
}

/** The members of a proposal's JSON object that stand behind its roles. */
export function guardrailObject(
  { policy, root }: GuardrailProposal,
  { closed, open, shutOut }: TrialCounts,
): Readonly<Record<string, unknown>> {
  return {
    closed,
    open,
    shutOut,
    policyDocument: policy,
    commands: guardrailCommands('resource-control-policy.json', root ?? 'ROOT-ID'),
  };
}
