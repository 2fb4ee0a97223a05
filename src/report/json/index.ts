import type { Writable } from 'node:stream';
import type { Witness } from '../../model/exposure.ts';
import type { Guardrail } from '../../model/guardrail.ts';
import type { ReportSource } from '../../model/report-source.ts';
import type { Impact } from '../../model/role-detail.ts';
import type { GradedPath } from '../../model/verdict.ts';
import { jsonText } from '../../text/json-text.ts';
import { writeAll } from '../files/stream.ts';
import { carriedAccounts } from '../shared/missing.ts';
import type { MissingObject, ReportedObject } from '../shared/missing-object.ts';
import { missingObjects } from '../shared/missing-objects.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from '../shared/options.ts';

/** One JSON array of verdict objects, one object per line; what is missing stands at its end. */
export async function renderJson(source: ReportSource, out: Writable, options: ReportOptions): Promise<void> {
  await writeAll(out, jsonArray(source, options));
}

/** The same objects, one per line. */
export async function renderNdjson(
  source: ReportSource,
  out: Writable,
  options: ReportOptions,
): Promise<void> {
  await writeAll(out, jsonTexts(source, options));
}

function* jsonArray(source: ReportSource, options: ReportOptions): Generator<string> {
  let separator = '[\n';
  for (const text of objectTexts(source, options)) {
    yield separator + text;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

function* jsonTexts(source: ReportSource, options: ReportOptions): Generator<string> {
  for (const text of objectTexts(source, options)) yield `${text}\n`;
}

function* objectTexts(source: ReportSource, options: ReportOptions): Generator<string> {
  for (const object of reportObjects(source, options)) yield jsonText(object);
}

/** What both formats list: verdict objects, and behind them what is missing; each with its keys in the documented order. */
export function* reportObjects(source: ReportSource, options: ReportOptions): Generator<ReportedObject> {
  const ages = carriedAccounts(source);
  const told = (object: MissingObject): ReportedObject => ({
    ...orderedObject(object),
    carriedForward: ages.get(object.account) ?? null,
  });
  const outcomes = options.outcomes ?? DEFAULT_OUTCOMES;
  for (const { object } of source.verdicts({ outcomes })) yield told(object);
  // What is missing is an error among others, so a filter that leaves out errors leaves it out too.
  if (!outcomes.includes('error')) return;
  for (const object of missingObjects(source, options)) yield told(object);
}

/** The object with its keys in the documented order, whoever built it. */
export function orderedObject(object: MissingObject): MissingObject {
  const { evidence } = object;
  return {
    rule: object.rule,
    account: object.account,
    partition: object.partition,
    arn: object.arn,
    roleName: object.roleName,
    roleId: object.roleId,
    verdict: object.verdict,
    literal: object.literal,
    severity: object.severity,
    reason: object.reason,
    notes: object.notes,
    message: object.message,
    paths: object.paths.map(orderedPath),
    witness: object.witness === null ? null : orderedWitness(object.witness),
    evidence: {
      source: evidence.source,
      sha256: evidence.sha256,
      offset: evidence.offset,
      capturedAt: evidence.capturedAt,
    },
    firstSeen: object.firstSeen,
    lastSeen: object.lastSeen,
    state: object.state,
    suppressedBy: object.suppressedBy,
    guardrail: object.guardrail === null ? null : orderedGuardrail(object.guardrail),
    impact: object.impact === null ? null : orderedImpact(object.impact),
  };
}

function orderedPath(path: GradedPath): GradedPath {
  return {
    statement: path.statement,
    sid: path.sid,
    principal: path.principal,
    account: path.account,
    accountName: path.accountName,
    relation: path.relation,
    guards: path.guards,
  };
}

function orderedWitness(witness: Witness): Witness {
  return {
    principalArn: witness.principalArn,
    principalAccount: witness.principalAccount,
    actions: witness.actions,
    context: witness.context,
  };
}

function orderedGuardrail({ verdict, policies, capturedAt }: Guardrail): Guardrail {
  return {
    verdict,
    policies: policies.map(({ id, name, statement, attachedTo }) => ({ id, name, statement, attachedTo })),
    capturedAt,
  };
}

function orderedImpact(impact: Impact): Impact {
  const { privileges, why, policies, boundary, lastUsed, created, maxSession, tags } = impact;
  return {
    privileges,
    why,
    policies,
    boundary,
    lastUsed,
    created,
    maxSession,
    tags: Object.fromEntries(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
