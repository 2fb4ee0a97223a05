import type { Writable } from 'node:stream';
import type { ReportSource } from '../../model/report-source.ts';
import { OUTCOMES } from '../../model/verdict.ts';
import { writeAll } from '../files/stream.ts';
import { evidenceDigest } from '../shared/evidence-digest.ts';
import type { ReportOptions } from '../shared/options.ts';
import { gatherStatistics, type Statistics } from '../shared/statistics.ts';
import { loadAssets } from './page/assets.ts';
import { FindingsPlan, type WrittenPart } from './page/findings-parts.ts';
import { end, foot, head } from './page/frame.ts';
import { chooseBudgets, DEFAULT_LIMITS, type PageLimits } from './page/limits.ts';
import { type PageRegister, pageRegister } from './page/third-parties.ts';
import { compressedText, payloadLines } from './page/write-payload.ts';
import { accessSection } from './sections/access.ts';
import { accountsSection } from './sections/accounts.ts';
import { coverage } from './sections/coverage.ts';
import { detailsSection } from './sections/details.ts';
import { evidenceSection } from './sections/evidence.ts';
import { exceptionsSection } from './sections/exceptions.ts';
import { findingsSection } from './sections/findings.ts';
import { methodSection } from './sections/method.ts';
import { readingsSection } from './sections/readings.ts';
import { rulesSection } from './sections/rules.ts';
import { summary } from './sections/summary.ts';
import { chooseTrend, trendSection } from './sections/trend.ts';

/** What the HTML report takes beyond the options of every report. */
export interface HtmlOptions extends ReportOptions {
  readonly limits?: PageLimits;
}

/**
 * One self-contained page that opens from disk and asks the network for nothing. The source is read twice:
 * once for the summary, once for the rows, so that memory stays flat. `outcomes` narrows the rows, never the
 * counts. When there are more findings than a page carries it lists the worst and says so; see `writeHtmlFiles`.
 */
export async function renderHtml(source: ReportSource, out: Writable, options: HtmlOptions): Promise<void> {
  await writeAll(out, page(source, options, survey(source, options), []));
}

export interface Survey {
  readonly statistics: Statistics;
  readonly plan: FindingsPlan;
  readonly register: PageRegister;
  /** See `evidenceDigest`. */
  readonly digest: string;
}

/** The pass over the source that comes before any page. */
export function survey(source: ReportSource, options: HtmlOptions): Survey {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const plan = new FindingsPlan(limits, options.outcomes ?? OUTCOMES);
  const { notable, others } = limits;
  const most = {
    'notable-pass': notable,
    'notable-not-applicable': notable,
    pass: others,
    'not-applicable': others,
  };
  return {
    statistics: gatherStatistics(source, { most, take: (verdict) => plan.take(verdict) }),
    plan,
    register: pageRegister(source, limits.accounts),
    digest: evidenceDigest(source.evidence()),
  };
}

/** The whole report; `parts` are the pages beside it that hold what does not fit. */
export async function* page(
  source: ReportSource,
  options: HtmlOptions,
  { statistics, plan, register, digest }: Survey,
  parts: readonly WrittenPart[],
): AsyncGenerator<string> {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const assets = loadAssets();
  const budgets = chooseBudgets(statistics.classes, fitting(limits, plan), options.outcomes ?? OUTCOMES);
  const findings = statistics.outcomes.fail + statistics.outcomes.error;
  const trend = chooseTrend(source);
  const exceptions = source.exceptions();
  yield head(source, assets, {
    title: 'Cross-account trust',
    heading: options.heading ?? {},
    digest,
    navigation: options.details === undefined ? NAVIGATION : [...NAVIGATION, DETAILS],
  }).text;
  yield summary(source, statistics, { options, exceptions }).text;
  yield findingsSection(statistics, budgets, parts).text;
  yield accountsSection(source, statistics, limits).text;
  yield accessSection(source, statistics, register).text;
  yield trendSection(trend).text;
  yield exceptionsSection(exceptions).text;
  yield coverage(source, statistics).text;
  yield evidenceSection(source, statistics, limits).text;
  yield readingsSection(statistics).text;
  yield rulesSection(options.rules, statistics).text;
  yield methodSection(source, options.switches ?? [], digest).text;
  yield* detailsSection(source, statistics, options);
  yield foot(Math.min(statistics.worst.length, findings), findings).text;
  yield* compressedText(payloadLines(source, register, options, limits, budgets));
  yield end(assets);
}

/** Where policies are so long that the page could not hold the rows it is allowed, it gets fewer of them. */
function fitting(limits: PageLimits, { text, otherText, parts }: FindingsPlan): PageLimits {
  const share = Math.min(1, limits.text / text);
  const others = Math.min(1, limits.text / otherText);
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return {
    ...limits,
    findings: share === 1 ? limits.findings : Math.min(limits.findings, Math.floor(rows * share)),
    notable: Math.floor(limits.notable * others),
    others: Math.floor(limits.others * others),
  };
}

const DETAILS = ['#details', 'Proof'] as const;
const NAVIGATION = [
  ['#summary', 'Summary'],
  ['#findings', 'Findings'],
  ['#accounts', 'Accounts'],
  ['#access', 'Who gets in'],
  ['#trend', 'Trend'],
  ['#exceptions', 'Exceptions'],
  ['#coverage', 'Coverage'],
  ['#evidence', 'Evidence'],
  ['#rules', 'Rules'],
  ['#method', 'Method'],
] as const;
