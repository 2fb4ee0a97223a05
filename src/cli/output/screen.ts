import { wrapped } from '../../text/display-width.ts';
import { visible } from '../../text/hidden-characters.ts';
import { type CliContext, columnsOf, USUAL_COLUMNS } from '../context.ts';
import { type Paint, PLAIN, paintFor, type Style } from './colour.ts';

/** Where a text for people goes. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Columns that lines should fit into. */
  readonly width: number;
  readonly paint: Paint;
  /** The line with hidden characters as escapes; on a terminal it is broken between words where it does not fit. */
  readonly fitLine: (line: string) => string;
}

/** A file that a text for people is written to: it is the same whatever terminal the command was typed in. */
export const FILE: Screen = { isTerminal: false, width: USUAL_COLUMNS, paint: PLAIN, fitLine: visible };

/** Standard output. */
export function screenOf(context: Pick<CliContext, 'stdout' | 'colour'>): Screen {
  const { stdout } = context;
  const paint = paintFor(stdout, context);
  if (stdout.isTTY !== true) return { ...FILE, paint };
  const width = columnsOf(stdout);
  return { isTerminal: true, width, paint, fitLine: (line) => wrapped(visible(line), width) };
}

/** A line of a text for people. One that is to be copied, as of a policy or a command, is never broken. */
export type ScreenLine = string | { readonly copied: string; readonly style?: Style };

const VERDICT = /^(\S+: )(FAIL|ERROR|PASS|NOT APPLICABLE)\b/;

/** A text of sections, each after an empty line: titles and verdicts stand out. */
export function sectionsText(lines: readonly ScreenLine[], { fitLine, paint }: Screen): string {
  const shown = lines.map((line, index) => {
    if (typeof line !== 'string') {
      const text = visible(line.copied);
      return line.style === undefined ? text : paint(line.style, text);
    }
    const isTitle = /^\S/.test(line) && (index === 0 || lines[index - 1] === '');
    return coloured(fitLine(line), isTitle, paint);
  });
  return `${shown.join('\n')}\n`;
}

function coloured(line: string, isTitle: boolean, paint: Paint): string {
  const [all = '', before = '', verdict = ''] = VERDICT.exec(line) ?? [];
  if (all === '') return isTitle ? paint('heading', line) : line;
  const style = verdict === 'FAIL' ? 'bad' : verdict === 'ERROR' ? 'doubtful' : 'good';
  return before + paint(style, verdict) + line.slice(all.length);
}
