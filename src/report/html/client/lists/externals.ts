import { formatCount } from '../../../../text/counted.ts';
import type { ExternalAccount } from '../../../shared/external-accounts.ts';
import { guardWords, RELATION_LABEL } from '../../../shared/labels.ts';
import { RELATIONS } from '../../../shared/paths.ts';
import type { PageData } from '../data/page-data.ts';
import { code, el } from '../widgets/dom.ts';
import { numberColumn, showList, textColumn } from './list.ts';

export function externalsList(data: PageData, onOpen: (account: string) => void): void {
  showList<ExternalAccount>({
    id: 'externals',
    label: 'Outside accounts; Enter shows the roles of one',
    items: data.externals,
    onOpen: (row) => onOpen(row.account),
    columns: [
      {
        id: 'account',
        title: 'Account',
        show: (row) => (row.account === '*' ? el('strong', {}, 'anyone') : code(row.account)),
        key: (row) => row.account,
      },
      textColumn('name', 'Name', (row) => row.name ?? ''),
      {
        id: 'relation',
        title: 'Relation',
        show: (row) => RELATION_LABEL[row.relation],
        key: (row) => RELATIONS.indexOf(row.relation),
      },
      {
        id: 'open',
        title: 'Unguarded roles',
        class: 'number',
        show: (row) =>
          row.open === 0
            ? el('span', { class: 'muted' }, '0')
            : el('strong', { class: 'bad' }, formatCount(row.open)),
        key: (row) => row.open,
      },
      numberColumn('guarded', 'Guarded roles', (row) => row.guarded),
      textColumn('guards', 'Guards', guardWords),
    ],
  });
}
