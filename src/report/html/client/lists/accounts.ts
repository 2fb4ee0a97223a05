import { carriedBadge } from '../../shared/badges.ts';
import type { AccountLine } from '../../shared/payload.ts';
import type { PageData } from '../data/page-data.ts';
import { badge, code, el } from '../widgets/dom.ts';
import { numberColumn, showList, textColumn } from './list.ts';

export function accountsList(data: PageData, onOpen: (account: string) => void): void {
  showList<AccountLine>({
    id: 'accounts',
    label: 'Accounts; Enter shows the findings of one',
    items: data.accounts,
    sorted: 'fail',
    onOpen: (row) => onOpen(row.account),
    columns: [
      {
        id: 'account',
        title: 'Account',
        show: (row) => code(row.account),
        key: (row) => row.account,
        below: [textColumn('name', 'Name', (row) => row.name ?? '')],
      },
      {
        id: 'captured',
        title: 'Captured',
        show: (row) => el('span', { title: row.capturedAt }, row.capturedAt.slice(0, 10)),
        key: (row) => row.capturedAt,
        below: [
          {
            id: 'coverage',
            title: 'Coverage',
            show: (row) => {
              const state = row.complete ? 'complete' : el('strong', { class: 'bad' }, 'incomplete');
              const carried = carriedBadge(row.carriedForward);
              return carried === null ? state : el('span', {}, state, ' ', badge(carried));
            },
            key: (row) => (row.complete ? 1_000_000 - (row.carriedForward ?? 0) : 0),
          },
        ],
      },
      numberColumn('roles', 'Roles', (row) => row.roles),
      numberColumn('fail', 'Fail', (row) => row.verdicts[0] ?? 0),
      ...(data.accounts.some(({ closed }) => closed > 0)
        ? [numberColumn<AccountLine>('closed', 'Closed', (row) => row.closed)]
        : []),
      numberColumn('error', 'Error', (row) => row.verdicts[1] ?? 0),
      numberColumn('pass', 'Pass', (row) => row.verdicts[2] ?? 0),
      numberColumn('na', 'N/A', (row) => row.verdicts[3] ?? 0),
    ],
  });
}
