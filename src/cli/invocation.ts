import { basename, relative } from 'node:path';
import { shellWord } from '../text/shell-word.ts';

/**
 * How the program was called, so that commands it shows work as they stand: by its name, through npx, or as a script of Node.js.
 * Whoever starts it in another way says so in TRUSTSIEVE_COMMAND.
 */
export function calledAs(
  { argv, argv0 }: Pick<NodeJS.Process, 'argv' | 'argv0'>,
  { TRUSTSIEVE_COMMAND, npm_command: npm }: NodeJS.ProcessEnv,
): string {
  if (TRUSTSIEVE_COMMAND !== undefined && TRUSTSIEVE_COMMAND !== '') return TRUSTSIEVE_COMMAND;
  if (npm === 'exec') return `npx ${NAME}`;
  const [, script = NAME] = argv;
  if (basename(script).replace(/\.\w+$/, '') === NAME) return NAME;
  const here = relative('', script);
  return [argv0, here.startsWith('..') ? script : here].map(shellWord).join(' ');
}

/** What the program is called where it is installed. */
export const NAME = 'trustsieve';
