import type { Writable } from 'node:stream';
import { shellWord } from '../audit/remediation-commands.ts';
import type { VerdictObject } from '../audit/verdict.ts';
import type { RuleMetadata } from '../rules/types.ts';
import type { Completeness, ExceptionRow, ReportSource, Totals } from '../store/types.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from './options.ts';
import { CONFLICTING_RECORDS, DISAGREEING_WORDS, disagreementSentence } from './shared/disagreement.ts';
import { headline } from './shared/headline.ts';
import { interruptedText } from './shared/interrupted.ts';
import {
  formatBytes,
  formatCount,
  formatTime,
  isGraded,
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  OUTCOMES,
  RELATION_LABEL,
  RESOLVED_MEANING,
  relationWords,
  SEVERITIES,
  SEVERITY_LABEL,
  STATE_LABEL,
  STATE_MEANING,
  STATES,
  severityMeaning,
} from './shared/labels.ts';
import { markdownBlock, markdownCode, markdownText } from './shared/markdown-text.ts';
import {
  carriedWords,
  days,
  gapWhy,
  MEMBERS_UNKNOWN,
  missingOf,
  type Standing,
  standingOf,
  timedWords,
} from './shared/missing.ts';
import { exposedPaths, externalAccounts, worstPath } from './shared/paths.ts';
import { recordSum } from './shared/record-sum.ts';
import { uncomparedElsewhere } from './shared/uncompared.ts';
import { gatherStatistics, type Statistics } from './statistics.ts';
import { writeAll } from './stream.ts';

/** Findings in the table: enough for a ticket, and small enough for the tools that hold tickets. */
const LISTED_FINDINGS = 25;
const LISTED_EXTERNALS = 10;
const LISTED_RULES = 10;
const LISTED_EXCEPTIONS = 10;
const NAMED_ACCOUNTS = 50;

/**
 * A summary in Markdown for a ticket: how it stands, what was covered, the worst findings, how to see the
 * rest. Whatever comes from the evidence is inline code, so it can neither format nor notify.
 */
export async function renderMarkdown(
  source: ReportSource,
  out: Writable,
  options: ReportOptions,
): Promise<void> {
  await writeAll(out, sections(source, options));
}

function* sections(source: ReportSource, options: ReportOptions): Generator<string> {
  const statistics = gatherStatistics(source);
  const totals = source.totals();
  const { count, rest } = headline(statistics.outcomes, totals.roles, options.rules.length);
  yield `# Cross-account trust, ${formatTime(source.asOf)}\n\n`;
  yield interruptions(source);
  yield `**${count}**${rest}\n\n`;
  yield standing(source);
  yield ruleList(options.rules);
  yield counts(statistics, source.completeness().membersKnown);
  yield coverage(source, totals);
  yield whatIsMissing(source, statistics);
  yield findings(statistics, options);
  yield externals(statistics);
  yield exceptions(source.exceptions());
  yield reproduce(source, statistics);
}

function ruleList(rules: readonly RuleMetadata[]): string {
  const listed = rules
    .slice(0, LISTED_RULES)
    .map((rule) => `- ${markdownCode(rule.id)} ${markdownText(rule.title)}\n`);
  const more = rules.length - listed.length;
  return `${listed.join('')}${more > 0 ? `- and ${formatCount(more)} more rules\n` : ''}\n`;
}

function counts(statistics: Statistics, membersKnown: boolean): string {
  const { outcomes, severities, suppressed, weakPasses } = statistics;
  const also = [
    ...(suppressed > 0
      ? [`${formatCount(suppressed)} failing verdicts are accepted by an exception and still counted`]
      : []),
    ...(weakPasses > 0 ? [`${formatCount(weakPasses)} passing verdicts rely on a weak guard`] : []),
  ];
  return [
    '## Verdicts\n',
    table(
      ['Verdict', 'Count:', 'Meaning'],
      OUTCOMES.map((name) => [OUTCOME_LABEL[name], formatCount(outcomes[name]), OUTCOME_MEANING[name]]),
    ),
    table(
      ['Severity of the failing', 'Count:', 'Meaning'],
      SEVERITIES.map((name) => [
        SEVERITY_LABEL[name],
        isGraded(name, severities[name], membersKnown) ? formatCount(severities[name]) : 'not graded',
        severityMeaning(name, membersKnown),
      ]),
    ),
    ...stateCounts(statistics),
    ...(also.length === 0 ? [] : [`${also.map((line) => `- ${line}.`).join('\n')}\n`]),
    '',
  ].join('\n');
}

