/** What every exit code of the program means, in order. */
export const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'Done, findings or not.'],
  [
    '1',
    'A gate asked for with `--fail-on` or `--fail-on-new` failed, or `exceptions check` found an entry that needs work.',
  ],
  ['2', 'Usage or configuration.'],
  [
    '3',
    'Incomplete: some evidence was unreadable, truncated, rejected or not decidable, is missing, or disagrees on a role. It outranks 1, but both are said. Also of a store whose last scan was interrupted.',
  ],
  ['4', 'Internal error.'],
  ['130, 143', 'Interrupted (Ctrl-C, SIGTERM).'],
  ['141', 'Whoever reads standard output had enough.'],
];
