import { TrustsieveError } from '../../errors.ts';
import { type ExceptionsReading, readExceptions } from '../../history/exceptions/exception-file.ts';
import type { AcceptedRisk } from '../../model/exception.ts';
import { counted } from '../../text/counted.ts';
import { PLAIN } from '../output/colour.ts';
import { messageLine } from '../output/messages.ts';
import { firstLine, optionFile, parseYaml } from './option-file.ts';

/** The longest file: tens of thousands of exceptions. */
const LONGEST_FILE = 8 * 1024 * 1024;

/** Reads an exceptions file, YAML or JSON. What is wrong with its content is in the result. */
export async function readExceptionFile(path: string): Promise<ExceptionsReading> {
  const text = await optionFile('exceptions', path);
  if (text.length > LONGEST_FILE) return broken(`it is longer than ${LONGEST_FILE} characters`);
  let value: unknown;
  try {
    value = await parseYaml(text);
  } catch (error) {
    return broken(`it is not YAML: ${firstLine(error)}`);
  }
  return readExceptions(value);
}

/**
 * What `--exceptions` names; undefined without the option. Writes every problem to `warn`.
 *
 * @throws TrustsieveError `configuration-invalid` when an entry is not as it should be
 */
export async function exceptionsArgument(
  path: string | undefined,
  warn: (text: string) => void,
): Promise<readonly AcceptedRisk[] | undefined> {
  if (path === undefined) return undefined;
  const { entries, problems } = await readExceptionFile(path);
  for (const problem of problems.slice(0, 20)) warn(messageLine('error', `${path}: ${problem}`, PLAIN));
  if (problems.length > 0) {
    throw new TrustsieveError(
      'configuration-invalid',
      `cannot use the exceptions in \`${path}\`: ${counted(problems.length, 'error')}; \`trustsieve exceptions check\` lists all`,
    );
  }
  return entries;
}

function broken(problem: string): ExceptionsReading {
  return { entries: [], problems: [problem] };
}
