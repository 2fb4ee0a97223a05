import type { Writable } from 'node:stream';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { jsonElements, jsonText } from '../../text/json-text.ts';
import { writeAll } from '../files/stream.ts';
import { evidenceDigest } from '../shared/evidence-digest.ts';
import { carriedAccounts, completenessFacts, missingOf, standingOf } from '../shared/missing.ts';
import { builtInRule } from '../shared/missing-objects.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from '../shared/options.ts';
import { driver } from './driver.ts';
import { notifications } from './notifications.ts';
import { sarifResult } from './result.ts';
import { type RuleDescriptors, ruleDescriptors } from './rules.ts';
import { evidenceUri } from './text.ts';

/** The standard's own schema (OASIS, SARIF 2.1.0 with Errata 01). */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * A SARIF 2.1.0 log of one run (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), one result
 * a line. Without a wall clock; the moment of judgement is in the properties of the run.
 */
export async function renderSarif(
  source: ReportSource,
  out: Writable,
  options: ReportOptions,
): Promise<void> {
  await writeAll(out, sarifLog(source, options));
}

function* sarifLog(source: ReportSource, options: ReportOptions): Generator<string> {
  const rules = ruleDescriptors(options.rules, builtInRule(options));
  yield `{"$schema":${jsonText(SCHEMA)},"version":"2.1.0","runs":[{\n`;
  yield `"tool":{"driver":${jsonText(driver(source.toolVersion, rules))}},\n`;
  yield '"invocations":[{"toolExecutionNotifications":[';
  yield* jsonElements(notifications(source, rules));
  yield `],"executionSuccessful":${standingOf(missingOf(source)) !== 'incomplete'}}],\n"artifacts":[`;
  yield* jsonElements(artifacts(source));
  yield '],\n"results":[';
  yield* jsonElements(results(source, options, rules));
  yield `],\n"columnKind":"utf16CodeUnits",\n"properties":${jsonText(runProperties(source, options))}\n}]}\n`;
}

function* artifacts(source: ReportSource): Generator<object> {
  for (const row of source.evidence()) yield artifact(row);
}

function artifact(row: EvidenceRow): object {
  return {
    location: { uri: evidenceUri(row.path) },
    length: row.bytes,
    roles: ['analysisTarget'],
    ...(row.sha256 !== '' && { hashes: { 'sha-256': row.sha256 } }),
    properties: {
      format: row.format,
      account: row.account,
      capturedAt: row.capturedAt,
      capturedFrom: row.capturedFrom,
      status: row.status,
      recordsRead: row.recordsRead,
      recordsAccepted: row.recordsAccepted,
      recordsSuperseded: row.recordsSuperseded,
      recordsDuplicate: row.recordsDuplicate,
      recordsRejected: row.recordsRejected,
    },
  };
}

function* results(source: ReportSource, options: ReportOptions, rules: RuleDescriptors): Generator<object> {
  const exceptions = new Map(source.exceptions().map((entry) => [entry.id, entry]));
  const carried = carriedAccounts(source);
  for (const verdict of source.verdicts({ outcomes: options.outcomes ?? DEFAULT_OUTCOMES })) {
    const { object } = verdict;
    const carriedForward = carried.get(object.account) ?? null;
    yield sarifResult(verdict, { rules, exceptions, carriedForward });
  }
}

function runProperties(source: ReportSource, { heading = {} }: ReportOptions): object {
  const { title, client, preparedBy } = heading;
  const given = {
    ...(title !== undefined && { title }),
    ...(client !== undefined && { client }),
    ...(preparedBy !== undefined && { preparedBy }),
  };
  const completeness = completenessFacts(missingOf(source));
  return {
    asOf: source.asOf,
    evidenceDigest: evidenceDigest(source.evidence()),
    totals: source.totals(),
    completeness,
    changes: source.changes(),
    ...(Object.keys(given).length > 0 && { heading: given }),
  };
}
