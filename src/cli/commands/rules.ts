import { TrustsieveError } from '../../errors.ts';
import { SWITCHES } from '../../gsl/switches.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import { controlGroups, FIT_MEANING, RISK_LEVEL_MEANING } from '../../report/shared/controls.ts';
import type { FurtherRule } from '../../rules/custom/further-rule.ts';
import { RULES } from '../../rules/index.ts';
import { counted } from '../../text/counted.ts';
import { displayWidth } from '../../text/display-width.ts';
import { jsonText } from '../../text/json-text.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { TEXT_OPTION } from '../input/arguments.ts';
import { describeProblem, type RuleFile, readRuleFiles, usableRules } from '../input/rule-files.ts';
import { type Screen, screenOf } from '../output/screen.ts';
import { table } from '../output/table.ts';

const POSITIONALS = {
  action: {
    choices: ['list', 'show', 'check'],
    demandOption: true,
    describe: 'what to do',
  },
  names: {
    type: 'string',
    array: true,
    describe: 'rule id, for show; rule files, for check',
  },
} as const satisfies Specs;

const OPTIONS = {
  rules: { type: 'string', array: true, describe: 'rule files whose rules to list as well' },
  ...TEXT_OPTION,
} as const satisfies Specs;

type RulesArguments = ArgumentsOf<typeof POSITIONALS & typeof OPTIONS>;

