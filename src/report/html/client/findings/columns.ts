import { effectiveVerdict } from '../../../../model/guardrail.ts';
import type { Impact } from '../../../../model/role-detail.ts';
import { PRIVILEGES_LABEL } from '../../../shared/impact-words.ts';
import {
  OUTCOME_LABEL,
  RELATION_LABEL,
  STATE_LABEL,
  STATE_MEANING,
  shownTime,
} from '../../../shared/labels.ts';
import { exposedPaths, externalAccounts, worstPath } from '../../../shared/paths.ts';
import {
  type Badge,
  carriedBadge,
  disagreementBadge,
  guardrailBadge,
  outcomeBadge,
  severityBadge,
} from '../../shared/badges.ts';
import { type Finding, findingAt, type PageData } from '../data/page-data.ts';
import { badge, type Child, code, el } from '../widgets/dom.ts';
import type { Column } from '../widgets/virtual-table.ts';

/** The findings table: two lines a row, the second one quieter. */
export function findingColumns(data: PageData): readonly Column[] {
  const column = (id: string, title: string, cell: (finding: Finding) => readonly Child[]): Column => ({
    id,
    title,
    sortable: true,
    cell: (row) => cell(findingAt(data, row)),
  });
  return [
    column('verdict', 'Verdict', (finding) => [
      badge(outcomeBadge(effectiveVerdict(finding))),
      guarded(finding) ??
        second(finding.literal === finding.verdict ? '' : `literal: ${OUTCOME_LABEL[finding.literal]}`),
    ]),
    column('severity', 'Severity', (finding) => [
      badge(severityBadge(finding.severity)),
      ...(finding.impact === null ? [] : [privileges(finding.impact)]),
    ]),
    column('role', 'Role', (finding) => [
      el('span', { class: 'first', title: finding.arn }, code(finding.roleName)),
      withBadge(disagreementBadge(finding.notes), finding.message),
    ]),
    column('account', 'Account', (finding) => [
      el('span', { class: 'first', title: finding.accountName ?? '' }, code(finding.account)),
      withBadge(carriedBadge(finding.carriedForward), finding.accountName ?? ''),
    ]),
    column('external', 'Who gets in', whoGetsIn),
    column('state', 'State', (finding) => [
      finding.state === null
        ? el('span', { class: 'first' }, '–')
        : el('span', { class: 'first', title: STATE_MEANING[finding.state] }, STATE_LABEL[finding.state]),
      second(finding.suppressedBy === null ? '' : 'accepted'),
    ]),
    column('seen', 'First seen', (finding) => {
      const [day = '', ...rest] = shownTime(finding.firstSeen).split(' ');
      return [el('span', { class: 'first' }, day), second(rest.join(' '))];
    }),
  ];
}

function whoGetsIn(finding: Finding): readonly Child[] {
  const ways = finding.ways ?? finding.paths;
  const path = worstPath(ways);
  if (path === null) return [el('span', { class: 'muted' }, '–')];
  const others = externalAccounts(exposedPaths(ways)).length - 1;
  const more = others > 0 ? ` · and ${others} more` : '';
  const relation = RELATION_LABEL[path.relation] + more;
  if (path.account === '*') return [el('strong', { class: 'first' }, 'anyone'), second(relation)];
  if (path.accountName === null)
    return [el('span', { class: 'first' }, code(path.account)), second(relation)];
  return [
    el('span', { class: 'first' }, el('bdi', {}, path.accountName)),
    el('span', { class: 'second' }, code(path.account), ` · ${relation}`),
  ];
}

/** Null where guardrails change nothing. */
function guarded(finding: Finding): HTMLElement | null {
  const what = guardrailBadge(finding);
  return what === null ? null : el('span', { class: 'second' }, badge(what));
}

function privileges({ privileges: leadsTo }: Impact): HTMLElement {
  const label = PRIVILEGES_LABEL[leadsTo];
  const text = leadsTo === 'can-become-administrator' ? 'Can become admin' : label;
  return el('span', { class: 'second', title: label }, text);
}

function withBadge(what: Badge | null, text: string): HTMLElement {
  return what === null ? second(text) : el('span', { class: 'second' }, badge(what), ` ${text}`);
}

function second(text: string): HTMLElement {
  return el('span', { class: 'second' }, text);
}
