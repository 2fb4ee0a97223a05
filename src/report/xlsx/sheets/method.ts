import { createHash } from 'node:crypto';
import type { ReportSource } from '../../../model/report-source.ts';
import type { RuleMetadata } from '../../../model/rule.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import { FIT_MEANING, RISK_LEVEL_MEANING } from '../../shared/controls.ts';
import {
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  RESOLVED_MEANING,
  SEVERITIES,
  SEVERITY_LABEL,
  STATE_LABEL,
  STATE_MEANING,
  STATES,
  severityMeaning,
} from '../../shared/labels.ts';
import { plainText } from '../../shared/missing.ts';
import type { ReportOptions } from '../../shared/options.ts';
import { OUT_OF_REACH, READINGS, SAME_AGAIN, SEVERITY_WORDS } from '../../shared/words/method-words.ts';
import { remediationSteps } from '../../shared/words/remediation.ts';
import type { Cell } from '../book/cell.ts';
import type { FreeSheet, Row } from '../book/sheet.ts';
import { partHeading } from './heading.ts';

const WIDTHS = [30, 30, 60, 40];

/** How the verdicts came about, by which rules, and what they cannot say. */
export function methodSheet(source: ReportSource, options: ReportOptions): FreeSheet {
  return { name: 'Method', widths: WIDTHS, rows: rows(source, options) };
}

function* rows(source: ReportSource, options: ReportOptions): Iterable<Row> {
  const { rules, switches = [], noteSentences } = options;
  const { membersKnown } = source.completeness();
  yield { cells: [{ text: 'Method', style: 'title' }] };
  for (const rule of rules) yield* ruleRows(rule);
  yield* partHeading('How verdicts are reached');
  for (const { title, text } of READINGS) yield fact(title, plainText(text));
  yield* partHeading('Verdicts');
  for (const name of OUTCOMES) yield fact(OUTCOME_LABEL[name], OUTCOME_MEANING[name]);
  yield* partHeading('Severity');
  yield prose(SEVERITY_WORDS);
  for (const name of SEVERITIES) {
    yield {
      cells: [
        { text: SEVERITY_LABEL[name], style: name },
        { lines: plainText(severityMeaning(name, membersKnown)) },
      ],
      merged: { from: 2, to: WIDTHS.length },
    };
  }
  yield* partHeading('States of findings');
  for (const name of STATES) yield fact(STATE_LABEL[name], STATE_MEANING[name]);
  yield fact('Resolved', RESOLVED_MEANING);
  yield* partHeading('Notes');
  for (const [code, sentence] of Object.entries(noteSentences)) yield fact(code, sentence);
  if (switches.length > 0) {
    yield* partHeading("How the rule's language was read where its reference leaves a question open");
    for (const { name, value, decides } of switches) yield fact(`${name}: ${value}`, plainText(decides));
  }
  yield* partHeading('Out of reach');
  for (const text of OUT_OF_REACH) yield prose(text);
  yield* partHeading('About this workbook');
  for (const text of ABOUT) yield prose(text);
}

/** What a reader of cells may stumble over. */
const ABOUT = [
  'Ids, dates and texts are stored as text. A text that a spreadsheet could take for a formula when the sheet is saved as CSV (it begins with an equals sign, plus, minus or at sign) is preceded by an apostrophe; characters that control, hide or reorder text are written as a backslash, u and their number; a cell of more than 32,000 characters is shortened and ends with how much was left out. The JSON report holds everything unchanged.',
  'Evidence files are named and not linked, because their names are part of the evidence; the column In Evidence leads to the row of the file with its SHA-256. The number behind the at sign is the byte offset of the record in the decompressed file. The links count rows as they were written: they are no longer right in a sheet that was sorted.',
  SAME_AGAIN,
];

function* ruleRows(rule: RuleMetadata): Iterable<Row> {
  const { id, title, riskLevel, cloudEntity, category, description, logic, references } = rule;
  yield* partHeading(`Rule ${id}`);
  yield fact('Title', title);
  yield fact('Description', description);
  yield fact('Catalogue risk level', `${riskLevel}. ${RISK_LEVEL_MEANING}`);
  yield fact('Cloud entity, category', `${cloudEntity}; ${category}`);
  yield fact('Logic', logic);
  yield fact('SHA-256 of this text', createHash('sha256').update(logic, 'utf8').digest('hex'));
  for (const { label, text } of remediationSteps(rule)) {
    yield fact(label === 'Remediation' ? label : `Remediation, ${label.toLowerCase()}`, text);
  }
  if (references.length > 0) yield fact('References', references.join('\n'));
  if (rule.complianceFrameworks.length > 0) {
    yield fact('Frameworks, by name alone', rule.complianceFrameworks.join('\n'));
  }
  if (rule.controls.length === 0) return;
  yield { cells: [] };
  yield { cells: ['Framework', 'Control', 'Fit', 'Source'].map(header) };
  for (const { framework, id: control, fit, source } of rule.controls) {
    yield { cells: [framework, control, `${fit}: ${FIT_MEANING[fit]}`, source] };
  }
}

function header(text: string): Cell {
  return { text, style: 'header' };
}

function prose(lines: string): Row {
  return { cells: [{ lines }], merged: { from: 1, to: WIDTHS.length } };
}

function fact(name: string, lines: string): Row {
  return {
    cells: [{ text: name, style: 'strong' }, { lines }],
    merged: { from: 2, to: WIDTHS.length },
  };
}
