import { TrustsieveError } from '../errors.ts';
import { SWITCHES } from '../gsl/switches.ts';
import { RULES } from '../rules/index.ts';
import type { RuleMetadata } from '../rules/types.ts';
import type { Arguments, Command } from './command.ts';
import { type CliContext, EXIT, type ExitCode, write } from './context.ts';
import { table } from './printable.ts';

export const rulesCommand: Command = {
  name: 'rules <action> [id]',
  summary: 'List the rules, or show one with everything known of it',
  examples: [
    ['trustsieve rules list', 'every rule in one line'],
    ['trustsieve rules show D9.AWS.IAM.99', 'logic, remediation, references, frameworks'],
  ],
  options: (parser) =>
    parser
      .positional('action', {
        choices: ['list', 'show'] as const,
        demandOption: true,
        describe: 'what to do',
      })
      .positional('id', { type: 'string', describe: 'rule id, for show' })
      .option('format', { choices: ['text', 'json'] as const, default: 'text', describe: 'output format' }),
  run: rules,
};

async function rules(args: Arguments, { stdout }: CliContext): Promise<ExitCode> {
  const json = args['format'] === 'json';
  if (args['action'] === 'list') {
    if (args['id'] !== undefined)
      throw new TrustsieveError('usage', '`rules list` takes no rule id; use `rules show`');
    const rows = RULES.map((rule) => [rule.id, rule.riskLevel, rule.cloudEntity, rule.title]);
    await write(
      stdout,
      json ? `${JSON.stringify(RULES, null, 2)}\n` : table(['rule', 'risk level', 'entity', 'title'], rows),
    );
    return EXIT.done;
  }
  const id = args['id'] as string | undefined;
  if (id === undefined) throw new TrustsieveError('usage', 'name a rule: `rules show D9.AWS.IAM.99`');
  const rule = RULES.find((known) => known.id.toLowerCase() === id.toLowerCase());
  if (rule === undefined)
    throw new TrustsieveError('not-found', `there is no rule \`${id}\`; see \`rules list\``);
  await write(stdout, json ? `${JSON.stringify(rule, null, 2)}\n` : describe(rule));
  return EXIT.done;
}

function describe(rule: RuleMetadata): string {
  const list = (items: readonly string[]): string => items.map((item) => `  - ${item}`).join('\n');
  const switches = SWITCHES.map(
    ({ name, default: value, description }) => `${name} = ${value}: ${description}`,
  );
  return [
    `${rule.id}: ${rule.title}`,
    '',
    `Risk level: ${rule.riskLevel}`,
    `Cloud entity: ${rule.cloudEntity}`,
    `Category: ${rule.category}`,
    '',
    rule.description,
    '',
    'Logic (GSL, read literally beside the sound reading):',
    `  ${rule.logic}`,
    '',
    'Where the language is not documented, the literal reading takes:',
    list(switches),
    '',
    'Remediation:',
    `  Console: ${rule.remediation.console}`,
    `  Terraform: ${rule.remediation.terraform}`,
    `  CLI: ${rule.remediation.cli}`,
    '',
    'References:',
    list(rule.references),
    '',
    'Compliance frameworks:',
    list(rule.complianceFrameworks),
    '',
  ].join('\n');
}
