import { weaknessSentence } from '../../../exposure/weak-external-ids.ts';
import {
  disclosure,
  proposalView,
  refusalView,
  sentences,
} from '../../../report/html/client/verdict/proposal.ts';
import {
  facts,
  policySection,
  proof,
  readings,
  storyPiece,
} from '../../../report/html/client/verdict/sections.ts';
import { waysIn } from '../../../report/html/client/verdict/ways-in.ts';
import { badge, code, el } from '../../../report/html/client/widgets/dom.ts';
import { outcomeBadge, severityBadge } from '../../../report/html/shared/badges.ts';
import { OUTCOME_LABEL, SEVERITY_LABEL, shownTime } from '../../../report/shared/labels.ts';
import { messagePieces } from '../../../report/shared/words/named-message.ts';
import type { Answer } from '../messages.ts';

/** The verdict in a line, for those who hear the page. */
export function spokenVerdict({ verdict }: Answer): string {
  const severity =
    verdict.severity === null ? '' : `, severity ${SEVERITY_LABEL[verdict.severity].toLowerCase()}`;
  return `${OUTCOME_LABEL[verdict.verdict]}${severity}.`;
}

/** All there is to say of a judged policy. `asOf`: the moment judged against. */
export function answerView(answer: Answer, asOf: string): readonly Node[] {
  const { verdict, policy } = answer;
  return [
    el(
      'p',
      { class: 'verdict-line' },
      badge(outcomeBadge(verdict.verdict)),
      verdict.severity === null ? null : badge(severityBadge(verdict.severity)),
    ),
    el('p', { class: 'message' }, ...messagePieces(verdict, [policy, verdict.roleName]).map(storyPiece)),
    facts([
      ['Account', [code(verdict.account)]],
      ['Partition', [code(verdict.partition)]],
      ['Role', [verdict.roleName === null ? 'not given' : code(verdict.roleName)]],
      ['Rule', [code(verdict.rule)]],
      ['Reason', [code(verdict.reason)]],
      ['Judged against', [shownTime(asOf)]],
    ]),
    ...proof(verdict),
    ...(policy === null ? [] : policySection({ ...verdict, policy })),
    ...waysIn(verdict),
    ...readings(verdict, answer.sentences),
    ...fixNodes(answer),
    el('h3', {}, 'To take away'),
    disclosure('The verdict as JSON, as trustsieve check prints it', JSON.stringify(verdict, null, 2)),
  ];
}

function fixNodes({ fix, verdict, policy }: Answer): readonly Node[] {
  const heading = el('h3', {}, 'How to fix');
  switch (fix.status) {
    case 'proposed':
      return [
        heading,
        ...proposalView({ ...fix, message: messagePieces({ ...verdict, ...fix.after }, [policy]) }),
      ];
    case 'refused':
      return [heading, ...refusalView(fix.reason, fix.advice)];
    case 'not-needed':
      return fix.weakExternalIds.length === 0
        ? []
        : [
            heading,
            el('p', {}, 'It passes, with a guard that is weak.'),
            sentences(fix.weakExternalIds.map(weaknessSentence)),
          ];
  }
}
