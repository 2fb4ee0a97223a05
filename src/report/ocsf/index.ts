import type { Writable } from 'node:stream';
import type { ReportSource } from '../../model/report-source.ts';
import { jsonText } from '../../text/json-text.ts';
import { writeAll } from '../files/stream.ts';
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
  const accounts = new Map([...source.accounts()].map((row) => [row.account, row]));
  for (const verdict of source.verdicts({ outcomes })) {
    const { object } = verdict;
    const rule = rules.get(object.rule) ?? null;
    const context = { source, account: accounts.get(object.account) };
    yield `${jsonText(complianceFinding(verdict, rule, context))}\n`;
  }
  // What is missing is an error among others, so a filter that leaves out errors leaves it out too.
  if (!outcomes.includes('error')) return;
  for (const finding of missingFindings(source, builtInRule(options), accounts))
    yield `${jsonText(finding)}\n`;
}