/** Before any number that it may turn round. */
function interruptions({ interrupted }: ReportSource): string {
  return interrupted.map((run) => `**Incomplete:** ${markdownText(interruptedText(run))}.\n\n`).join('');
}

function stateCounts({ states, changes }: Statistics): readonly string[] {
  const elsewhere = uncomparedElsewhere(states, changes);
  return [
    table(
      ['Findings since the look before', 'Count:', 'Meaning'],
      [
        ...STATES.map((state) => [STATE_LABEL[state], formatCount(states[state]), STATE_MEANING[state]]),
        ['Resolved', formatCount(changes.resolved), RESOLVED_MEANING],
        ...(elsewhere === 0
          ? []
          : [
              [
                'Not comparable any more',
                formatCount(elsewhere),
                'was there as last seen; nothing can be said',
              ],
            ]),
      ],
    ),
    'Each account against its own latest complete look of an earlier day, as `trustsieve diff previous` counts it.\n',
  ];
}

function coverage(source: ReportSource, totals: Totals): string {
  const { recordsRead } = totals;
  const { addsUp, text } = recordSum(totals, formatCount);
  const missing = missingOf(source);
  const { closed } = missing;
  const lines = [
    `${formatCount(totals.roles)} roles of ${formatCount(totals.accounts)} accounts, from ${formatCount(totals.files)} evidence files (${formatBytes(totals.bytes)}).`,
    `${formatCount(recordsRead)} records read ${addsUp ? '=' : '≠'} ${text}${addsUp ? '' : ': **the counts do not add up**'}.`,
  ];
  if (closed.length > 0) {
    const named = closed
      .slice(0, NAMED_ACCOUNTS)
      .map(({ account, status }) => `${markdownCode(account)} (${markdownCode(status)})`);
    lines.push(
      `${formatCount(closed.length)} ${closed.length === 1 ? 'member is' : 'members are'} closed, so that their absence is no gap: ${some(named, closed.length)}.`,
    );
  }
  if (missing.timedByModification > 0) lines.push(`${timedWords(missing.timedByModification)}.`);
  return `## Coverage\n\n${lines.map((line) => `- ${line}`).join('\n')}\n\n`;
}

/** Whether the evidence was whole, right below the headline: what is missing can turn it round. */
function standing(source: ReportSource): string {
  const missing = missingOf(source);
  const { carriedForward, staleAfter } = missing;
  const lines = [STANDING[standingOf(missing)](missing)];
  if (carriedForward > 0) {
    const accounts = carriedForward === 1 ? 'account is' : 'accounts are';
    lines.push(
      `**${formatCount(carriedForward)} ${accounts} carried forward**: last captured more than ${days(staleAfter)} before the newest capture.`,
    );
  }
  return lines.map((line) => `${line}\n\n`).join('');
}

const STANDING: Readonly<Record<Standing, (missing: Completeness) => string>> = {
  complete: ({ members }) =>
    `**Evidence complete**: every account of the organisation (${formatCount(members)}) is covered whole, and every file and every record could be read.`,
  incomplete: ({ reasons }) =>
    `**Evidence incomplete**: ${reasons.map(markdownText).join('; ')}. Absence from this report proves nothing where the evidence has gaps.`,
  unknown: () =>
    "**Completeness not known**: all evidence given could be read, but the organisation's accounts were not given, so nobody can say which of them are missing.",
};

