import { wrapped } from '../../text/display-width.ts';
import { visible } from '../../text/hidden-characters.ts';
import { type CliContext, columnsOf } from '../context.ts';
import { paintFor, type Style } from './colour.ts';

/** `error`: it could not be done. `warning`: something is missing, lost or doubtful. `note`: worth knowing. */
export type MessageKind = 'error' | 'warning' | 'note';

const STYLE_OF: Readonly<Record<MessageKind, Style>> = { error: 'bad', warning: 'doubtful', note: 'quiet' };

type Listener = Pick<CliContext, 'stderr' | 'colour'>;

/** Says something on stderr in a line of its own, which begins with what kind of message it is. */
export function say(kind: MessageKind, text: string, context: Listener): void {
  sayOutcome(STYLE_OF[kind], kind, text, context);
}

/** Says on stderr what the exit code means: `incomplete (exit 3): ...`. */
export function sayOutcome(style: Style, outcome: string, why: string, context: Listener): void {
  const { stderr } = context;
  const head = `${outcome}:`;
  const line = `${head} ${visible(why)}`;
  const shown = stderr.isTTY === true ? wrapped(line, columnsOf(stderr)) : line;
  stderr.write(`${paintFor(stderr, context)(style, head)}${shown.slice(head.length)}\n`);
}