export const rulesCommand = defineCommand({
  name: 'rules <action> [names..]',
  summary: 'List the rules, show one in full, or check rule files',
  examples: [
    ['trustsieve rules list', 'every rule in one line'],
    ['trustsieve rules show D9.AWS.IAM.99', 'logic, remediation, references, frameworks'],
    ['trustsieve rules check company.yaml', 'every mistake in a rule file, with its place'],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: rules,
});

async function rules(args: RulesArguments, context: CliContext): Promise<ExitCode> {
  const names = args.names ?? [];
  const json = args.format === 'json';
  if (args.action === 'check') return check(names, json, context);
  const files = args.rules ?? [];
  const further = await usableRules(files, context);
  const known: readonly RuleMetadata[] = [...RULES, ...further.map(({ metadata }) => metadata)];
  if (args.action === 'list') {
    if (names.length > 0)
      throw new TrustsieveError('usage', '`rules list` takes no rule id; use `rules show`');
    const rows = known.map((rule) => [rule.id, rule.riskLevel, rule.cloudEntity, rule.title]);
    await write(context.stdout, json ? `${jsonText(known, 2)}\n` : listText(rows, screenOf(context)));
    return EXIT.done;
  }
  const [id, ...more] = names;
  if (id === undefined || more.length > 0)
    throw new TrustsieveError('usage', 'name one rule: `rules show D9.AWS.IAM.99`');
  const rule = known.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (rule === undefined)
    throw new TrustsieveError('not-found', `there is no rule \`${id}\`; see \`rules list\``);
  const unjudged = further.find(({ metadata }) => metadata === rule)?.unjudged ?? null;
  await write(
    context.stdout,
    json ? `${jsonText(rule, 2)}\n` : describe(rule, !RULES.includes(rule), unjudged, screenOf(context)),
  );
  return EXIT.done;
}

function listText(rows: readonly (readonly string[])[], { isTerminal, paint, width }: Screen): string {
  return table(['rule', 'risk level', 'entity', 'title'], rows, {
    ...(isTerminal && { width, cut: [3] }),
    paintTitle: (title) => paint('heading', title),
  });
}

/** Prints what is wrong with rule files, and what is never judged; exit 2 when a rule could not be used. */
async function check(paths: readonly string[], json: boolean, context: CliContext): Promise<ExitCode> {
  if (paths.length === 0) throw new TrustsieveError('usage', 'name a rule file: `rules check company.yaml`');
  const files = await readRuleFiles(paths, null);
  const hasErrors = files.some(({ problems }) => problems.some(({ severity }) => severity === 'error'));
  const text = json ? `${jsonText(files.map(asJson), 2)}\n` : describeFiles(files, screenOf(context));
  await write(context.stdout, text);
  return hasErrors ? EXIT.usage : EXIT.done;
}

function asJson({ path, count, repeated, rules: usable, problems }: RuleFile): unknown {
  const rules = usable.map(({ metadata, kind, unjudged }) => ({ id: metadata.id, entity: kind, unjudged }));
  return { path, count, repeated, rules, problems };
}

function describeFiles(files: readonly RuleFile[], { fitLine }: Screen): string {
  const lines: string[] = [];
  const sums = { rules: 0, usable: 0, judged: 0, repeated: 0, error: 0, warning: 0 };
  for (const { path, problems, rules: usable, count, repeated } of files) {
    for (const problem of problems) {
      sums[problem.severity]++;
      lines.push(describeProblem(path, problem, fitLine));
    }
    sums.rules += count;
    sums.repeated += repeated;
    sums.usable += usable.length;
    sums.judged += usable.filter(({ unjudged }) => unjudged === null).length;
    for (const [reason, ids] of idsByReason(usable)) {
      const named = ids.slice(0, NAMED).join(', ');
      const others = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
      lines.push(`${fitLine(`${path}: never judged: ${reason}: ${named}${others}`)}\n`);
    }
  }
  const left = sums.repeated === 0 ? '' : `, ${sums.repeated} left out as given elsewhere`;
  lines.push(
    `${fitLine(
      `${counted(sums.rules, 'rule')}: ${sums.usable} without errors, of which ${sums.judged} can be judged on IAM evidence` +
        `${left}; ${counted(sums.error, 'error')}, ${counted(sums.warning, 'warning')}`,
    )}\n`,
  );
  return lines.join('');
}

/** Rules named for each reason; `--format json` names all. */
const NAMED = 5;

function idsByReason(rules: readonly FurtherRule[]): ReadonlyMap<string, readonly string[]> {
  const byReason = new Map<string, string[]>();
  for (const { unjudged, metadata } of rules) {
    if (unjudged === null) continue;
    const ids = byReason.get(unjudged);
    if (ids === undefined) byReason.set(unjudged, [metadata.id]);
    else ids.push(metadata.id);
  }
  return new Map([...byReason].sort(([, a], [, b]) => b.length - a.length));
}

/** What of an organisation's policies the verdict that counts goes by, and what not. */
const COVERED: readonly string[] = [
  'resource control policies on the path of the account are judged together with the trust policy, where evidence of the organisation shows all of them with their text',
  'who belongs to the organisation decides aws:PrincipalOrgID and aws:PrincipalOrgPaths, where it is known',
  'not covered: roles of the management account and service-linked roles, which no resource control policy touches',
  'not judged: service control policies of the other account, which bind its own principals only',
];

/** Which controls are tied to the rule, by whom, and how well they fit. */
function controlLines(rule: RuleMetadata, { isTerminal, width }: Screen): readonly string[] {
  if (rule.controls.length === 0) return [];
  const rows = controlGroups(rule).map(({ framework, ids, fit, source }) => [
    framework,
    ids.join(', '),
    fit,
    source,
  ]);
  const fits = Object.entries(FIT_MEANING).map(([fit, meaning]) => `  ${fit}: ${meaning}`);
  const lines = table(['framework', 'controls', 'fit', 'source'], rows).trimEnd().split('\n');
  const fitsIn = !isTerminal || lines.every((line) => displayWidth(line) <= width);
  const sentences = rows.map(
    ([framework, ids, fit, source]) => `  - ${framework}: ${ids} (${fit}; ${source})`,
  );
  return ['', 'Controls that public sources tie to this rule:', ...(fitsIn ? lines : sentences), ...fits];
}

function describe(rule: RuleMetadata, isFurther: boolean, unjudged: string | null, screen: Screen): string {
  const list = (items: readonly string[]): string =>
    items.length === 0 ? '  none' : items.map((item) => `  - ${item}`).join('\n');
  const { console: steps, terraform, cli } = rule.remediation;
  const switches = SWITCHES.map(
    ({ name, default: value, description }) => `${name} = ${value}: ${description}`,
  );
  const lines = [
    `${rule.id}: ${rule.title}`,
    '',
    `Risk level: ${rule.riskLevel}`,
    `  ${RISK_LEVEL_MEANING}`,
    `Cloud entity: ${rule.cloudEntity}`,
    `Category: ${rule.category}`,
    ...(unjudged === null ? [] : [`Never judged: ${unjudged}`]),
    '',
    rule.description,
    ...(isFurther ? [] : ['', 'Organisation guardrails:', list(COVERED)]),
    '',
    isFurther ? 'Logic (GSL):' : 'Logic (GSL, read literally beside the sound reading):',
    `  ${rule.logic}`,
    '',
    `Where the language is not documented, ${isFurther ? 'it is taken as follows' : 'the literal reading takes'}:`,
    list(switches),
    '',
    'Remediation:',
    ...(isFurther ? [`  ${steps}`] : [`  Console: ${steps}`, `  Terraform: ${terraform}`, `  CLI: ${cli}`]),
    '',
    'References:',
    list(rule.references),
    '',
    'Compliance frameworks:',
    list(rule.complianceFrameworks),
    ...controlLines(rule, screen),
  ];
  // The text of a rule file may have line breaks; nothing else in it reaches the terminal as it is.
  return lines.map((line) => `${line.split(/\r?\n/).map(screen.fitLine).join('\n')}\n`).join('');
}
