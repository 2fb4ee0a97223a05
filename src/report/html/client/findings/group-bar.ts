import { GROUPINGS, type Grouping } from '../data/groups.ts';
import { el } from '../widgets/dom.ts';
import type { GroupedListing } from './grouped.ts';

const LABEL: Readonly<Record<Grouping, string>> = {
  account: 'Account',
  from: 'Outside account',
  policy: 'Trust policy',
};

interface GroupBarActions {
  readonly onChange: () => void;
  readonly onAll: (open: boolean) => void;
}

/** Chooses by what findings are put together, and opens or closes all groups. */
export class GroupBar {
  private readonly field = el(
    'select',
    { id: 'group-by' },
    el('option', { value: '' }, 'Nothing'),
    ...GROUPINGS.map((name) => el('option', { value: name }, LABEL[name])),
  );
  private readonly openAll = el('button', { type: 'button', class: 'quiet' }, 'Open all');
  private readonly closeAll = el('button', { type: 'button', class: 'quiet' }, 'Close all');
  readonly element: HTMLElement;

  constructor({ onChange, onAll }: GroupBarActions) {
    this.field.addEventListener('input', onChange);
    this.openAll.addEventListener('click', () => onAll(true));
    this.closeAll.addEventListener('click', () => onAll(false));
    this.element = el(
      'div',
      { class: 'group-bar' },
      el('label', { class: 'inline-field' }, el('span', {}, 'Group by'), this.field),
      this.openAll,
      this.closeAll,
    );
    this.follow(null);
  }

  read(): Grouping | null {
    return GROUPINGS.find((name) => name === this.field.value) ?? null;
  }

  show(by: Grouping | null): void {
    this.field.value = by ?? '';
  }

  /** Offers what can be done with these groups. */
  follow(grouped: GroupedListing | null): void {
    this.openAll.hidden = grouped === null;
    this.closeAll.hidden = grouped === null;
    const canOpen = grouped?.canOpenAll() !== false;
    this.openAll.disabled = !canOpen;
    this.openAll.title = canOpen ? '' : 'Too many rows: narrow the filter first';
  }
}
