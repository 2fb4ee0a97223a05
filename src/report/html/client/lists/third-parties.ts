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
    columns: REGISTER_COLUMNS.map(lines),
  });
}

function tip(text: string): HTMLElement {
  return el('span', { title: text }, text);
}

/** Each line in full as a tip, because columns cut the end. */
function lines({ id, title, words, more, key }: RegisterColumn): ListColumn<ThirdPartyLine> {
  const part = (index: 0 | 1) => (line: ThirdPartyLine) => {
    const text = words(line)[index];
    return id === 'open' && index === 0 && line.open > 0 ? el('strong', { class: 'bad' }, text) : tip(text);
  };
  return {
    id,
    title,
    show: part(0),
    key,
    below: [
      { id: `${id}-second`, title: '', show: part(1), key: () => 0 },
      ...(more === undefined
        ? []
        : [{ id: `${id}-third`, title: '', show: (line: ThirdPartyLine) => tip(more(line)), key: () => 0 }]),
    ],
  };
}
