import { proposalTexts } from '../../../../fix/proposal-texts.ts';
import { remediate, remediationOf } from '../../../../fix/remediate.ts';
import type { Proposal, Remediation } from '../../../../fix/remediation.ts';
import { errorText } from '../../../../text/error-text.ts';
import { messagePieces } from '../../../shared/words/named-message.ts';
import type { Finding } from '../data/page-data.ts';
import { el } from '../widgets/dom.ts';
import { proposalView, refusalView } from './proposal.ts';

/**
 * A proposal for a failing role, made and judged again here by the code behind `trustsieve fix`: what changes, the
 * difference, the change as a command and for Terraform.
 *
 * @param remediation see `proposalOrRefusal`
 */
export function fixSection(finding: Finding, remediation: Remediation | null): readonly Node[] {
  const heading = el('h3', {}, 'How to fix');
  if (finding.verdict === 'error') {
    return [
      heading,
      el(
        'p',
        {},
        'Nothing can be proposed before the policy can be read: export this role again, or look at the reason above.',
      ),
    ];
  }
  if (finding.verdict !== 'fail') return [];
  if (finding.policy === null) {
    return [heading, el('p', {}, 'The evidence holds no trust policy to amend; the rule says what to do.')];
  }
  if (remediation === null) return [];
  return [
    heading,
    ...(remediation.refused === null
      ? proposed(finding, remediation)
      : refusalView(remediation.refused, remediation.advice)),
  ];
}

/** Evidence is hostile: whatever it makes of the proposal, the rest of the panel must stand. Null where nothing is to be proposed. */
export function proposalOrRefusal(finding: Finding): Remediation | null {
  if (finding.verdict !== 'fail' || finding.policy === null) return null;
  try {
    return proposalFor(finding, finding.policy);
  } catch (error) {
    const why = errorText(error);
    return { refused: `the proposal could not be made (${why})`, advice: 'amend the policy by hand' };
  }
}

/** What `trustsieve fix` proposes for the role; relations of accounts that it does not let in are not known here. */
function proposalFor(finding: Finding, policy: string): Remediation | null {
  const relations = new Map(finding.paths.map(({ account, relation }) => [account, relation]));
  return remediationOf(finding, policy, (text) =>
    remediate(text, finding.account, {
      partition: finding.partition,
      relationOf: (account) => relations.get(account) ?? 'unknown',
      guard: null,
      externalId: null,
      generateExternalId: null,
    }),
  );
}

function proposed(finding: Finding, proposal: Proposal): readonly Node[] {
  const { after, changes, cautions, pretty } = proposal;
  return proposalView({
    message: messagePieces({ message: after.message, paths: finding.paths }, [finding.policy]),
    changes,
    cautions,
    policy: pretty,
    ...proposalTexts(proposal, finding.roleName),
  });
}
