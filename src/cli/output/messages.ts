import { visible } from '../../text/hidden-characters.ts';
import type { CliContext } from '../context.ts';
import { type Paint, paintFor, type Style } from './colour.ts';

/** `error`: it could not be done. `warning`: something is missing, lost or doubtful. `note`: worth knowing. */
export type MessageKind = 'error' | 'warning' | 'note';

const STYLE_OF: Readonly<Record<MessageKind, Style>> = { error: 'bad', warning: 'doubtful', note: 'quiet' };

/** A line for stderr: what kind of message it is, then what it says. */
export function messageLine(kind: MessageKind, text: string, paint: Paint): string {
  return `${paint(STYLE_OF[kind], `${kind}:`)} ${visible(text)}\n`;
}

/** Says something on stderr in a line of its own. */
export function say(kind: MessageKind, text: string, context: Pick<CliContext, 'stderr' | 'colour'>): void {
  context.stderr.write(messageLine(kind, text, paintFor(context.stderr, context)));
}

/** Says on stderr what the exit code means: `incomplete (exit 3): ...`. */
export function sayOutcome(
  style: Style,
  outcome: string,
  why: string,
  context: Pick<CliContext, 'stderr' | 'colour'>,
): void {
  const paint = paintFor(context.stderr, context);
  context.stderr.write(`${paint(style, `${outcome}:`)} ${visible(why)}\n`);
}
