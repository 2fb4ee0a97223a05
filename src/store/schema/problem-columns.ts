import type { DataProblem } from '../../errors.ts';
import type { FileProblem } from '../../model/file-problem.ts';

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
