import { formatCount, formatCounted } from '../../../../text/counted.ts';
import { csvOf, offerFile } from '../data/export.ts';
import { matchingRows } from '../data/filter.ts';
import { findingAt, type PageData } from '../data/page-data.ts';
import { type Direction, findingKey, rowOf, sortRows } from '../data/sort.ts';
import { openPanel } from '../verdict/panel.ts';
import { linkButton } from '../widgets/copy.ts';
import { el } from '../widgets/dom.ts';
import { VirtualTable } from '../widgets/virtual-table.ts';
import { findingColumns } from './columns.ts';
import { FIRST_QUERY, type FilterBar, filterBar } from './filter-bar.ts';

/** Pause after a key stroke before the table follows. */
const TYPING_PAUSE_MS = 30;
const FRAGMENT = '#findings?';
const EXPORT_LABEL = 'Export these rows as CSV';

/** Shows the findings table with its filter in its place on the page, kept in step with the page's address. */
export function openFindings(data: PageData, place: HTMLElement): FindingsView {
  const view = new FindingsView(data);
  place.append(...view.elements);
  place.hidden = false;
  view.start();
  return view;
}

/** The findings table with its filter, kept in step with the address so that a view can be passed on. */
export class FindingsView {
  private readonly data: PageData;
  private readonly filter: FilterBar;
  private readonly table: VirtualTable;
  private readonly count = el('p', { class: 'result-count', role: 'status' });
  private readonly doubts = el('p', { class: 'doubts', id: 'filter-doubts' });
  private readonly exportButton = el('button', { type: 'button', class: 'quiet' }, EXPORT_LABEL);
  private rows: Uint32Array = new Uint32Array();
  private sort: { column: string; direction: Direction } = { column: 'severity', direction: 'ascending' };
  private timer = 0;

  constructor(data: PageData) {
    this.data = data;
    this.exportButton.addEventListener('click', () => this.export());
    this.filter = filterBar(data, () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.apply(), TYPING_PAUSE_MS);
    });
    this.table = new VirtualTable({
      label: 'Findings',
      class: 'findings',
      rowHeight: 56,
      columns: findingColumns(data),
      onOpen: (position) => this.open(position),
      onSort: (column, direction) => {
        this.sort = { column, direction };
        this.apply();
      },
    });
  }

  get elements(): readonly HTMLElement[] {
    const { filter, doubts, count, exportButton, table } = this;
    const gap = el('span', { class: 'grow' });
    const bar = el('div', { class: 'result-bar' }, count, gap, ...linkButton(), exportButton);
    return [filter.element, doubts, bar, table.element];
  }

  /** Shows what the address asks for, now and whenever it changes; else the first query. */
  start(): void {
    if (location.hash.startsWith(FRAGMENT)) this.follow();
    else this.apply();
    addEventListener('hashchange', () => this.follow());
  }

  /** Shows what the query asks for (`verdict:fail severity:high`) and scrolls to the table. */
  showQuery(query: string): void {
    this.filter.show(query);
    this.apply();
    document.getElementById('findings')?.scrollIntoView();
  }

  private apply(): void {
    const query = this.filter.read();
    const { column, direction } = this.sort;
    const matches = matchingRows(this.data, query);
    this.rows = sortRows(matches.rows, findingKey(this.data, column), direction);
    this.table.showSort(column, direction);
    this.table.setRows(this.rows);
    this.count.textContent =
      this.rows.length === 0
        ? 'Nothing matches.'
        : `${formatCount(this.rows.length)} of ${formatCounted(this.data.count, 'listed verdict')}. Enter or a click opens one.`;
    this.doubts.replaceChildren(...matches.doubts.map((doubt) => el('span', {}, doubt)));
    this.exportButton.disabled = this.rows.length === 0;
    setFragment(query);
  }

  private async export(): Promise<void> {
    const button = this.exportButton;
    button.disabled = true;
    button.textContent = 'Preparing…';
    offerFile('findings.csv', await csvOf(this.data, this.rows));
    button.textContent = EXPORT_LABEL;
    button.disabled = this.rows.length === 0;
    button.focus();
  }

  /** Opens the finding at a position of the table. */
  private open(at: number): void {
    const { length } = this.rows;
    const finding = findingAt(this.data, this.rows[at] ?? 0);
    openPanel(this.data, finding, {
      position: `${formatCount(at + 1)} of ${formatCount(length)}`,
      previous: at > 0 ? () => this.open(at - 1) : null,
      next: at < length - 1 ? () => this.open(at + 1) : null,
      closed: () => {
        setFragment(this.filter.read());
        this.table.focusRow(at);
      },
    });
    setFragment(this.filter.read(), { open: finding.arn, under: finding.rule });
  }

  /** Follows an address that names a view, or a finding to open. */
  private follow(): void {
    if (!location.hash.startsWith(FRAGMENT)) return;
    const wanted = new URLSearchParams(location.hash.slice(FRAGMENT.length));
    this.showQuery(wanted.get('q') ?? FIRST_QUERY);
    const row = rowOf(this.data, wanted.get('open') ?? '', wanted.get('under') ?? '');
    if (row === null) return;
    // A link names one finding whatever the filter; without it the finding would silently stay away.
    if (!this.rows.includes(row)) this.showQuery('');
    this.open(this.rows.indexOf(row));
  }
}

/** Keeps the address in step without adding to the history; a plain section link is left alone. */
function setFragment(query: string, opened: Readonly<Record<string, string>> = {}): void {
  const parts = { ...(query === FIRST_QUERY ? {} : { q: query }), ...opened };
  const text = new URLSearchParams(parts).toString();
  if (text === '' && !location.hash.startsWith(FRAGMENT)) return;
  history.replaceState(null, '', text === '' ? '#findings' : FRAGMENT + text);
}
