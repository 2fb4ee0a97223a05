import { CONFLICTING_RECORDS } from '../../model/completeness.ts';
import type { ExceptionRow } from '../../model/exception.ts';
import { effectiveVerdict, GUARDRAILS_UNKNOWN } from '../../model/guardrail.ts';
import { outsiderOf } from '../../model/third-party.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { markdownCode } from '../../text/markdown-text.ts';
import { DISAGREEING_WORDS } from '../shared/disagreement.ts';
import {
  EXCEPTION_LABEL,
  RELATION_LABEL,
  relationWords,
  SEVERITY_LABEL,
  STATE_LABEL,
} from '../shared/labels.ts';
import { day, table } from '../shared/markdown-table.ts';
import { carriedWords } from '../shared/missing.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from '../shared/options.ts';
import type { Statistics } from '../shared/statistics.ts';
import { acceptedBy } from '../shared/words/exception-words.ts';
import { PRIVILEGES_LABEL } from '../shared/words/impact-words.ts';
import { manyWords } from '../shared/words/outsider-words.ts';
import type { WorstFinding } from '../shared/worst-findings.ts';

/** Findings in the table: enough for a ticket, and small enough for the tools that hold tickets. */
const LISTED_FINDINGS = 25;
const LISTED_EXTERNALS = 10;
const LISTED_EXCEPTIONS = 10;

export function findings(statistics: Statistics, options: ReportOptions): string {
  const wanted = options.outcomes ?? DEFAULT_OUTCOMES;
  const outcomes = DEFAULT_OUTCOMES.filter((outcome) => wanted.includes(outcome));
  const total = outcomes.reduce((sum, outcome) => sum + statistics.outcomes[outcome], 0);
  const listed = statistics.worst
    .filter((object) => outcomes.includes(effectiveVerdict(object)))
    .slice(0, LISTED_FINDINGS);
  if (total === 0) return '## Findings\n\nNone.\n\n';
  const which =
    listed.length < total
      ? `The worst ${listed.length} of ${formatCount(total)}; ${formatCounted(total - listed.length, 'is', 'are')} not listed here.`
      : total === 1
        ? 'The only one.'
        : `All ${formatCount(total)}, the worst first.`;
  const several = options.rules.length > 1;
  const impact = listed.some((object) => object.impact !== null);
  return [
    `## Findings\n\n${which}\n`,
    table(
      [
        'Severity',
        'Account',
        'Role',
        ...(several ? ['Rule'] : []),
        'Who gets in',
        ...(impact ? ['Impact'] : []),
        'First seen',
        'State',
      ],
      listed.map((object) => [
        effectiveVerdict(object) === 'error' ? 'Error' : SEVERITY_LABEL[object.severity ?? 'low'],
        accountCell(object.account, statistics),
        roleCell(object),
        ...(several ? [markdownCode(object.rule)] : []),
        whoGetsIn(object),
        ...(impact ? [impactCell(object)] : []),
        day(object.firstSeen),
        stateOf(object),
      ]),
    ),
    '',
  ].join('\n');
}

function accountCell(account: string, { carriedAccounts }: Statistics): string {
  const age = carriedAccounts.get(account);
  return age === undefined ? markdownCode(account) : `${markdownCode(account)} (${carriedWords(age)})`;
}

function roleCell({ roleName, notes }: WorstFinding): string {
  const mark = [
    ...(notes.includes(CONFLICTING_RECORDS) ? [` (${DISAGREEING_WORDS})`] : []),
    ...(notes.includes(GUARDRAILS_UNKNOWN) ? [' (guardrails not known)'] : []),
  ].join('');
  return markdownCode(roleName) + mark;
}

function whoGetsIn({ way: path, reason, outsiders }: WorstFinding): string {
  if (path === null) return markdownCode(reason);
  const others = outsiders.count - 1;
  const more = others > 0 ? ` and ${formatCount(others)} more` : '';
  const many = manyWords(outsiderOf(path));
  const name = path.accountName === null ? '' : ` ${markdownCode(path.accountName)}`;
  const account = `${markdownCode(path.account)}${name}`;
  if (many === null) return `${account}, ${relationWords(path.relation)}${more}`;
  return `**${many}**${path.account === '*' ? '' : `, for example ${account}`}${more}`;
}

/** With a column of its own only where something is known of it. */
function impactCell({ impact }: WorstFinding): string {
  if (impact === null) return '–';
  const { privileges, lastUsed } = impact;
  return `${PRIVILEGES_LABEL[privileges]}${lastUsed === null ? '' : `, last used ${lastUsed === 'never' ? 'never' : day(lastUsed)}`}`;
}

function stateOf({ state, suppressedBy }: WorstFinding): string {
  const shown = state === null ? '–' : STATE_LABEL[state];
  return suppressedBy === null ? shown : `${shown}, accepted by ${markdownCode(suppressedBy)}`;
}

export function externals({ externals: all, externalsPartial }: Statistics): string {
  if (all.length === 0) return '';
  const listed = all.slice(0, LISTED_EXTERNALS);
  const more =
    listed.length < all.length || externalsPartial
      ? `The first ${listed.length} of ${externalsPartial ? 'more than ' : ''}${formatCounted(all.length, 'account')}.`
      : all.length === 1
        ? 'One account.'
        : `All ${formatCount(all.length)} accounts.`;
  return [
    `## Who gets in\n\n${more}\n`,
    table(
      ['Account', 'Name', 'Relation', 'Unguarded roles:', 'Guarded roles:'],
      listed.map(({ account, name, relation, open, guarded }) => [
        manyWords(account) === null ? markdownCode(account) : `**${manyWords(account)}**`,
        name === null ? '–' : markdownCode(name),
        RELATION_LABEL[relation],
        formatCount(open),
        formatCount(guarded),
      ]),
    ),
    '',
  ].join('\n');
}

export function exceptions(all: readonly ExceptionRow[]): string {
  if (all.length === 0) return '';
  const count = (status: ExceptionRow['status']): number =>
    all.filter((entry) => entry.status === status).length;
  const listed = all.slice(0, LISTED_EXCEPTIONS);
  const more = all.length - listed.length;
  return [
    `## Exceptions\n\n${formatCount(all.length)} in all, ${formatCounted(count('expiring'), 'ends', 'end')} within 30 days, ${formatCounted(count('expired'), 'has expired and accepts', 'have expired and accept')} nothing.${more > 0 ? ` ${formatCounted(more, 'is', 'are')} not listed here.` : ''}\n`,
    table(
      ['Exception', 'State', 'Expires', 'Findings it accepts:', 'Reason'],
      listed.map((row) => [
        markdownCode(row.id),
        EXCEPTION_LABEL[row.status],
        day(row.expires),
        formatCount(acceptedBy(row)),
        markdownCode(row.reason),
      ]),
    ),
    '',
  ].join('\n');
}