/** Everything that is missing by name, the first of each kind. */
function whatIsMissing(source: ReportSource, statistics: Statistics): string {
  const { membersKnown, gaps, maxAge, accountsIncomplete, carriedForward, rejects } = missingOf(source);
  const lines: string[] = [];
  if (!membersKnown) lines.push(`${capital(MEMBERS_UNKNOWN)}.`);
  for (const gap of gaps.slice(0, NAMED_ACCOUNTS)) {
    const name = gap.name === null ? '' : ` ${markdownCode(gap.name)}`;
    lines.push(`**Account ${markdownCode(gap.account)}**${name}: ${markdownText(gapWhy(gap, maxAge))}.`);
  }
  if (gaps.length > NAMED_ACCOUNTS) {
    lines.push(`**${formatCount(gaps.length - NAMED_ACCOUNTS)} more accounts** of the organisation.`);
  }
  const { incompleteFileCount, incompleteFiles, incompleteAccounts, carriedAccounts } = statistics;
  if (accountsIncomplete > 0) {
    const named = incompleteAccounts.map(({ account }) => markdownCode(account));
    lines.push(
      `**${formatCount(accountsIncomplete)} accounts not covered whole**: ${some(named, accountsIncomplete)}.`,
    );
  }
  if (carriedForward > 0) {
    const named = [...carriedAccounts]
      .slice(0, NAMED_ACCOUNTS)
      .map(([account, age]) => `${markdownCode(account)} (${carriedWords(age)})`);
    lines.push(
      `**${formatCount(carriedForward)} ${carriedForward === 1 ? 'account stands' : 'accounts stand'} as last captured**: ${some(named, carriedForward)}.`,
    );
  }
  if (incompleteFileCount > 0) {
    const named = incompleteFiles.map(
      ({ path, status, problems: [first] }) =>
        `${markdownCode(path)} (${status}${first === undefined ? '' : `, ${markdownCode(first.code)}`})`,
    );
    lines.push(
      `**${formatCount(incompleteFileCount)} files not complete**: ${some(named, incompleteFileCount)}.`,
    );
  }
  for (const { code, count, example } of rejects) {
    lines.push(
      `**${formatCount(count)} ${count === 1 ? 'record' : 'records'} rejected** as ${markdownCode(code)}, the first at byte ${formatCount(example.offset)} of ${markdownCode(example.path)}: ${markdownCode(example.message)}.`,
    );
  }
  const { disagreements, disagreementCount } = statistics;
  const listed = disagreements.slice(0, NAMED_ACCOUNTS);
  lines.push(...listed.map((row) => disagreementSentence(row, markdownCode)));
  if (disagreementCount > listed.length) {
    lines.push(
      `**Files disagree on ${formatCount(disagreementCount - listed.length)} more roles**, which the other reports name.`,
    );
  }
  const { error } = statistics.outcomes;
  if (error > 0) lines.push(`**${formatCount(error)} verdicts undecided**; nothing is claimed about them.`);
  if (lines.length === 0) return '';
  return `## What is missing\n\n${lines.map((line) => `- ${line}`).join('\n')}\n\n`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function findings(statistics: Statistics, options: ReportOptions): string {
  const wanted = options.outcomes ?? DEFAULT_OUTCOMES;
  const outcomes = DEFAULT_OUTCOMES.filter((outcome) => wanted.includes(outcome));
  const total = outcomes.reduce((sum, outcome) => sum + statistics.outcomes[outcome], 0);
  const listed = statistics.worst
    .filter(({ verdict }) => outcomes.includes(verdict))
    .slice(0, LISTED_FINDINGS);
  if (total === 0) return '## Findings\n\nNone.\n\n';
  const which =
    listed.length < total
      ? `The worst ${listed.length} of ${formatCount(total)}; ${formatCount(total - listed.length)} are not listed here.`
      : `All ${formatCount(total)}, the worst first.`;
  const several = options.rules.length > 1;
  return [
    `## Findings\n\n${which}\n`,
    table(
      ['Severity', 'Account', 'Role', ...(several ? ['Rule'] : []), 'Who gets in', 'First seen', 'State'],
      listed.map((object) => [
        object.verdict === 'error' ? 'Error' : SEVERITY_LABEL[object.severity ?? 'low'],
        accountCell(object.account, statistics),
        roleCell(object),
        ...(several ? [markdownCode(object.rule)] : []),
        whoGetsIn(object),
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

function roleCell({ roleName, notes }: VerdictObject): string {
  const mark = notes.includes(CONFLICTING_RECORDS) ? ` (${DISAGREEING_WORDS})` : '';
  return markdownCode(roleName) + mark;
}

function whoGetsIn(object: VerdictObject): string {
  const path = worstPath(object.paths);
  if (path === null) return markdownCode(object.reason);
  const others = externalAccounts(exposedPaths(object.paths)).length - 1;
  const account = path.account === '*' ? '**anyone**' : markdownCode(path.account);
  const name = path.accountName === null ? '' : ` ${markdownCode(path.accountName)}`;
  const relation = path.relation === 'any' ? '' : `, ${relationWords(path.relation)}`;
  return `${account}${name}${relation}${others > 0 ? ` and ${others} more` : ''}`;
}

function stateOf({ state, suppressedBy }: VerdictObject): string {
  const shown = state === null ? '–' : STATE_LABEL[state];
  return suppressedBy === null ? shown : `${shown}, accepted by ${markdownCode(suppressedBy)}`;
}

function externals({ externals: all, externalsPartial }: Statistics): string {
  if (all.length === 0) return '';
  const listed = all.slice(0, LISTED_EXTERNALS);
  const more =
    listed.length < all.length || externalsPartial
      ? `The first ${listed.length} of ${externalsPartial ? 'more than ' : ''}${formatCount(all.length)} accounts.`
      : `All ${all.length} accounts.`;
  return [
    `## Who gets in\n\n${more}\n`,
    table(
      ['Account', 'Name', 'Relation', 'Unguarded roles:', 'Guarded roles:'],
      listed.map(({ account, name, relation, open, guarded }) => [
        account === '*' ? '**anyone**' : markdownCode(account),
        name === null ? '–' : markdownCode(name),
        RELATION_LABEL[relation],
        formatCount(open),
        formatCount(guarded),
      ]),
    ),
    '',
  ].join('\n');
}

const EXPIRY_LABEL = { active: 'Active', expiring: 'Ends within 30 days', expired: 'Expired' } as const;

function exceptions(all: readonly ExceptionRow[]): string {
  if (all.length === 0) return '';
  const count = (status: ExceptionRow['status']): number =>
    all.filter((entry) => entry.status === status).length;
  const listed = all.slice(0, LISTED_EXCEPTIONS);
  const more = all.length - listed.length;
  return [
    `## Exceptions\n\n${formatCount(all.length)} in all, ${formatCount(count('expiring'))} end within 30 days, ${formatCount(count('expired'))} have expired and accept nothing.${more > 0 ? ` ${formatCount(more)} are not listed here.` : ''}\n`,
    table(
      ['Exception', 'State', 'Expires', 'Findings:', 'Reason'],
      listed.map(({ id, status, expires, findings, reason }) => [
        markdownCode(id),
        EXPIRY_LABEL[status],
        day(expires),
        formatCount(findings),
        markdownCode(reason),
      ]),
    ),
    '',
  ].join('\n');
}

function reproduce(source: ReportSource, statistics: Statistics): string {
  const worst = statistics.worst[0];
  const commands = [
    `trustsieve scan EVIDENCE --as-of ${shellWord(source.asOf)} --csv findings.csv --html report.html`,
    ...(worst === undefined ? [] : [`trustsieve explain ${shellWord(worst.arn)}`]),
  ].join('\n');
  const version = source.toolVersion === '' ? '' : ` ${markdownCode(source.toolVersion)}`;
  return [
    '## How to reproduce\n',
    `Written by trustsieve${version} from evidence alone, without a network. The same evidence, the same account files (\`--accounts\`, \`--known-accounts\`) and the same moment give the same result; the CSV and HTML reports hold every finding with its evidence file, SHA-256 and byte offset.\n`,
    markdownBlock('sh', commands),
    '',
  ].join('\n');
}

/** The day of an ISO 8601 time or date. */
function day(time: string): string {
  return /^\d{4}-\d\d-\d\d(?:T|$)/.test(time) ? time.slice(0, 10) : markdownCode(time);
}

/** A table; a title that ends with a colon heads a column of numbers. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const rule = titles.map((title) => (title.endsWith(':') ? '---:' : '---'));
  return [line(titles.map((title) => title.replace(/:$/, ''))), line(rule), ...rows.map(line)].join('');
}

function some(named: readonly string[], total: number): string {
  const more = total - named.length;
  return named.join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}
