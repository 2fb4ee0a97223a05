import { formatCount } from '../../shared/labels.ts';
import { filterControls } from './controls.ts';
import { openDetail } from './detail.ts';
import { el } from './dom.ts';
import { csvOf, offerFile } from './export.ts';
import { type Filter, formatFilter, matchingRows, parseFilter } from './filter.ts';
import { findingColumns } from './finding-columns.ts';
import { type Direction, findingKey, rowOf, sortRows } from './sort.ts';
import { findingAt, type Store } from './store.ts';
import { VirtualTable } from './virtual-table.ts';

/** Pause after a key stroke before the table follows. */
const TYPING_PAUSE_MS = 120;
const FRAGMENT = '#findings?';
const EXPORT_LABEL = 'Export these rows as CSV';

export interface FindingsView {
  /** Shows what the filter's text asks for (`severity=high&account=...`) and scrolls to the table. */
  showFilter(text: string): void;
}

/** The findings table with its filters, kept in step with the address so that a view can be passed on. */
export function findingsView(store: Store, place: HTMLElement): FindingsView {
  let rows: Uint32Array = new Uint32Array();
  let sort: { column: string; direction: Direction } = { column: 'severity', direction: 'ascending' };
  let timer = 0;
  const count = el('p', { class: 'result-count', role: 'status' });
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
    const filter = controls.read();
    const matching = matchingRows(store, filter);
    rows = sortRows(matching, findingKey(store, sort.column), sort.direction);
    table.showSort(sort.column, sort.direction);
    table.setRows(rows);
    count.textContent =
      rows.length === 0
        ? 'Nothing matches.'
        : `${formatCount(rows.length)} of ${formatCount(store.count)} listed verdicts. Enter or a click opens one.`;
    exportButton.disabled = rows.length === 0;
    setFragment(filter);
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

  function showFilter(text: string): void {
    controls.show(parseFilter(text));
    apply();
    document.getElementById('findings')?.scrollIntoView();
  }

  /** Follows an address that names a view, or a finding to open. */
  function follow(): void {
    if (!location.hash.startsWith(FRAGMENT)) return;
    const given = location.hash.slice(FRAGMENT.length);
    showFilter(given);
    const wanted = new URLSearchParams(given);
    const row = rowOf(store, wanted.get('open') ?? '', wanted.get('under') ?? '');
    const position = row === null ? -1 : rows.indexOf(row);
    if (position !== -1) open(position);
  }

  place.append(controls.element, el('div', { class: 'result-bar' }, count, exportButton), table.element);
  place.hidden = false;
  if (location.hash.startsWith(FRAGMENT)) follow();
  else apply();
  addEventListener('hashchange', follow);
  return { showFilter };
}

/** Keeps the address in step without adding to the history; a plain section link is left alone. */
function setFragment(filter: Filter, opened: Readonly<Record<string, string>> = {}): void {
  const changed = formatFilter(filter);
  const extra = new URLSearchParams(opened).toString();
  const text = [changed, extra].filter((part) => part !== '').join('&');
  if (text === '' && !location.hash.startsWith(FRAGMENT)) return;
  history.replaceState(null, '', text === '' ? '#findings' : FRAGMENT + text);
}
