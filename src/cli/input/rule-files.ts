import { stat } from 'node:fs/promises';
import { TrustsieveError } from '../../errors.ts';
import type { FurtherRule } from '../../rules/custom/further-rule.ts';
import {
  type RulesetProblem,
  type RulesetReading,
  readRuleset,
  type TakenRules,
} from '../../rules/custom/ruleset.ts';
import { counted } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import type { CliContext } from '../context.ts';
import { say } from '../output/messages.ts';
import { firstLine, optionFile, parseYaml } from './option-file.ts';

/** One rule file, read. */
export interface RuleFile extends RulesetReading {
  readonly path: string;
}

/** The longest rule file; that of a large product with thousands of rules has 3 MB. */
const MAX_FILE = 32 * 1024 * 1024;
/** YAML takes far longer to read than JSON. */
const MAX_YAML = 4 * 1024 * 1024;

/**
 * Reads rule files: JSON, YAML, or `.jsonl` with one rule on each line. What is wrong with their content is in the
 * result; ids must be unique over all of them.
 *
 * @throws TrustsieveError `file-not-found` or `file-unreadable`
 */
export async function readRuleFiles(
  paths: readonly string[],
  option: 'rules' | null,
): Promise<readonly RuleFile[]> {
  const taken: TakenRules = new Map();
  const files: RuleFile[] = [];
  for (const path of paths) {
    const size = await stat(path).then(
      (stats) => stats.size,
      () => 0,
    );
    if (size > MAX_FILE) {
      throw new TrustsieveError(
        'file-unreadable',
        `the rule file \`${path}\` is longer than ${MAX_FILE} bytes: split it`,
      );
    }
    const parsed = await parseFile(await optionFile(option, path), path);
    files.push({ path, ...('value' in parsed ? readRuleset(parsed.value, taken) : broken(parsed.message)) });
  }
  return files;
}

/**
 * The rules of these files. Writes every error, and how many warnings there are, to stderr.
 *
 * @throws TrustsieveError `configuration-invalid` when a rule has an error
 */
export async function usableRules(
  paths: readonly string[],
  context: CliContext,
): Promise<readonly FurtherRule[]> {
  const files = await readRuleFiles(paths, 'rules');
  let faulty = 0;
  for (const file of files) {
    const errors = file.problems.filter(({ severity }) => severity === 'error');
    faulty += errors.length;
    for (const problem of errors.slice(0, 20))
      context.stderr.write(describeProblem(file.path, problem, visible));
    const warnings = file.problems.length - errors.length;
    if (warnings > 0) {
      const text = `${file.path}: ${counted(warnings, 'warning')}; \`trustsieve rules check\` lists ${warnings === 1 ? 'it' : 'them'}`;
      say('warning', text, context);
    }
  }
  if (faulty > 0) {
    const message = `${counted(faulty, 'error')} in the rule files: mend or remove these rules; \`trustsieve rules check\` lists all`;
    throw new TrustsieveError('configuration-invalid', message);
  }
  return files.flatMap((file) => file.rules);
}

/**
 * One line with file, rule and place, and where the logic is meant the text and a caret below it.
 *
 * @param fitLine makes a line visible, and as wide as there is room
 */
export function describeProblem(
  path: string,
  { severity, rule, message, diagnostic }: RulesetProblem,
  fitLine: (line: string) => string,
): string {
  const parts = [path];
  if (rule !== null) parts.push(rule);
  if (diagnostic !== null) parts.push(`line ${diagnostic.line}, column ${diagnostic.column} of its logic`);
  const line = `${fitLine(`${parts.join(': ')}: ${severity}: ${message}`)}\n`;
  if (diagnostic === null) return line;
  return `${line}${diagnostic.caret
    .split('\n')
    .map((text) => `    ${visible(text)}\n`)
    .join('')}`;
}

async function parseFile(
  text: string,
  path: string,
): Promise<{ readonly value: unknown } | { readonly message: string }> {
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return parseLines(text);
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (/\.json$/i.test(path)) return { message: `it is not JSON: ${firstLine(error)}` };
  }
  if (text.length > MAX_YAML) {
    return { message: `it is not JSON, and longer than the ${MAX_YAML} characters that are read as YAML` };
  }
  try {
    return { value: await parseYaml(text) };
  } catch (error) {
    return { message: `it is neither JSON nor YAML: ${firstLine(error)}` };
  }
}

function parseLines(text: string): { readonly value: unknown } | { readonly message: string } {
  const value: unknown[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      value.push(JSON.parse(line));
    } catch (error) {
      return { message: `line ${index + 1} is not JSON: ${firstLine(error)}` };
    }
  }
  return { value };
}

function broken(message: string): RulesetReading {
  const problem = { severity: 'error', rule: null, message, diagnostic: null } as const;
  return { rules: [], problems: [problem], count: 0, repeated: 0 };
}
