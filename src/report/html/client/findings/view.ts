import { outsiderOf } from '../../../../model/third-party.ts';
import { formatCount, formatCounted } from '../../../../text/counted.ts';
import { askedAccounts, type IsAsked, matchingRows } from '../data/filter.ts';
import { type Grouping, groupRows } from '../data/groups.ts';
import { findingAt, type PageData } from '../data/page-data.ts';
import { FindingOrders, rowOf } from '../data/sort.ts';
import { closePanel, openPanel } from '../verdict/panel.ts';
import { el } from '../widgets/dom.ts';
import { flatListing } from '../widgets/listing.ts';
import { VirtualTable } from '../widgets/virtual-table.ts';
import { FIRST_PLACE, findingAddress, type Place, placeOf } from './address.ts';
import { findingColumns, isSortKey } from './columns.ts';
import { type FilterBar, filterBar } from './filter-bar.ts';
import { GroupBar } from './group-bar.ts';
import { GroupedListing } from './grouped.ts';
import { groupHeading } from './headings.ts';
import { ResultBar } from './result-bar.ts';

/** Pause after a key stroke before the table follows. */
const TYPING_PAUSE_MS = 30;

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
  private readonly orders: FindingOrders;
  private readonly filter: FilterBar;
  private readonly groups: GroupBar;
  private readonly results: ResultBar;
  private readonly table: VirtualTable;
  private readonly doubts = el('p', { class: 'doubts', id: 'filter-doubts', role: 'status' });
  private rows: Uint32Array = new Uint32Array();
  /** Null while findings stand in one list. */
  private grouped: GroupedListing | null = null;
  private groupedBy: Grouping | null = null;
  /** Which outside accounts the filter asks for. */
  private asked: IsAsked | null = null;
  private sort = FIRST_PLACE.sort;
  private timer = 0;

  constructor(data: PageData) {
    this.data = data;
    this.orders = new FindingOrders(data);
    this.filter = filterBar(data, {
      onChange: () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.apply(), TYPING_PAUSE_MS);
      },
      onDown: () => {
        clearTimeout(this.timer);
        this.apply();
        this.table.focusRow(0);
      },
    });
    this.groups = new GroupBar({
      onChange: () => this.apply(),
      onAll: (open) => {
        this.grouped?.setAll(open);
        this.list();
      },
    });
    this.results = new ResultBar(
      data,
      () => this.rows,
      () => this.address(),
    );
    this.table = new VirtualTable({
      label: 'Findings',
      class: 'findings',
      columns: findingColumns(data, (position) => this.askedFor(position)),
      heading: (position) => this.heading(position),
      onToggle: (position) => this.toggle(position),
      onOpen: (position) => this.openAt(position),
      printed: () => `Filter: ${this.filter.read() || 'none'}. `,
      onSort: (key, direction) => {
        this.sort = { key, direction };
        this.apply();
      },
    });
  }

  get elements(): readonly HTMLElement[] {
    const { filter, groups, doubts, results, table } = this;
    return [filter.element, doubts, results.elementWith(groups.element), table.element];
  }

  /** Shows what the address asks for, now and whenever it changes; else the first query. */
  start(): void {
    if (placeOf(location.hash, isSortKey) === null) this.apply();
    else this.follow();
    addEventListener('hashchange', () => this.follow());
  }

  /** Shows what the query asks for (`verdict:fail severity:high`), and goes there as a link does. */
  showQuery(query: string): void {
    this.filter.show(query);
    this.apply();
    const title = document.getElementById('findings-title');
    title?.setAttribute('tabindex', '-1');
    title?.focus({ preventScroll: true });
    document.getElementById('findings')?.scrollIntoView();
  }

  private apply(): void {
    const { data, sort, groups } = this;
    const matches = matchingRows(data, this.filter.read());
    this.asked = askedAccounts(this.filter.read());
    this.rows = this.orders.sorted(matches.rows, sort.key, sort.direction);
    const by = groups.read();
    const worstFirst = sort.key === 'severity' && sort.direction === 'ascending';
    const before = by === this.groupedBy ? this.grouped : null;
    this.groupedBy = by;
    this.grouped =
      by === null ? null : new GroupedListing(groupRows(data, this.rows, by, worstFirst), this.rows);
    if (before !== null) this.grouped?.openAsIn(before);
    this.table.showSort(sort.key, sort.direction);
    this.list();
    this.results.show(countWords(this.rows.length, data.count, this.grouped));
    this.doubts.replaceChildren(...matches.doubts.map((doubt) => el('span', {}, doubt)));
    this.setFragment();
  }

  private list(): void {
    this.table.setListing(this.grouped ?? flatListing(this.rows));
    this.groups.follow(this.grouped);
  }

  private heading(position: number): readonly HTMLElement[] {
    const { grouped } = this;
    const by = this.groups.read();
    const number = grouped?.groupAt(position) ?? 0;
    const group = grouped?.groups[number];
    return grouped === null || by === null || group === undefined
      ? []
      : groupHeading(this.data, by, group, grouped.isOpen(number));
  }

  /** The outside accounts that a row stands there for; null where it stands for all of its own. */
  private askedFor(position: number): IsAsked | null {
    const { grouped } = this;
    if (grouped === null || this.groupedBy !== 'from') return this.asked;
    const { key } = grouped.groups[grouped.groupAt(position)] ?? { key: '' };
    return (path) => outsiderOf(path) === key;
  }

  private toggle(position: number): void {
    const { grouped } = this;
    if (grouped === null) return;
    const group = grouped.groupAt(position);
    grouped.toggle(group);
    this.table.changeListing(grouped, grouped.headingOf(group));
  }

  /** Opens the finding at a position of the table. */
  private openAt(position: number): void {
    const { grouped, rows } = this;
    if (grouped === null) {
      this.open(rows, position, 0);
      return;
    }
    const group = grouped.groupAt(position);
    const heading = grouped.headingOf(group);
    this.open(grouped.rowsOf(group), position - heading - 1, heading + 1);
  }

  /** Opens one of these rows, which begin at a position of the table. */
  private open(rows: Uint32Array, at: number, start: number): void {
    const { length } = rows;
    const finding = findingAt(this.data, rows[at] ?? 0);
    const within = this.grouped === null ? '' : ' in this group';
    const opened = { open: finding.arn, under: finding.rule };
    openPanel(this.data, finding, {
      position: `${formatCount(at + 1)} of ${formatCount(length)}${within}`,
      previous: at > 0 ? () => this.open(rows, at - 1, start) : null,
      next: at < length - 1 ? () => this.open(rows, at + 1, start) : null,
      closed: () => {
        this.setFragment();
        this.table.focusRow(start + at);
      },
      address: () => this.address(opened),
    });
    this.setFragment(opened);
  }

  /** Follows an address that names a view, or a finding to open; one that is open and not named is closed. */
  private follow(): void {
    const place = placeOf(location.hash, isSortKey);
    if (place === null || place.open === '') closePanel();
    if (place === null) return;
    this.sort = place.sort;
    this.groups.show(place.group);
    this.showQuery(place.query);
    if (place.open === '') return;
    const row = rowOf(this.data, place.open, place.under);
    if (row === null) {
      closePanel();
      this.doubts.append(el('span', {}, `${NOT_HERE}: ${place.open}`));
      return;
    }
    // A link names one finding whatever the filter; without it the finding would silently stay away.
    if (!this.rows.includes(row)) this.showQuery('');
    this.openAt(this.positionOf(row));
  }

  /** Where a row stands, its group opened if need be. */
  private positionOf(row: number): number {
    const { grouped } = this;
    if (grouped === null) return this.rows.indexOf(row);
    const group = grouped.groupOf(row);
    if (!grouped.isOpen(group)) grouped.toggle(group);
    this.table.setListing(grouped);
    return grouped.headingOf(group) + 1 + grouped.rowsOf(group).indexOf(row);
  }

  /** Keeps the address in step without adding to the history; a plain section link is left alone. */
  private setFragment(opened: Opened = {}): void {
    const address = this.address(opened);
    if (address === FIRST_ADDRESS && placeOf(location.hash, isSortKey) === null) return;
    history.replaceState(null, '', address);
  }

  private address(opened: Opened = {}): string {
    return findingAddress({
      query: this.filter.read(),
      sort: this.sort,
      group: this.groups.read(),
      ...opened,
    });
  }
}

const NOT_HERE = 'The finding of this link is not in this report (the role is gone, or is not listed)';

type Opened = Partial<Pick<Place, 'open' | 'under'>>;

const FIRST_ADDRESS = findingAddress({});

function countWords(shown: number, all: number, grouped: GroupedListing | null): string {
  if (shown === 0) return 'Nothing matches.';
  const groups = grouped === null ? '' : `, in ${formatCounted(grouped.groups.length, 'group')}`;
  return `${formatCount(shown)} of ${formatCounted(all, 'listed verdict')}${groups}. Enter or a click opens one.`;
}
