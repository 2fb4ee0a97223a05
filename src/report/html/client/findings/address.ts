import { GROUPINGS, type Grouping } from '../data/groups.ts';
import type { Direction } from '../data/sort.ts';

/** What the table shows until a person asks for something else. */
export const FIRST_QUERY = 'verdict:fail,error';

const FRAGMENT = '#findings?';

export interface Sorting {
  readonly key: string;
  readonly direction: Direction;
}

/** What a reader sees of the findings, as it stands in the address of the page. */
export interface Place {
  readonly query: string;
  readonly sort: Sorting;
  readonly group: Grouping | null;
  /** The ARN of an opened finding, and its rule. */
  readonly open: string;
  readonly under: string;
}

export const FIRST_PLACE: Place = {
  query: FIRST_QUERY,
  sort: { key: 'severity', direction: 'ascending' },
  group: null,
  open: '',
  under: '',
};

/** The part of an address behind the file; what is as at first is left out. */
export function findingAddress(place: Partial<Place>): string {
  const { query, sort, group, open, under } = { ...FIRST_PLACE, ...place };
  const sorted = `${sort.direction === 'descending' ? '-' : ''}${sort.key}`;
  const parts: Readonly<Record<string, string>> = {
    ...(query !== FIRST_QUERY && { q: query }),
    ...(sorted !== FIRST_PLACE.sort.key && { sort: sorted }),
    ...(group !== null && { group }),
    ...(open !== '' && { open, under }),
  };
  const text = new URLSearchParams(parts).toString();
  return text === '' ? '#findings' : FRAGMENT + text;
}

/** What the address asks for; null when it names no view of the findings. What it says and nobody knows is as at first. */
export function placeOf(fragment: string, isSortKey: (key: string) => boolean): Place | null {
  if (!fragment.startsWith(FRAGMENT)) return null;
  const wanted = new URLSearchParams(fragment.slice(FRAGMENT.length));
  const sorted = wanted.get('sort') ?? '';
  const key = sorted.replace(/^-/, '');
  return {
    query: wanted.get('q') ?? FIRST_QUERY,
    sort: isSortKey(key)
      ? { key, direction: sorted.startsWith('-') ? 'descending' : 'ascending' }
      : FIRST_PLACE.sort,
    group: GROUPINGS.find((name) => name === wanted.get('group')) ?? null,
    open: wanted.get('open') ?? '',
    under: wanted.get('under') ?? '',
  };
}
