import { TrustsieveError } from '../../errors.ts';
import { type ExceptionsReading, readExceptions } from '../../history/exceptions/exception-file.ts';
import type { AcceptedRisk } from '../../model/exception.ts';
import { counted } from '../../text/counted.ts';
import type { CliContext } from '../context.ts';
import { say } from '../output/messages.ts';
import { firstLine, optionFile, parseYaml } from './option-file.ts';

/** The longest file: tens of thousands of exceptions. */
const LONGEST_FILE = 8 * 1024 * 1024;

/** Reads an exceptions file, YAML or JSON. What is wrong with its content is in the result. */
export async function readExceptionFile(
  path: string,
  option: 'exceptions' | null,
): Promise<ExceptionsReading> {
  const text = await optionFile(option, path);
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
 * What `--exceptions` names; undefined without the option. Says on stderr what is wrong with its entries.
 *
 * @throws TrustsieveError `configuration-invalid` when an entry is not as it should be
 */
export async function exceptionsArgument(
  path: string | undefined,
  context: CliContext,
): Promise<readonly AcceptedRisk[] | undefined> {
  if (path === undefined) return undefined;
  const { entries, problems } = await readExceptionFile(path, 'exceptions');
  for (const problem of problems.slice(0, 20)) say('error', `${path}: ${problem}`, context);
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
