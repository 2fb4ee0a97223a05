import { outsiderOf } from '../../../../model/third-party.ts';
import { capital } from '../../../../text/capital.ts';
import { formatCount, formatCounted } from '../../../../text/counted.ts';
import { OUTCOME_LABEL, relationWords, SEVERITIES } from '../../../shared/labels.ts';
import { exposedPaths } from '../../../shared/paths.ts';
import { manyWords } from '../../../shared/words/outsider-words.ts';
import { carriedBadge, severityBadge } from '../../shared/badges.ts';
import { COUNTED, type Group, type Grouping, groupSize } from '../data/groups.ts';
import { findingAt, type PageData } from '../data/page-data.ts';
import { badge, type Child, code, el } from '../widgets/dom.ts';
import { policyWords } from './why.ts';

/** The heading of a group: a button that opens it, what it is of, and how many of what it has. */
export function groupHeading(
  data: PageData,
  by: Grouping,
  group: Group,
  isOpen: boolean,
): readonly HTMLElement[] {
  return [
    el(
      'button',
      { type: 'button', class: 'group-head', tabindex: '-1', 'aria-expanded': String(isOpen) },
      el('span', { class: 'group-name' }, ...nameOf(data, by, group)),
      el('span', { class: 'group-counts' }, by === 'policy' ? policyMark(group) : null, ...counts(group)),
    ),
  ];
}

function nameOf(data: PageData, by: Grouping, { key, first }: Group): readonly Child[] {
  switch (by) {
    case 'account':
      return named(key, data.accountNames.get(key) ?? null, carriedMark(data, key));
    case 'from':
      return outsider(data, key, first);
    case 'policy':
      if (key === '') return ['No trust policy that could be read'];
      return [el('strong', { title: key }, policyWords(findingAt(data, first)))];
  }
}

function outsider(data: PageData, key: string, first: number): readonly Child[] {
  if (key === '') return ['No outside account is known'];
  if (key === '*') return [el('strong', {}, 'Anyone'), ', from any account'];
  const many = manyWords(key);
  if (many !== null) return [el('strong', {}, capital(many))];
  const { paths, ways = paths } = findingAt(data, first);
  const path = exposedPaths(ways).find((way) => outsiderOf(way) === key);
  return named(
    key,
    path?.accountName ?? null,
    path === undefined ? null : ` · ${relationWords(path.relation)}`,
  );
}

function named(account: string, name: string | null, more: Child): readonly Child[] {
  return name === null
    ? [code(account), more]
    : [el('strong', {}, el('bdi', {}, name)), ' ', code(account), more];
}

function carriedMark({ carried }: PageData, account: string): HTMLElement | null {
  const mark = carriedBadge(carried.get(account) ?? null);
  return mark === null ? null : el('span', {}, ' ', badge(mark));
}

/** Tells policies apart that let the same callers in; never cut, as a long name is. */
function policyMark({ key }: Group): HTMLElement | null {
  return key === '' ? null : el('span', { class: 'muted small' }, 'policy ', code(shortHash(key)));
}

/** FNV-1a. */
function shortHash(policy: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < policy.length; at++) {
    hash = Math.imul(hash ^ policy.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}

function counts(group: Group): readonly Child[] {
  const parts = COUNTED.flatMap((name, at): readonly HTMLElement[] => {
    const count = group.counts[at] ?? 0;
    if (count === 0) return [];
    const severity = SEVERITIES.find((one) => one === name);
    if (severity === undefined) {
      const label = name === 'other' ? 'other' : OUTCOME_LABEL[name === 'fail' ? 'fail' : 'error'];
      return [el('span', { class: 'muted' }, `${formatCount(count)} ${label.toLowerCase()}`)];
    }
    const { classes, text } = severityBadge(severity);
    return [el('span', { class: classes }, `${formatCount(count)} ${text.toLowerCase()}`)];
  });
  return [...parts, el('span', { class: 'group-size' }, formatCounted(groupSize(group), 'verdict'))];
}
