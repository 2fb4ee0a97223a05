import { wrapped } from '../../text/display-width.ts';
import { type CliContext, columnsOf } from '../context.ts';
import { type Paint, paintFor } from './colour.ts';

/** Lines of policies and commands, which are to be copied. */
const COPIED = /^ {6}(?!-> )|^ {4}\S*trustsieve /;
const VERDICT = /^(\S+: )(FAIL|ERROR|PASS|NOT APPLICABLE)\b/;

/** A text of sections for people: on a terminal its sentences fit the width, and what stands out is coloured; elsewhere as it is. */
export function screenText(text: string, context: Pick<CliContext, 'stdout' | 'colour'>): string {
  const paint = paintFor(context.stdout, context);
  const width = context.stdout.isTTY === true ? columnsOf(context) : Number.POSITIVE_INFINITY;
  const lines = text.split('\n');
  return lines
    .map((line, index) => {
      if (COPIED.test(line)) return line;
      const isTitle = /^\S/.test(line) && (index === 0 || lines[index - 1] === '');
      return coloured(wrapped(line, width), isTitle, paint);
    })
    .join('\n');
}

function coloured(line: string, isTitle: boolean, paint: Paint): string {
  const [all = '', before = '', verdict = ''] = VERDICT.exec(line) ?? [];
  if (all === '') return isTitle ? paint('heading', line) : line;
  const style = verdict === 'FAIL' ? 'bad' : verdict === 'ERROR' ? 'doubtful' : 'good';
  return before + paint(style, verdict) + line.slice(all.length);
}
