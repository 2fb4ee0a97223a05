import type { Writable } from 'node:stream';
import type { ReportSource } from '../../model/report-source.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { markdownBlock, markdownCode, markdownText } from '../../text/markdown-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import { writeAll } from '../files/stream.ts';
import { evidenceDigest } from '../shared/evidence-digest.ts';
import { headingMarkdown, headingTitle } from '../shared/heading.ts';
import { shownTime } from '../shared/labels.ts';
import { unreadScans } from '../shared/missing.ts';
import { builtInRule } from '../shared/missing-objects.ts';
import type { ReportOptions } from '../shared/options.ts';
import { gatherStatistics, type Statistics } from '../shared/statistics.ts';
import { furtherRulesWords, headline, OPEN_MEANING, ruleCounts } from '../shared/words/headline.ts';
import { coverage, standing, whatIsMissing } from './coverage.ts';
import { exceptions, externals, findings } from './findings.ts';
import { verdictCounts } from './verdict-counts.ts';

const LISTED_RULES = 10;
const LISTED_STATEMENTS = 10;

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
  yield `# ${markdownText(headingTitle('Cross-account trust', options.heading))}, ${shownTime(source.asOf)}\n\n`;
  yield headingMarkdown(options.heading);
  yield interruptions(source);
  yield howItStands(statistics, options);
  yield closedWords(statistics);
  yield standing(source);
  yield ruleList(options.rules);
  yield verdictCounts(statistics, source.completeness().membersKnown);
  yield coverage(source, totals);
  yield whatIsMissing(source, statistics);
  yield findings(statistics, options);
  yield externals(statistics);
  yield exceptions(source.exceptions());
  yield reproduce(source, statistics);
}

function howItStands(statistics: Statistics, options: ReportOptions): string {
  const counts = ruleCounts(statistics, builtInRule(options));
  const { count, rest, apart } = headline(counts);
  const further = furtherRulesWords(statistics, options.rules);
  const more = [...apart, OPEN_MEANING, ...(further === null ? [] : [further])];
  return `**${count}**${rest}\n\n${more.join(' ')}\n\n`;
}

/** What the headline leaves out: roles that only guardrails close. */
function closedWords({ closed, closing }: Statistics): string {
  if (closed === 0) return '';
  const which =
    closing.length === 0
      ? ''
      : `What closes them:\n\n${closing.slice(0, LISTED_STATEMENTS).map(closingLine).join('')}${closing.length > LISTED_STATEMENTS ? `- and ${formatCounted(closing.length - LISTED_STATEMENTS, 'more statement')}\n` : ''}\n`;
  return `**${formatCount(closed)}** more ${closed === 1 ? 'role fails' : 'roles fail'} by the trust policy alone; guardrails of the organisation close every unguarded way in.\n\n${which}`;
}

function closingLine({
  statement: { id, name, statement, attachedTo },
  closed,
}: Statistics['closing'][number]): string {
  const called = name === null ? '' : ` ${markdownCode(name)}`;
  const where = attachedTo.length === 0 ? '' : `, attached to ${attachedTo.map(markdownCode).join(', ')}`;
  return `- policy ${markdownCode(id)}${called}, statement ${statement}${where}: ${formatCounted(closed, 'role')}\n`;
}

function ruleList(rules: readonly RuleMetadata[]): string {
  const listed = rules
    .slice(0, LISTED_RULES)
    .map((rule) => `- ${markdownCode(rule.id)} ${markdownText(rule.title)}\n`);
  const more = rules.length - listed.length;
  return `${listed.join('')}${more > 0 ? `- and ${formatCounted(more, 'more rule')}\n` : ''}\n`;
}

/** Before any number that it may turn round. */
function interruptions(source: ReportSource): string {
  return unreadScans(source)
    .map((text) => `**Incomplete:** ${markdownText(text)}.\n\n`)
    .join('');
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
    `Evidence digest: ${markdownCode(evidenceDigest(source.evidence()))}\n`,
    markdownBlock('sh', commands),
    '',
  ].join('\n');
}
