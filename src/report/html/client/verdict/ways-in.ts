import type { GradedPath, VerdictObject } from '../../../../model/verdict.ts';
import { formatCount, formatCounted } from '../../../../text/counted.ts';
import { demandedGuards, RELATION_LABEL } from '../../../shared/labels.ts';
import { externalAccounts } from '../../../shared/paths.ts';
import { manyWords } from '../../../shared/words/outsider-words.ts';
import { type Child, code, el } from '../widgets/dom.ts';
import { labelCells } from '../widgets/label-cells.ts';

/** More than these are put together by account. */
const FEW = 12;
/** Accounts shown, and ways in of one account. */
const SHOWN = 200;

/** The ways in: one by one where they are few, else by account, each with those of it behind a title. */
export function waysIn({ paths }: Pick<VerdictObject, 'paths'>): readonly Node[] {
  if (paths.length === 0) return [];
  const count = el('span', { class: 'count' }, formatCount(paths.length));
  const heading = el('h3', {}, 'Ways in ', count);
  if (paths.length <= FEW) return [heading, wayTable(paths, 'Ways in')];
  const accounts = externalAccounts(paths);
  return [
    heading,
    ...accounts.slice(0, SHOWN).map((account) => ofAccount(paths.filter((path) => path.account === account))),
    ...leftOut(accounts.length, 'account'),
  ];
}

function ofAccount(paths: readonly GradedPath[]): HTMLElement {
  const [first] = paths;
  const open = paths.filter(({ guards }) => guards.length === 0).length;
  const details = el(
    'details',
    { class: 'ways' },
    el(
      'summary',
      {},
      ...(first === undefined ? [] : accountCell(first)),
      el(
        'span',
        { class: 'muted' },
        ` · ${first === undefined ? '' : RELATION_LABEL[first.relation]} · ${formatCounted(paths.length, 'way in', 'ways in')}, `,
      ),
      open === 0
        ? el('span', {}, 'all guarded')
        : el('strong', { class: 'bad' }, `${formatCount(open)} unguarded`),
    ),
  );
  // Hundreds of rows are made when somebody looks at them.
  details.addEventListener(
    'toggle',
    () =>
      details.append(
        wayTable(
          paths.slice(0, SHOWN),
          `Ways in of ${first === undefined ? 'nobody' : (manyWords(first.account) ?? first.account)}`,
        ),
        ...leftOut(paths.length, 'way in'),
      ),
    { once: true },
  );
  return details;
}

function leftOut(count: number, what: string): readonly Node[] {
  if (count <= SHOWN) return [];
  return [
    el(
      'p',
      { class: 'muted' },
      `Showing ${SHOWN} of ${formatCounted(count, what, what === 'way in' ? 'ways in' : `${what}s`)}.`,
    ),
  ];
}

function wayTable(paths: readonly GradedPath[], label: string): HTMLElement {
  const titles = ['Statement', 'Principal', 'Account', 'Relation', 'Guards'];
  const table = el(
    'table',
    { class: 'plain' },
    el('thead', {}, el('tr', {}, ...titles.map((title) => el('th', { scope: 'col' }, title)))),
    el('tbody', {}, ...paths.map(wayRow)),
  );
  labelCells(table);
  return el('div', { class: 'table-wrap', tabindex: '0', role: 'region', 'aria-label': label }, table);
}

function wayRow(path: GradedPath): HTMLElement {
  const { statement, sid, principal, relation, guards } = path;
  return el(
    'tr',
    {},
    el('td', {}, String(statement), sid === null ? null : el('span', { class: 'muted' }, ` ${sid}`)),
    el('td', {}, code(principal)),
    el('td', {}, ...accountCell(path)),
    el('td', {}, RELATION_LABEL[relation]),
    el('td', {}, guards.length === 0 ? el('strong', { class: 'bad' }, 'none') : demandedGuards(guards)),
  );
}

function accountCell({ account, accountName }: GradedPath): readonly Child[] {
  const id = account === '*' ? el('strong', {}, 'anyone') : code(account);
  return accountName === null ? [id] : [el('bdi', {}, accountName), ' ', id];
}
