import { PRIVILEGES } from '../../../../model/role-detail.ts';
import { formatCount } from '../../../../text/counted.ts';
import {
  acceptedWords,
  closedWords,
  guardedWords,
  impactWords,
  openWords,
  partyFacts,
  partyName,
  partyQuery,
  seenWords,
  type ThirdPartyLine,
  type TwoLines,
  undecidedWords,
} from '../../shared/third-party-line.ts';
import type { PageData } from '../data/page-data.ts';
import { el } from '../widgets/dom.ts';
import { type ListColumn, showList } from './list.ts';

/** The third-party register. */
export function thirdPartiesList(data: PageData, onOpen: (query: string) => void): void {
  showList<ThirdPartyLine>({
    id: 'third-parties',
    label: 'Third-party register; Enter shows the roles of an account',
    items: data.thirdParties,
    onOpen: (line) => onOpen(partyQuery(line)),
    columns: [
      twoLines('party', 'Vendor', (line) => [partyName(line), partyFacts(line)], partyName),
      {
        ...twoLines('open', 'Open', openWords, ({ open }) => open),
        show: (line) =>
          el(
            line.open > 0 ? 'strong' : 'span',
            line.open > 0 ? { class: 'bad' } : {},
            formatCount(line.open),
          ),
      },
      twoLines('guarded', 'Guarded', guardedWords, ({ guarded }) => guarded),
      twoLines('closed', 'Closed', closedWords, ({ closed }) => closed),
      twoLines('undecided', 'Undecided', undecidedWords, ({ undecided }) => undecided),
      twoLines('impact', 'Leads to', impactWords, ({ privileges }) =>
        privileges === null ? PRIVILEGES.length : PRIVILEGES.indexOf(privileges),
      ),
      twoLines('accepted', 'Accepted by', acceptedWords, ({ exceptions }) => exceptions),
      twoLines('span', 'Seen', seenWords, ({ firstSeen }) => firstSeen ?? ''),
    ],
  });
}

/** Each line in full as a tip, because columns cut the end. */
function twoLines(
  id: string,
  title: string,
  words: (line: ThirdPartyLine) => TwoLines,
  key: (line: ThirdPartyLine) => number | string,
): ListColumn<ThirdPartyLine> {
  const part = (index: 0 | 1) => (line: ThirdPartyLine) => {
    const text = words(line)[index];
    return el('span', { title: text }, text);
  };
  return {
    id,
    title,
    show: part(0),
    key,
    below: [{ id: `${id}-more`, title: '', show: part(1), key: () => 0 }],
  };
}
