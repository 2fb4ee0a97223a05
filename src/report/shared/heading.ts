import { markdownText } from '../../text/markdown-text.ts';
import type { ReportHeading } from './options.ts';

/** What a report is, in one line, behind the title that it was given. */
export function headingTitle(what: string, { title }: ReportHeading = {}): string {
  return title === undefined ? what : `${title}: ${what}`;
}

/** Whom a report is for and who prepared it, as they were named; empty when neither was. */
export function headingFacts({
  client,
  preparedBy,
}: ReportHeading = {}): readonly (readonly [term: 'Prepared for' | 'Prepared by', name: string])[] {
  return [
    ...(client === undefined ? [] : [['Prepared for', client] as const]),
    ...(preparedBy === undefined ? [] : [['Prepared by', preparedBy] as const]),
  ];
}

/** The same as a paragraph of Markdown; '' where there is nothing to say. */
export function headingMarkdown(heading: ReportHeading | undefined): string {
  const facts = headingFacts(heading).map(([term, name]) => `${term} ${markdownText(name)}`);
  return facts.length === 0 ? '' : `${facts.join(' · ')}\n\n`;
}
