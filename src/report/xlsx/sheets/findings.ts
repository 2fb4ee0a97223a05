import type { Completeness } from '../../../model/completeness.ts';
import { CONFLICTING_RECORDS } from '../../../model/completeness.ts';
import type { Guard, Outcome } from '../../../model/exposure.ts';
import { effectiveVerdict, isClosedByGuardrail } from '../../../model/guardrail.ts';
import { outsiderOf } from '../../../model/third-party.ts';
import type { GradedPath, VerdictObject } from '../../../model/verdict.ts';
import { DISAGREEING_WORDS } from '../../shared/disagreement.ts';
import { namesAndMore, OUTCOME_LABEL, SEVERITY_LABEL, STATE_LABEL } from '../../shared/labels.ts';
import { carriedWords } from '../../shared/missing.ts';
import { exposedPaths, externalAccounts, worstPath } from '../../shared/paths.ts';
import { closingLabel, GUARDRAIL_LABEL, guardrailEffect } from '../../shared/words/guardrail-words.ts';
import { lastUsedWords, PRIVILEGES_LABEL } from '../../shared/words/impact-words.ts';
import { manyWords, outsiderWords } from '../../shared/words/outsider-words.ts';
import type { Cell } from '../book/cell.ts';
import type { Column, ListSheet, Row } from '../book/sheet.ts';
import { listNote } from './note.ts';
import { evidenceKey, type Places } from './places.ts';

/** What the rows of findings are told with. */
export interface FindingsContext {
  readonly missing: Completeness;
  readonly outcomes: readonly Outcome[];
  readonly accountNames: ReadonlyMap<string, string>;
  /** Ages in days of the accounts that are carried forward. */
  readonly carried: ReadonlyMap<string, number>;
  readonly accounts: Places;
  /** By path and SHA-256; see `evidenceKey`. */
  readonly evidence: Places;
}

interface FindingColumn extends Column {
  readonly cell: (object: VerdictObject, context: FindingsContext) => Cell;
}

const COLUMNS: readonly FindingColumn[] = [
  { title: 'Severity', width: 10, cell: severityCell },
  { title: 'Verdict', width: 13, cell: (object) => OUTCOME_LABEL[effectiveVerdict(object)] },
  { title: 'Account', width: 14, cell: ({ account }) => account },
  {
    title: 'Account name',
    width: 20,
    cell: ({ account }, { accountNames }) => accountNames.get(account) ?? null,
  },
  { title: 'Role', width: 30, cell: ({ roleName }) => roleName },
  { title: 'Who gets in', width: 34, cell: whoGetsIn },
  { title: 'Why', width: 60, cell: ({ message }) => message },
  {
    title: 'What it leads to',
    width: 24,
    cell: ({ impact }) => impact && PRIVILEGES_LABEL[impact.privileges],
  },
  { title: 'Last used', width: 21, cell: ({ impact }) => impact && lastUsedWords(impact.lastUsed) },
  { title: 'State', width: 14, cell: ({ state }) => state && STATE_LABEL[state] },
  { title: 'Accepted by', width: 16, cell: ({ suppressedBy }) => suppressedBy },
  { title: 'First seen', width: 21, cell: ({ firstSeen }) => firstSeen },
  { title: 'Guardrails', width: 24, cell: guardrailCell },
  { title: 'Closed by', width: 30, cell: ({ guardrail }) => guardrail?.policies.map(closingLabel) ?? null },
  { title: 'Remarks', width: 26, cell: remarks },
  { title: 'Trust policy alone', width: 15, cell: ({ verdict }) => OUTCOME_LABEL[verdict] },
  { title: 'Rule taken at its word', width: 15, cell: ({ literal }) => OUTCOME_LABEL[literal] },
  { title: 'Notes', width: 26, cell: ({ notes }) => notes },
  { title: 'Rule', width: 18, cell: ({ rule }) => rule },
  { title: 'Evidence', width: 40, cell: ({ evidence }) => `${evidence.source} @ ${evidence.offset}` },
  {
    title: 'In Evidence',
    width: 11,
    cell: (object, { evidence }) =>
      evidence.linkTo(evidenceKey(object.evidence.source, object.evidence.sha256)),
  },
  { title: 'In Accounts', width: 11, cell: ({ account }, { accounts }) => accounts.linkTo(account) },
  { title: 'Captured', width: 21, cell: ({ evidence }) => evidence.capturedAt },
  { title: 'Last seen', width: 21, cell: ({ lastSeen }) => lastSeen },
  { title: 'Outside accounts', width: 26, cell: outsideAccounts },
  {
    title: 'Principals',
    width: 40,
    cell: ({ paths }) => eachWithGuards(paths, ({ principal }) => principal),
  },
  { title: 'Why it leads there', width: 40, cell: ({ impact }) => impact?.why },
  { title: 'Proof: who calls', width: 40, cell: ({ witness }) => witness?.principalArn },
  {
    title: 'Proof: with what',
    width: 40,
    cell: ({ witness }) => witness && { text: JSON.stringify(witness.context), style: 'code' },
  },
  { title: 'ARN', width: 50, cell: ({ arn }) => ({ text: arn, style: 'code' }) },
  { title: 'Role id', width: 24, cell: ({ roleId }) => ({ text: roleId, style: 'code' }) },
  {
    title: 'SHA-256 of the file',
    width: 66,
    cell: ({ evidence }) => ({ text: evidence.sha256, style: 'code' }),
  },
];

