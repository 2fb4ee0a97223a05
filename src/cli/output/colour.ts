import { styleText } from 'node:util';
import type { CliContext } from '../context.ts';

/** What a text is about; never the only thing that says so. */
export type Style = 'heading' | 'bad' | 'doubtful' | 'good' | 'quiet' | 'command' | 'added' | 'removed';

const STYLES = {
  heading: 'bold',
  bad: ['bold', 'red'],
  doubtful: 'yellow',
  good: 'green',
  quiet: 'dim',
  command: 'cyan',
  added: 'green',
  removed: 'red',
} as const satisfies Record<Style, Parameters<typeof styleText>[0]>;

/** Gives a text its colour, or leaves it as it is. The text must be visible already: the colours themselves are hidden characters. */
export type Paint = (style: Style, text: string) => string;

export const PLAIN: Paint = (_, text) => text;

const COLOURED: Paint = (style, text) =>
  text === '' ? '' : styleText(STYLES[style], text, { validateStream: false });

/** Colours for what is written to this stream itself: never for a file that a report goes to. */
export function paintFor(
  stream: Pick<CliContext['stdout'], 'isTTY'>,
  { colour }: Pick<CliContext, 'colour'>,
  environment: NodeJS.ProcessEnv = process.env,
): Paint {
  return isColoured(stream.isTTY === true, colour, environment) ? COLOURED : PLAIN;
}

/** `--color` and `--no-color` first, then NO_COLOR (https://no-color.org), FORCE_COLOR, and whether it is a terminal with colours. */
function isColoured(
  isTerminal: boolean,
  asked: boolean | undefined,
  { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv,
): boolean {
  if (asked !== undefined) return asked;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}
