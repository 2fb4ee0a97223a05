import { type Impact, PRIVILEGES, type Privileges } from '../../../model/role-detail.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { shownTime } from '../labels.ts';
import type { StoryPiece } from './witness-story.ts';

export const PRIVILEGES_LABEL: Readonly<Record<Privileges, string>> = {
  administrator: 'Administrator',
  'can-become-administrator': 'Can become administrator',
  unknown: 'Privileges not known',
  limited: 'Limited',
  none: 'No privileges',
};

/** Policies and tags named one by one. */
const NAMED = 50;

/** What a way in leads to: terms, and what they are. */
export function impactFacts(
  impact: Impact,
): readonly (readonly [term: string, value: readonly StoryPiece[]])[] {
  const { privileges, why, policies, boundary, lastUsed, created, maxSession, tags } = impact;
  const pairs = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ['Privileges', [PRIVILEGES_LABEL[privileges]]],
    ['Why', [{ given: why }]],
    ['Policies', listed(policies)],
    ['Permissions boundary', boundary === null ? ['none, or not in the export'] : [{ given: boundary }]],
    ['Last used', [lastUsedWords(lastUsed)]],
    ['Created', [created === null ? NOT_SHOWN : shownTime(created)]],
    ['Longest session', [maxSession === null ? NOT_SHOWN : formatCounted(maxSession, 'second')]],
    ['Tags', listed(pairs.map(([key, value]) => `${key}=${value}`))],
  ];
}

const NOT_SHOWN = 'not in the export';

export function lastUsedWords(lastUsed: string | null): string {
  if (lastUsed === null) return NOT_SHOWN;
  return lastUsed === 'never' ? 'never within the 400 days that AWS keeps' : shownTime(lastUsed);
}

function listed(texts: readonly string[]): readonly StoryPiece[] {
  if (texts.length === 0) return ['none, or not in the export'];
  const named = texts
    .slice(0, NAMED)
    .flatMap((text, index): readonly StoryPiece[] => [...(index === 0 ? [] : [', ']), { given: text }]);
  const more = texts.length - NAMED;
  return more > 0 ? [...named, ` and ${formatCount(more)} more`] : named;
}

/**
 * Orders findings of one severity, the most pressing first: by what they lead to, then the one used last. What is not known
 * stands between what is known to be grave and what is known not to be. 0 when neither comes first.
 */
export function compareByImpact(a: Impact | null, b: Impact | null): number {
  const keys = [impactKey(a), impactKey(b)] as const;
  return keys[0] === keys[1] ? 0 : keys[0] < keys[1] ? -1 : 1;
}

/** Text that sorts as `compareByImpact` orders. */
export function impactKey(impact: Pick<Impact, 'privileges' | 'lastUsed'> | null): string {
  const privileges = PRIVILEGES.indexOf(impact?.privileges ?? 'unknown');
  return `${privileges}${lastUsedKey(impact?.lastUsed ?? null)}`;
}

function lastUsedKey(lastUsed: string | null): string {
  if (lastUsed === null) return 'y';
  if (lastUsed === 'never') return 'z';
  // Later times come first.
  return lastUsed.replace(/\d/g, (digit) => String(9 - Number(digit)));
}
