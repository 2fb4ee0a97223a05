import { type Explanation, explainVerdict } from '../../api/explanation.ts';
import type { Remediation } from '../../fix/remediation.ts';
import type { DisagreementRow } from '../../model/completeness.ts';
import type { AcceptedRisk } from '../../model/exception.ts';
import type { Outcome } from '../../model/exposure.ts';
import { effectiveVerdict } from '../../model/guardrail.ts';
import type { StoredVerdict } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { disagreementSentence } from '../../report/shared/disagreement.ts';
import { guardrailEffect, guardrailStory, leftWords } from '../../report/shared/words/guardrail-words.ts';
import { impactFacts } from '../../report/shared/words/impact-words.ts';
import { storyText, storyTitle } from '../../report/shared/words/witness-story.ts';
import type { ScreenLine } from './screen.ts';

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
  /** What is proposed for a role; null: it needs no change. */
  readonly fixOf: (verdict: StoredVerdict) => { readonly remediation: Remediation | null };
  /** The command that shows it whole. */
  readonly fixCommand: (object: VerdictObject) => string;
}

/** Why a role has its verdict, for people at a terminal: statement by statement, path by path. */
export function explanation(verdict: StoredVerdict, sources: ExplanationSources): readonly ScreenLine[] {
  const { object } = verdict;
  const { accepted, disagreements } = sources;
  const explained = explainVerdict(object, verdict.policy);
  const severity = object.severity === null ? '' : `, severity ${object.severity}`;
  return [
    `${object.arn}${object.roleId === '' ? '' : ` (${object.roleId})`}`,
    `  evidence  ${object.evidence.source}, byte ${object.evidence.offset}, captured ${object.evidence.capturedAt}`,
    `  sha256    ${object.evidence.sha256}`,
    '',
    `${object.rule}: ${VERDICT_WORDS[object.verdict]}${guardedWords(object)}${severity} (${object.reason})`,
    `  ${object.message}`,
    ...disagreements.map((row) => `  ${disagreementSentence(row)}`),
    ...life(object),
    ...acceptance(object, accepted),
    ...around(verdict),
    ...(object.reason.startsWith('rule-')
      ? notes(explained.notes)
      : trustReading(verdict, explained, sources)),
  ];
}

/** Only the rules over trust policies have two readings, and ways in. */
function trustReading(
  verdict: StoredVerdict,
  { sound, literal, notes: codes, statements, proof }: Explanation,
  { fixOf, fixCommand }: ExplanationSources,
): readonly ScreenLine[] {
  return [
    '',
    'The two readings',
    `  sound     ${VERDICT_WORDS[sound.verdict]}: ${sound.meaning}`,
    `  literal   ${VERDICT_WORDS[literal.verdict]}${literal.verdict === sound.verdict ? ', the same' : '; the notes that begin with `literal-` say why'}`,
    ...notes(codes),
    ...statementLines(statements),
    ...proofLines(proof, storyTitle(verdict.object)),
    ...(sound.verdict === 'fail' ? fix(fixOf(verdict).remediation, fixCommand(verdict.object)) : []),
  ];
}

function life(object: VerdictObject): readonly string[] {
  const state = object.state === null ? '' : `, ${object.state}`;
  return [`  first seen ${object.firstSeen}, last seen ${object.lastSeen}${state}`];
}

/** What guardrails make of it, where that is something else. */
function guardedWords(object: VerdictObject): string {
  const effective = effectiveVerdict(object);
  return effective === object.verdict
    ? ''
    : ` by the trust policy alone, ${VERDICT_WORDS[effective]} with guardrails`;
}

/** What stands around the trust policy: guardrails of the organisation, and what a way in leads to. */
function around({ object, leftMessage }: StoredVerdict): readonly string[] {
  const left =
    guardrailEffect(object) === 'narrowed' && leftMessage !== undefined ? [leftWords(leftMessage)] : [];
  const story = [...guardrailStory(object).map(storyText), ...left].map((line) => `  ${line}`);
  const facts = object.impact === null ? [] : impactFacts(object.impact);
  return [
    ...(story.length === 0 ? [] : ['', 'Organisation guardrails', ...story]),
    ...(facts.length === 0 ? [] : ['', 'Impact: what a way in leads to']),
    ...facts.map(([term, value]) => `  ${`${term}:`.padEnd(22)}${storyText(value)}`),
  ];
}

function acceptance({ suppressedBy }: VerdictObject, accepted: readonly AcceptedRisk[]): readonly string[] {
  if (suppressedBy === null) return [];
  const entry = accepted.find(({ id }) => id === suppressedBy);
  const terms = entry === undefined ? '' : ` until ${entry.expires}: ${entry.reason}`;
  return [`  accepted by the exception ${suppressedBy}${terms}`];
}

function notes(told: Explanation['notes']): readonly string[] {
  if (told.length === 0) return [];
  return ['', 'Notes', ...told.map(({ code, sentence }) => `  ${code}: ${sentence}`)];
}

function statementLines(statements: Explanation['statements']): readonly ScreenLine[] {
  if (statements === null) return ['', 'Trust policy', '  the evidence shows none that can be read'];
  const lines: ScreenLine[] = ['', 'Statement by statement'];
  for (const { index, text, paths, closed } of statements) {
    const [first = '', ...more] = text.split('\n');
    lines.push(
      ...[`  [${index}] ${first}`, ...more.map((line) => `      ${line}`)].map((copied) => ({ copied })),
    );
    if (closed !== null) lines.push(`      -> ${closed}`);
    for (const { sentence } of paths) lines.push(`      -> ${sentence}`);
  }
  return lines;
}

function proofLines(proof: Explanation['proof'], title: string): readonly string[] {
  if (proof === null) return [];
  return [
    '',
    title,
    ...proof.steps.map((step, index) => `  ${index + 1}. ${step}`),
    '  its context, in which keys that are not listed are absent:',
    ...Object.entries(proof.context).map(
      ([key, given]) => `     ${key} = ${typeof given === 'string' ? given : JSON.stringify(given)}`,
    ),
  ];
}

function fix(remediation: Remediation | null, command: string): readonly ScreenLine[] {
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
    { copied: `    ${command}` },
  ];
}
