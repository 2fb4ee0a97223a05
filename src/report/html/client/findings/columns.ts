import { effectiveVerdict } from '../../../../model/guardrail.ts';
import { outsiderOf } from '../../../../model/third-party.ts';
import { formatCount } from '../../../../text/counted.ts';
import {
  OUTCOME_LABEL,
  RELATION_LABEL,
  STATE_LABEL,
  STATE_MEANING,
  shownTime,
} from '../../../shared/labels.ts';
import { exposedPaths, externalAccounts } from '../../../shared/paths.ts';
import { PRIVILEGES_LABEL } from '../../../shared/words/impact-words.ts';
import { exampleWords, manyWords } from '../../../shared/words/outsider-words.ts';
import {
  type Badge,
  carriedBadge,
  disagreementBadge,
  guardrailBadge,
  outcomeBadge,
  severityBadge,
} from '../../shared/badges.ts';
import type { IsAsked } from '../data/filter.ts';
import { type Finding, findingAt, type PageData } from '../data/page-data.ts';
import type { Column, SortKey } from '../widgets/column.ts';
import { badge, type Child, code, el } from '../widgets/dom.ts';
import { findingAddress } from './address.ts';
import { shownPath, whyWords } from './why.ts';

/**
 * The findings table. The widths are for who and why; what is one word stays narrow.
 *
 * @param askedFor the outside accounts that the row at a position is shown for; null: all of them
 */
export function findingColumns(
  data: PageData,
  askedFor: (position: number) => IsAsked | null,
): readonly Column[] {
  const column = (
    id: string,
    sorts: readonly SortKey[],
    cell: (finding: Finding, isAsked: IsAsked | null) => readonly Child[],
    title = sorts.map((sort) => sort.title).join(' · '),
  ): Column => ({
    id,
    title,
    sorts,
    cell: (row, position) => cell(findingAt(data, row), askedFor(position)),
  });
  return [
    column('severity', [SORTS.severity, SORTS.verdict], severity),
    column('role', [SORTS.role], (finding) => role(finding, data.meta.rules.length > 1)),
    column('account', [SORTS.account], account),
    column('external', [SORTS.external], whoGetsIn),
    column('why', [], why, 'Why'),
    column('state', [SORTS.state, SORTS.seen], state),
  ];
}

/** What the table can be sorted by. */
const SORTS = {
  severity: { id: 'severity', title: 'Severity' },
  verdict: { id: 'verdict', title: 'Verdict' },
  role: { id: 'role', title: 'Role' },
  account: { id: 'account', title: 'Account' },
  external: { id: 'external', title: 'Who gets in' },
  state: { id: 'state', title: 'State' },
  seen: { id: 'seen', title: 'First seen' },
} as const satisfies Readonly<Record<string, SortKey>>;

export function isSortKey(id: string): boolean {
  return Object.hasOwn(SORTS, id);
}

function severity(finding: Finding): readonly Child[] {
  const outcome = badge(outcomeBadge(effectiveVerdict(finding)));
  if (finding.severity === null) return [el('span', { class: 'first' }, outcome)];
  return [
    el('span', { class: 'first' }, badge(severityBadge(finding.severity))),
    el('span', { class: 'second' }, outcome),
  ];
}

function role(finding: Finding, namesRule: boolean): readonly Child[] {
  const { arn, rule, roleName, impact } = finding;
  const below = [
    ...(namesRule ? [rule] : []),
    ...(impact === null ? [] : [PRIVILEGES_LABEL[impact.privileges]]),
  ];
  const href = findingAddress({ open: arn, under: rule });
  return [
    el('a', { class: 'first long', href, title: arn, tabindex: '-1' }, code(roleName)),
    ...below.map(second),
  ];
}

function account(finding: Finding): readonly Child[] {
  const { accountName } = finding;
  const id = code(finding.account);
  return [
    ...(accountName === null
      ? [el('span', { class: 'first' }, id)]
      : [nameLine(accountName), el('span', { class: 'second' }, id)]),
    marks([carriedBadge(finding.carriedForward)]),
  ];
}

function whoGetsIn(finding: Finding, isAsked: IsAsked | null): readonly Child[] {
  const ways = finding.ways ?? finding.paths;
  const path = shownPath(finding, isAsked);
  if (path === null) return [el('span', { class: 'muted' }, '–')];
  const others = externalAccounts(exposedPaths(ways)).filter((one) => one !== outsiderOf(path)).length;
  const more = others > 0 ? second(`and ${formatCount(others)} more`) : null;
  const relation = RELATION_LABEL[path.relation];
  const many = manyWords(outsiderOf(path));
  if (many !== null) {
    const example = exampleWords(path.account, path.accountName);
    const below =
      path.account === '*'
        ? second(relation)
        : el('span', { class: 'second', title: example }, exampleWords(path.account, null));
    return [el('strong', { class: 'first long', title: many }, many), below, more];
  }
  if (path.accountName === null)
    return [el('span', { class: 'first' }, code(path.account)), second(relation), more];
  return [
    nameLine(path.accountName),
    el('span', { class: 'second' }, code(path.account), ` · ${relation}`),
    more,
  ];
}

function why(finding: Finding, isAsked: IsAsked | null): readonly Child[] {
  const { literal, verdict, notes } = finding;
  const words = whyWords(finding, shownPath(finding, isAsked));
  const literally = `literal: ${OUTCOME_LABEL[literal]}`;
  return [
    marks([
      guardrailBadge(finding),
      disagreementBadge(notes),
      literal === verdict ? null : { classes: 'badge carried', text: literally, tip: literally },
    ]),
    el('span', { class: 'why', title: words }, words),
  ];
}

function state({ state, suppressedBy, firstSeen }: Finding): readonly Child[] {
  const seen = shownTime(firstSeen);
  return [
    state === null
      ? el('span', { class: 'first' }, '–')
      : el('span', { class: 'first', title: STATE_MEANING[state] }, STATE_LABEL[state]),
    el('span', { class: 'second', title: seen }, seen.split(' ', 1)[0] ?? ''),
    suppressedBy === null ? null : second('accepted'),
  ];
}

/** A name of up to two lines; in full as a tip. */
function nameLine(name: string): HTMLElement {
  return el('span', { class: 'first long', title: name }, el('bdi', {}, name));
}

function marks(badges: readonly (Badge | null)[]): HTMLElement | null {
  const shown = badges.filter((one) => one !== null);
  return shown.length === 0 ? null : el('span', { class: 'marks' }, ...shown.map(badge));
}

function second(text: string): HTMLElement {
  return el('span', { class: 'second', title: text }, text);
}
