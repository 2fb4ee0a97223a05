import { unifiedDiff } from '../text/unified-diff.ts';
import { terraformArgument, updateCommand } from './commands.ts';
import type { Proposal } from './remediation.ts';

/** A proposal in the forms in which it is read and applied. */
export interface ProposalTexts {
  /** The lines of the difference in unified form, without a header. */
  readonly difference: readonly string[];
  /** Puts the policy in place. */
  readonly command: string;
  /** The argument `assume_role_policy` of Terraform's `aws_iam_role`. */
  readonly terraform: string;
}

export function proposalTexts(
  { compact, pretty, prettyBefore }: Pick<Proposal, 'compact' | 'pretty' | 'prettyBefore'>,
  roleName: string,
): ProposalTexts {
  return {
    difference: unifiedDiff(prettyBefore, pretty),
    command: updateCommand(roleName, compact),
    terraform: terraformArgument(pretty),
  };
}
