import { type Proposal, type Remediation, remediate } from '../../../audit/remediation.ts';
import { cautionedBy } from '../../../audit/remediation-cautions.ts';
import { terraformArgument, updateCommand } from '../../../audit/remediation-commands.ts';
import { unifiedDiff } from '../../../audit/remediation-diff.ts';
import { refusalForRole } from '../../../audit/remediation-roles.ts';
import { visible } from '../../shared/visible.ts';
import { onCopy } from './copy.ts';
import { type Child, code, el } from './dom.ts';
import type { Finding } from './store.ts';

/**
 * A proposal for a failing role, made and judged again here by the code behind `trustsieve fix`: what changes, the
 * difference, the change as a command and for Terraform.
 */
export function fixSection(finding: Finding): readonly Node[] {
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
  const remediation = proposalOrRefusal(finding, finding.policy);
  return [heading, ...(remediation.refused === null ? proposed(finding, remediation) : refused(remediation))];
}

/** Evidence is hostile: whatever it makes of the proposal, the rest of the panel must stand. */
function proposalOrRefusal(finding: Finding, policy: string): Remediation {
  try {
    return proposalFor(finding, policy);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { refused: `the proposal could not be made (${why})`, advice: 'amend the policy by hand' };
  }
}

/** What `trustsieve fix` proposes for the role; relations of accounts that it does not let in are not known here. */
function proposalFor(finding: Finding, policy: string): Remediation {
  const relations = new Map(finding.paths.map(({ account, relation }) => [account, relation]));
  return (
    refusalForRole(finding.roleName) ??
    cautionedBy(
      finding.notes,
      remediate(policy, finding.account, {
        partition: finding.partition,
        relationOf: (account) => relations.get(account) ?? 'unknown',
        guard: null,
        externalId: null,
        generateExternalId: null,
      }),
    )
  );
}

function refused({ refused: why, advice }: Exclude<Remediation, Proposal>): readonly Node[] {
  return [
    el('p', {}, ...withCode(`No change is proposed: ${why}.`)),
    el('p', {}, ...withCode(`Instead: ${advice}.`)),
  ];
}

function proposed(finding: Finding, proposal: Proposal): readonly Node[] {
  const { after, changes, cautions, pretty, prettyBefore, compact } = proposal;
  return [
    el(
      'p',
      { class: 'judged' },
      el('strong', {}, 'Judged again, the amended policy no longer fails.'),
      ` ${after.message}`,
    ),
    el('h4', {}, 'What changes'),
    sentences(changes.map(({ sentence }) => sentence)),
    ...(cautions.length === 0 ? [] : [el('h4', {}, 'Before you apply it'), sentences(cautions)]),
    el('h4', {}, 'The policy, before and after'),
    difference(unifiedDiff(prettyBefore, pretty)),
    disclosure('The whole amended policy', pretty),
    disclosure('AWS CLI', updateCommand(finding.roleName, compact)),
    disclosure('Terraform, in the aws_iam_role resource', terraformArgument(pretty)),
  ];
}

function sentences(texts: readonly string[]): HTMLElement {
  return el('ul', { class: 'notes' }, ...texts.map((text) => el('li', {}, ...withCode(text))));
}

/** Text in which backticks mark what belongs into the policy. */
function withCode(text: string): readonly Child[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? code(part) : part));
}

const DIFF_CLASSES: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place' };

/** Lines that begin with + come in, those with - go out; colour only repeats it. */
function difference(lines: readonly string[]): HTMLElement {
  const view = el('pre', {
    class: 'diff',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Difference of the policy',
  });
  for (const text of lines) {
    view.append(el('span', { class: `line ${DIFF_CLASSES[text.charAt(0)] ?? ''}` }, text), '\n');
  }
  return view;
}

function disclosure(title: string, text: string): HTMLElement {
  return el('details', {}, el('summary', {}, title), snippet(text));
}

/** Text to take away; what is copied is what is shown. */
function snippet(text: string): HTMLElement {
  const shown = text.split('\n').map(visible).join('\n');
  const pre = el('pre', { tabindex: '0' });
  pre.textContent = shown;
  const button = el('button', { type: 'button', class: 'quiet copy' }, 'Copy');
  onCopy(
    button,
    () => shown,
    // Selected text is one key stroke away from the clipboard.
    () => getSelection()?.selectAllChildren(pre),
  );
  return el('div', { class: 'snippet' }, button, pre);
}
