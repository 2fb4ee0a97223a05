import { formatCount } from '../../shared/labels.ts';
import { FIRST_QUERY, filterControls } from './controls.ts';
import { linkButton } from './copy.ts';
import { openDetail } from './detail.ts';
import { el } from './dom.ts';
import { csvOf, offerFile } from './export.ts';
import { matchingRows } from './filter.ts';
import { findingColumns } from './finding-columns.ts';
import { type Direction, findingKey, rowOf, sortRows } from './sort.ts';
import { findingAt, type Store } from './store.ts';
import { VirtualTable } from './virtual-table.ts';

/** Pause after a key stroke before the table follows. */
const TYPING_PAUSE_MS = 30;
const FRAGMENT = '#findings?';
const EXPORT_LABEL = 'Export these rows as CSV';

export interface FindingsView {
  /** Shows what the query asks for (`verdict:fail severity:high`) and scrolls to the table. */
  showQuery(query: string): void;
}

/** The findings table with its filter, kept in step with the address so that a view can be passed on. */
export function findingsView(store: Store, place: HTMLElement): FindingsView {
  let rows: Uint32Array = new Uint32Array();
  let sort: { column: string; direction: Direction } = { column: 'severity', direction: 'ascending' };
  let timer = 0;
  const count = el('p', { class: 'result-count', role: 'status' });
  const doubts = el('p', { class: 'doubts', id: 'filter-doubts' });
  const exportButton = el('button', { type: 'button', class: 'quiet' }, EXPORT_LABEL);
  exportButton.addEventListener('click', async () => {
    exportButton.disabled = true;
    exportButton.textContent = 'Preparing…';
    offerFile('findings.csv', await csvOf(store, rows));
    exportButton.textContent = EXPORT_LABEL;
    exportButton.disabled = rows.length === 0;
    exportButton.focus();
  });
  const controls = filterControls(store, () => {
    clearTimeout(timer);
    timer = setTimeout(apply, TYPING_PAUSE_MS);
  });
  const table = new VirtualTable({
    label: 'Findings',
    class: 'findings',
    rowHeight: 56,
    columns: findingColumns(store),
    onOpen: open,
    onSort(column, direction) {
      sort = { column, direction };
      apply();
    },
  });

  function apply(): void {
    const query = controls.read();
    const matches = matchingRows(store, query);
    rows = sortRows(matches.rows, findingKey(store, sort.column), sort.direction);
    table.showSort(sort.column, sort.direction);
    table.setRows(rows);
    count.textContent =
      rows.length === 0
        ? 'Nothing matches.'
        : `${formatCount(rows.length)} of ${formatCount(store.count)} listed verdicts. Enter or a click opens one.`;
    doubts.replaceChildren(...matches.doubts.map((doubt) => el('span', {}, doubt)));
    exportButton.disabled = rows.length === 0;
    setFragment(query);
  }

  function open(position: number): void {
    const show = (at: number): void => {
      const finding = findingAt(store, rows[at] ?? 0);
      openDetail(store, finding, {
        position: `${formatCount(at + 1)} of ${formatCount(rows.length)}`,
        previous: at > 0 ? () => show(at - 1) : null,
        next: at < rows.length - 1 ? () => show(at + 1) : null,
        closed: () => {
          setFragment(controls.read());
          table.focusRow(at);
        },
      });
      setFragment(controls.read(), { open: finding.arn, under: finding.rule });
    };
    show(position);
  }

  function showQuery(query: string): void {
    controls.show(query);
    apply();
    document.getElementById('findings')?.scrollIntoView();
  }

  /** Follows an address that names a view, or a finding to open. */
  function follow(): void {
    if (!location.hash.startsWith(FRAGMENT)) return;
    const wanted = new URLSearchParams(location.hash.slice(FRAGMENT.length));
    showQuery(wanted.get('q') ?? FIRST_QUERY);
    const row = rowOf(store, wanted.get('open') ?? '', wanted.get('under') ?? '');
    if (row === null) return;
    // A link names one finding whatever the filter; without it the finding would silently stay away.
    if (!rows.includes(row)) showQuery('');
    open(rows.indexOf(row));
  }

  place.append(
    controls.element,
    doubts,
    el('div', { class: 'result-bar' }, count, el('span', { class: 'grow' }), ...linkButton(), exportButton),
    table.element,
  );
  place.hidden = false;
  if (location.hash.startsWith(FRAGMENT)) follow();
  else apply();
  addEventListener('hashchange', follow);
  return { showQuery };
}

/** Keeps the address in step without adding to the history; a plain section link is left alone. */
function setFragment(query: string, opened: Readonly<Record<string, string>> = {}): void {
  const parts = { ...(query === FIRST_QUERY ? {} : { q: query }), ...opened };
  const text = new URLSearchParams(parts).toString();
  if (text === '' && !location.hash.startsWith(FRAGMENT)) return;
  history.replaceState(null, '', text === '' ? '#findings' : FRAGMENT + text);
}
