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