/** Verdicts, the worst first; of their paths those that guardrails leave. */
export function findingsSheet(objects: Iterable<VerdictObject>, context: FindingsContext): ListSheet {
  const { outcomes, missing } = context;
  const listed = outcomes.map((outcome) => OUTCOME_LABEL[outcome].toLowerCase());
  const closed = outcomes.includes('fail') ? ', and with what fails also what only guardrails close' : '';
  return {
    name: 'Findings',
    columns: COLUMNS,
    note: listNote(
      `Roles with the verdict ${listed.join(', ')}, the worst first${closed}; no others are listed.`,
      missing,
    ),
    rows: rowsOf(objects, context),
  };
}

function* rowsOf(objects: Iterable<VerdictObject>, context: FindingsContext): Iterable<Row> {
  for (const object of objects) yield { cells: COLUMNS.map(({ cell }) => cell(object, context)) };
}

function severityCell(object: VerdictObject): Cell {
  if (effectiveVerdict(object) === 'error') return { text: OUTCOME_LABEL.error, style: 'error' };
  const { severity } = object;
  return severity === null ? null : { text: SEVERITY_LABEL[severity], style: severity };
}

function whoGetsIn(object: VerdictObject): Cell {
  if (isClosedByGuardrail(object)) return 'nobody: guardrails close every unguarded way in';
  const path = worstPath(object.paths);
  if (path === null) return null;
  const all = externalAccounts(exposedPaths(object.paths)).length;
  return namesAndMore([outsiderWords(path)], all);
}

function outsideAccounts({ paths }: VerdictObject): Cell {
  return eachWithGuards(paths, (path) => {
    const outsider = outsiderOf(path);
    return manyWords(outsider) ?? outsider;
  });
}

/** Texts of ways in, each once; of those that have no unguarded one, what they demand. */
function eachWithGuards(
  paths: readonly GradedPath[],
  textOf: (path: GradedPath) => string,
): readonly string[] {
  const texts = [...new Set(paths.map(textOf))];
  return texts.map((text) => {
    const same = paths.filter((path) => textOf(path) === text);
    if (same.some(({ guards }) => guards.length === 0)) return text;
    const guards = [...new Set(same.flatMap((path) => path.guards))].sort();
    return `${text} (with ${guards.map((guard) => GUARD_WORDS[guard]).join(' or ')})`;
  });
}

const GUARD_WORDS: Readonly<Record<Guard, string>> = { mfa: 'MFA', 'external-id': 'an external ID' };

function guardrailCell(object: VerdictObject): Cell {
  return object.guardrail === null ? null : GUARDRAIL_LABEL[guardrailEffect(object)];
}

/** What a reader must know before relying on the row. */
function remarks({ account, notes }: VerdictObject, { carried }: FindingsContext): Cell {
  const age = carried.get(account);
  return [
    ...(age === undefined ? [] : [`account ${carriedWords(age)}`]),
    ...(notes.includes(CONFLICTING_RECORDS) ? [DISAGREEING_WORDS] : []),
  ];
}
