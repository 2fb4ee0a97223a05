import {
  partyQuery,
  REGISTER_COLUMNS,
  type RegisterColumn,
  type ThirdPartyLine,
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
    columns: REGISTER_COLUMNS.map(twoLines),
  });
}

/** Each line in full as a tip, because columns cut the end. */
function twoLines({ id, title, words, key }: RegisterColumn): ListColumn<ThirdPartyLine> {
  const part = (index: 0 | 1) => (line: ThirdPartyLine) => {
    const text = words(line)[index];
    return id === 'open' && index === 0 && line.open > 0
      ? el('strong', { class: 'bad' }, text)
      : el('span', { title: text }, text);
  };
  return {
    id,
    title,
    show: part(0),
    key,
    below: [{ id: `${id}-more`, title: '', show: part(1), key: () => 0 }],
  };
}
