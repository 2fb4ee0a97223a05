import type { Writable } from 'node:stream';
import type { ReportSource } from '../../model/report-source.ts';
import { jsonText } from '../../text/json-text.ts';
import { writeAll } from '../files/stream.ts';
import { carriedAccounts } from '../shared/missing.ts';
import { builtInRule } from '../shared/missing-objects.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from '../shared/options.ts';
import { complianceFinding } from './finding.ts';
import { missingFindings } from './missing.ts';

/**
 * Compliance Findings (class 2003, https://schema.ocsf.io/1.5.0/classes/compliance_finding), one JSON object
 * a line. A role keeps its `finding_info.uid` whatever the rule says of it, so that a pass closes the finding
 * it resolves.
 */
export async function renderOcsf(source: ReportSource, out: Writable, options: ReportOptions): Promise<void> {
  await writeAll(out, ocsfLines(source, options));
}

function* ocsfLines(source: ReportSource, options: ReportOptions): Generator<string> {
  const rules = new Map(options.rules.map((rule) => [rule.id, rule]));
  const outcomes = options.outcomes ?? DEFAULT_OUTCOMES;
  const carried = carriedAccounts(source);
  for (const verdict of source.verdicts({ outcomes })) {
    const { object } = verdict;
    const carriedForward = carried.get(object.account) ?? null;
    const rule = rules.get(object.rule) ?? null;
    yield `${jsonText(complianceFinding(verdict, rule, { source, carriedForward }))}\n`;
  }
  // What is missing is an error among others, so a filter that leaves out errors leaves it out too.
  if (!outcomes.includes('error')) return;
  for (const finding of missingFindings(source, builtInRule(options))) yield `${jsonText(finding)}\n`;
}
