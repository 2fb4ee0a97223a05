import { shellWord } from '../audit/remediation-commands.ts';
import { prettyPolicy } from '../audit/remediation-json.ts';
import type { GradedPath, Outcome, VerdictObject } from '../audit/verdict.ts';
import { type Json, JsonObject, JsonSyntaxError, parseJson } from '../iam/json.ts';
import { disagreementSentence } from '../report/shared/disagreement.ts';
import { OUTCOME_MEANING } from '../report/shared/labels.ts';
import { witnessStory } from '../report/shared/witness-story.ts';
import type { AcceptedRisk, DisagreementRow, StoredVerdict } from '../store/types.ts';
import type { RoleFix } from './fix-role.ts';
import { ALL_NOTE_SENTENCES } from './notes.ts';
import { printable } from './printable.ts';

const VERDICT_WORDS: Readonly<Record<Outcome, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  'not-applicable': 'NOT APPLICABLE',
  error: 'ERROR',
};

export interface ExplanationSources {
  readonly accepted: readonly AcceptedRisk[];
  /** What files of one moment disagree on of this role. */
  readonly disagreements: readonly DisagreementRow[];
  /** What is proposed for a role. */
  readonly fixOf: (verdict: StoredVerdict) => RoleFix;
}

/** Why a role has its verdict, for people at a terminal: statement by statement, path by path. */
export function explanation(
  verdict: StoredVerdict,
  { accepted, disagreements, fixOf }: ExplanationSources,
): string {
  const { object } = verdict;
  const severity = object.severity === null ? '' : `, severity ${object.severity}`;
  const lines = [
    `${object.arn}${object.roleId === '' ? '' : ` (${object.roleId})`}`,
    `  evidence  ${object.evidence.source}, byte ${object.evidence.offset}, captured ${object.evidence.capturedAt}`,
    `  sha256    ${object.evidence.sha256}`,
    '',
    `${object.rule}: ${VERDICT_WORDS[object.verdict]}${severity} (${object.reason})`,
    `  ${object.message}`,
    ...disagreements.map((row) => `  ${disagreementSentence(row)}`),
    ...life(object),
    ...acceptance(object, accepted),
    ...(object.reason.startsWith('rule-') ? notes(object.notes) : trustReading(verdict, fixOf)),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** Only the rules over trust policies have two readings, and ways in. */
function trustReading(verdict: StoredVerdict, fixOf: ExplanationSources['fixOf']): readonly string[] {
  const { object, policy } = verdict;
  return [
    '',
    'The two readings',
    `  sound     ${VERDICT_WORDS[object.verdict]}: ${OUTCOME_MEANING[object.verdict]}`,
    `  literal   ${VERDICT_WORDS[object.literal]}${object.literal === object.verdict ? ', the same' : '; why it differs say the notes that begin with `literal-`'}`,
    ...notes(object.notes),
    ...statements(object, policy),
    ...proof(object),
    ...(object.verdict === 'fail' ? fix(fixOf(verdict)) : []),
  ];
}

function life(object: VerdictObject): readonly string[] {
  const state = object.state === null ? '' : `, ${object.state}`;
  return [`  first seen ${object.firstSeen}, last seen ${object.lastSeen}${state}`];
}

function acceptance({ suppressedBy }: VerdictObject, accepted: readonly AcceptedRisk[]): readonly string[] {
  if (suppressedBy === null) return [];
  const entry = accepted.find(({ id }) => id === suppressedBy);
  const terms = entry === undefined ? '' : ` until ${entry.expires}: ${entry.reason}`;
  return [`  accepted by the exception ${suppressedBy}${terms}`];
}

function notes(codes: readonly string[]): readonly string[] {
  if (codes.length === 0) return [];
  return ['', 'Notes', ...codes.map((code) => `  ${code}: ${ALL_NOTE_SENTENCES[code] ?? ''}`)];
}

function statements(object: VerdictObject, policy: string | null): readonly string[] {
  if (policy === null) return ['', 'Trust policy', '  the evidence shows none that can be read'];
  const lines = ['', 'Statement by statement'];
  readStatements(policy).forEach((statement, index) => {
    const paths = object.paths.filter((path) => path.statement === index);
    const [first = '', ...more] = prettyPolicy(statement).split('\n');
    lines.push(`  [${index}] ${first}`, ...more.map((line) => `      ${line}`));
    if (paths.length === 0) lines.push(`      -> ${withoutPaths(statement, object.verdict)}`);
    for (const path of paths) lines.push(`      -> ${describePath(path)}`);
  });
  return lines;
}

function readStatements(policy: string): readonly Json[] {
  try {
    const document = parseJson(policy);
    const value = document instanceof JsonObject ? document.all('Statement').at(-1) : undefined;
    if (value === undefined) return [];
    return Array.isArray(value) ? (value as readonly Json[]) : [value];
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [];
    throw error;
  }
}

function withoutPaths(statement: Json, verdict: Outcome): string {
  if (verdict === 'error') return 'not judged';
  const effect = statement instanceof JsonObject ? statement.all('Effect').at(-1) : null;
  if (effect === 'Deny') return 'a Deny: it takes ways in away, it opens none';
  return 'no way in for a principal of another account';
}

function describePath(path: GradedPath): string {
  const account =
    path.account === '*'
      ? 'any account'
      : `account ${path.account}${path.accountName === null ? '' : ` (${path.accountName})`}`;
  const relation = path.relation === 'any' ? '' : `, relation ${path.relation}`;
  const guard =
    path.guards.length === 0
      ? 'OPEN: no guard'
      : `guarded by ${path.guards.map((one) => (one === 'mfa' ? 'MFA' : 'an external ID')).join(' or ')}`;
  return `${path.principal} -> ${account}${relation}: ${guard}`;
}

function proof(object: VerdictObject): readonly string[] {
  if (object.witness === null) return [];
  const steps = witnessStory(object.witness, object).map((step) =>
    step.map((piece) => (typeof piece === 'string' ? piece : piece.given)).join(''),
  );
  return [
    '',
    'Proof: a request that AWS would let in',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    '  its context, in which keys that are not listed are absent:',
    ...Object.entries(object.witness.context).map(
      ([key, given]) => `     ${key} = ${typeof given === 'string' ? given : JSON.stringify(given)}`,
    ),
  ];
}

function fix({ object, remediation }: RoleFix): readonly string[] {
  if (remediation === null) return [];
  if (remediation.refused !== null) {
    return ['', 'How to fix', `  no proposal: ${remediation.refused}`, `  instead: ${remediation.advice}`];
  }
  return [
    '',
    'How to fix',
    ...remediation.changes.map(({ sentence }) => `  ${sentence}`),
    ...(remediation.cautions.length === 0
      ? []
      : ['  Before you apply it:', ...remediation.cautions.map((caution) => `    ${caution}`)]),
    '  The amended policy, judged again, with the command and Terraform:',
    `    trustsieve fix ${shellWord(object.arn)}`,
  ];
}
