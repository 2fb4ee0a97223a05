import { amendPolicy, EXTERNAL_ID_PLACEHOLDER } from '../../shared/amend.ts';
import { cliCommand, terraformResource } from '../../shared/commands.ts';
import { visible } from '../../shared/visible.ts';
import { onCopy } from './copy.ts';
import { code, el } from './dom.ts';
import type { Finding } from './store.ts';

/** A proposal for a failing role: the changed statements, then the change as a command and as Terraform. */
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
  if (finding.policy === null) return [heading, el('p', {}, 'The export holds no trust policy to amend.')];
  const amendment = amendPolicy(finding.policy, finding.paths);
  if (!amendment.possible) {
    return [
      heading,
      el('p', {}, `No change is proposed, because ${amendment.why}. Rewrite the policy by hand.`),
    ];
  }
  const statements = amendment.statements.flatMap(({ index, guard, text, cautions }) => [
    el(
      'p',
      {},
      `Statement ${index}: demand ${guard === 'mfa' ? 'MFA, because people of your own organisation come in here' : 'an external ID'}.`,
    ),
    el('ul', { class: 'notes' }, ...cautions.map((caution) => el('li', {}, caution))),
    snippet(text),
  ]);
  const placeholder = amendment.statements.some((statement) => statement.guard === 'external-id');
  return [
    heading,
    ...statements,
    ...(placeholder
      ? [
          el(
            'p',
            {},
            'Put the agreed value in place of ',
            code(EXTERNAL_ID_PLACEHOLDER),
            ' before applying it.',
          ),
        ]
      : []),
    disclosure('Whole policy', amendment.pretty),
    disclosure('AWS CLI', cliCommand(finding.roleName, amendment.compact)),
    disclosure('Terraform', terraformResource(finding.roleName, amendment.pretty)),
  ];
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
