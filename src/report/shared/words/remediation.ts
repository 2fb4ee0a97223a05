import type { RuleMetadata } from '../../../model/rule.ts';

export interface RemediationStep {
  readonly label: string;
  readonly text: string;
  /** A command line rather than prose. */
  readonly command: boolean;
}

/** The ways to put it right that a rule names. A rule of a rule file has one text for all of them, or none. */
export function remediationSteps({
  remediation: { console: steps, terraform, cli },
}: RuleMetadata): readonly RemediationStep[] {
  const all: readonly RemediationStep[] = [
    { label: terraform === '' && cli === '' ? 'Remediation' : 'Console', text: steps, command: false },
    { label: 'Terraform', text: terraform, command: false },
    { label: 'Command line', text: cli, command: true },
  ];
  return all.filter(({ text }) => text !== '');
}
