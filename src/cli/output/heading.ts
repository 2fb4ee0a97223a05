import { TrustsieveError } from '../../errors.ts';
import type { ReportHeading } from '../../report/index.ts';
import { visible } from '../../text/hidden-characters.ts';
import type { ArgumentsOf, Specs } from '../command.ts';

/** Characters that a heading may have; more would not fit the head of a printed page. */
const LONGEST = 200;

/** What a report says of itself, of every command that writes one. */
export const HEADING_OPTIONS = {
  title: { type: 'string', describe: 'title of the reports that are for people' },
  client: { type: 'string', describe: 'whom these reports are prepared for' },
  'prepared-by': { type: 'string', describe: 'who prepared these reports' },
} as const satisfies Specs;

/** Reads them; only those that were given. */
export function headingArgument(args: ArgumentsOf<typeof HEADING_OPTIONS>): ReportHeading {
  const title = headingText('title', args.title);
  const client = headingText('client', args.client);
  const preparedBy = headingText('prepared-by', args.preparedBy);
  return {
    ...(title !== undefined && { title }),
    ...(client !== undefined && { client }),
    ...(preparedBy !== undefined && { preparedBy }),
  };
}

function headingText(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const refuse = (why: string): never => {
    throw new TrustsieveError('usage', `--${name} ${why}`);
  };
  if (text.trim() === '') return refuse('is empty: leave it out, or give a text');
  if (visible(text) !== text) return refuse('holds a character that controls, hides or reorders text');
  const { length } = [...text];
  return length > LONGEST ? refuse(`takes ${LONGEST} characters at most, not ${length}`) : text;
}
