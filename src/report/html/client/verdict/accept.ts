import { effectiveVerdict } from '../../../../model/guardrail.ts';
import { exceptionEntry } from '../../../shared/exception-entry.ts';
import type { Finding } from '../data/page-data.ts';
import { onCopy } from '../widgets/copy.ts';
import { code, el } from '../widgets/dom.ts';
import { disclosure } from './proposal.ts';

/**
 * The entry of an exceptions file that would accept a failing role, as `trustsieve exceptions propose` writes it; nothing
 * where there is nothing left to accept.
 */
export function acceptSection(finding: Finding): readonly Node[] {
  if (effectiveVerdict(finding) !== 'fail' || finding.suppressedBy !== null) return [];
  const entry = exceptionEntry(finding);
  const shown = disclosure('The entry', entry);
  const button = el('button', { type: 'button', class: 'quiet' }, 'Copy exception entry');
  onCopy(
    button,
    () => entry,
    () => {
      shown.open = true;
      getSelection()?.selectAllChildren(shown.querySelector('pre') ?? shown);
    },
  );
  return [
    el('h3', {}, 'Accept it for a time'),
    el(
      'p',
      {},
      'Where it cannot be closed yet, an entry in the exceptions file accepts exactly this finding. Reason and end are yours to fill in: ',
      code('trustsieve exceptions check'),
      ' refuses the entry until then.',
    ),
    button,
    shown,
  ];
}
