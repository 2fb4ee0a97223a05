/**
 * The option by which a shell's script asks what could come next. The words typed so far follow it, the program first
 * and the one under the cursor last. yargs answers, one per line: with a description behind a colon where `SHELL` is
 * zsh, behind a tab where it is fish.
 */
export const ANSWER = '--get-yargs-completions';

/** The words typed so far, or null where the command line asks for no answers. */
export function typedWords(args: readonly string[]): readonly string[] | null {
  const [first, ...words] = args;
  if (first !== ANSWER) return null;
  // PowerShell before 7.3 drops an empty word unless it is quoted, later ones keep the quotation marks.
  return words.at(-1) === '""' ? [...words.slice(0, -1), ''] : words;
}

/** Of yargs' answers those that help. Options wait for a hyphen: before it, the shell offers names of files. */
export function offered(answers: string, word: string): string {
  if (word.startsWith('-')) return answers;
  return answers
    .split('\n')
    .filter((answer) => !answer.startsWith('-'))
    .join('\n');
}
