import { type DataProblem, TrustsieveError } from '../../errors.ts';
import type { Reasons } from '../../model/capture.ts';
import type { FileProblem } from '../../model/file-problem.ts';

const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/**
 * Evidence time as the tables hold it: ISO 8601 UTC without the closing `Z`. With the `Z`, half a second past noon
 * would sort before noon (`.` comes before `Z`); without it, text order is time order to any number of digits. Zeros at
 * the end of a fraction say nothing and go, so that one moment has one text.
 */
export function toColumnTime(iso: string): string {
  if (!ISO_UTC.test(iso)) throw new TrustsieveError('internal', `not an ISO 8601 UTC time: \`${iso}\``);
  return iso.slice(0, -1).replace(/(?:\.0+|(\.\d*[1-9])0+)$/, '$1');
}

/** The inverse of `toColumnTime`. */
export function fromColumnTime(column: string): string {
  return `${column}Z`;
}

/** The columns `problems` and `problem_codes`: two JSON lists of the same length, of sentences and of their codes. */
export function toProblemColumns(problems: readonly FileProblem[]): { problems: string; codes: string } {
  return {
    problems: JSON.stringify(problems.map(({ message }) => message)),
    codes: JSON.stringify(problems.map(({ code }) => code)),
  };
}

/** Stores of schema version 1 have sentences only; the code is `unstated` then. */
export function fromProblemColumns(problems: string, codes: string): readonly FileProblem[] {
  const ofMessages = JSON.parse(codes) as readonly DataProblem[];
  return (JSON.parse(problems) as readonly string[]).map((message, index) => ({
    code: ofMessages[index] ?? 'unstated',
    message,
  }));
}

/** The column `reason`: codes with commas between them; NULL without any. */
export function toReasonColumn(reasons: Reasons): string | null {
  return reasons.length === 0 ? null : reasons.join(',');
}

export function fromReasonColumn(column: string | null): Reasons {
  return column === null ? [] : (column.split(',') as DataProblem[]);
}
