import { severityOf } from '../../model/grading.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import type { Severity } from '../../model/verdict.ts';
import { markdownBlock, markdownLink, markdownText } from '../../text/markdown-text.ts';
import { SEVERITIES, SEVERITY_LABEL, SEVERITY_MEANING } from '../shared/labels.ts';
import { remediationSteps } from '../shared/words/remediation.ts';

/** `results` of these levels; `none` is for results that are no failure. */
export type Level = 'error' | 'warning' | 'note';

export const LEVELS: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

/** On the scale of 0 to 10 that viewers know from CVSS. */
export const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.0',
  high: '7.0',
  medium: '4.0',
  low: '2.0',
};

/** Which descriptor a result or a notification is of. */
export interface RuleReference {
  readonly id: string;
  /** Absent for a rule that nobody described. */
  readonly index?: number;
}

/** The rules of a log. Viewers such as GitHub's take the severity of a result from its rule, so a graded rule has one for each. */
export interface RuleDescriptors {
  readonly descriptors: readonly object[];
  /** @param severity of a failure; null for all else that is said under the rule */
  reference(rule: string, severity: Severity | null): RuleReference;
}

/** @param graded the rule whose failures differ in severity; those of others have the severity of the rule */
export function ruleDescriptors(rules: readonly RuleMetadata[], graded: string): RuleDescriptors {
  const descriptors: object[] = [];
  const places = new Map<string, number>();
  const add = (id: string, descriptor: object): number => {
    places.set(id, descriptors.length);
    return descriptors.push({ id, ...descriptor }) - 1;
  };
  for (const rule of rules) {
    const index = add(rule.id, wholeRule(rule));
    if (rule.id !== graded) continue;
    for (const severity of SEVERITIES)
      add(gradedId(rule.id, severity), gradedRule(rule, severity, { id: rule.id, index }));
  }
  return {
    descriptors,
    reference(rule, severity) {
      const id = rule === graded && severity !== null ? gradedId(rule, severity) : rule;
      const index = places.get(id);
      return index === undefined ? { id: rule } : { id, index };
    },
  };
}

/** The id of the rule, and one more part: a hierarchical string (SARIF 2.1.0 §3.5.4). */
function gradedId(rule: string, severity: Severity): string {
  return `${rule}/${severity}`;
}

function wholeRule(rule: RuleMetadata): object {
  return {
    ...described(rule, severityOf(rule), rule.title, ''),
    properties: {
      ...ranked(rule, severityOf(rule)),
      riskLevel: rule.riskLevel,
      cloudEntity: rule.cloudEntity,
      category: rule.category,
      complianceFrameworks: rule.complianceFrameworks,
      controls: rule.controls,
      logic: rule.logic,
      references: rule.references,
    },
  };
}

/** What of a rule fails with one severity. `whole`: the rule itself. */
function gradedRule(rule: RuleMetadata, severity: Severity, whole: RuleReference): object {
  const meaning = SEVERITY_MEANING[severity];
  return {
    ...described(
      rule,
      severity,
      `${rule.title} (${severity}: ${meaning})`,
      `${SEVERITY_LABEL[severity]}: ${meaning}.`,
    ),
    relationships: [{ target: whole, kinds: ['superset'] }],
    properties: ranked(rule, severity),
  };
}

function described(rule: RuleMetadata, severity: Severity, title: string, lead: string): object {
  const helpUri = rule.references.find((reference) => URL.canParse(reference) && /^https:/.test(reference));
  return {
    shortDescription: { text: title },
    ...(rule.description !== '' && { fullDescription: { text: rule.description } }),
    ...(helpUri !== undefined && { helpUri }),
    help: { text: helpText(rule, lead), markdown: helpMarkdown(rule, lead) },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

/** What viewers rank by, and the rule's own id among the tags, by which they filter. */
function ranked(rule: RuleMetadata, severity: Severity): object {
  return {
    tags: ['security', 'aws', 'iam', rule.id],
    'security-severity': SECURITY_SEVERITY[severity],
    precision: 'very-high',
  };
}

function helpText(rule: RuleMetadata, lead: string): string {
  const { description, logic, references } = rule;
  return [
    lead,
    description,
    ...remediationSteps(rule).map(({ label, text }) => `${label}: ${text}`),
    `Logic (GSL): ${logic}`,
    references.length === 0 ? '' : `References: ${references.join(' ')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function helpMarkdown(rule: RuleMetadata, lead: string): string {
  const { description, logic, references } = rule;
  return [
    lead === '' ? '' : `**${lead}**`,
    markdownText(description),
    ...remediationSteps(rule).map(({ label, text, command }) =>
      command ? `**${label}.**\n\n${markdownBlock('text', text)}` : `**${label}.** ${markdownText(text)}`,
    ),
    `**Logic (GSL).**\n\n${markdownBlock('text', logic)}`,
    references.map((reference) => `- ${markdownLink(reference)}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
