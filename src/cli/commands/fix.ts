import { TrustsieveError } from '../../errors.ts';
import { openScopedReport } from '../../history/report/scoped-report.ts';
import { isExternalId, MAX_EXTERNAL_ID } from '../../iam/grammars.ts';
import type { ReportSource, StoredVerdict } from '../../model/report-source.ts';
import { missingOf, standingWords } from '../../report/shared/missing.ts';
import { D9_AWS_IAM_99 } from '../../rules/d9-aws-iam-99/rule.ts';
import { openScannedStore } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import { jsonText } from '../../text/json-text.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { FixFolder } from '../fix/fix-folder.ts';
import { type FixSettings, openFixer, type RoleFix } from '../fix/fix-role.ts';
import { fixSummary } from '../fix/fix-summary.ts';
import { fixLine, fixObject, fixText } from '../fix/fix-text.ts';
import { writeGuardrails } from '../fix/write-guardrails.ts';
import { STORE_OPTION, TEXT_OPTION } from '../input/arguments.ts';
import { roleArgument } from '../input/role.ts';
import { exitAfter, exitWith } from '../output/missing.ts';
import { type Screen, screenOf, sectionsText } from '../output/screen.ts';
import { unlessUnread } from '../output/standard-output.ts';

const POSITIONALS = {
  role: {
    type: 'string',
    array: true,
    describe: 'ARNs of roles, or names that only one role of the store has (default: all that fail)',
  },
} as const satisfies Specs;

const OPTIONS = {
  ...STORE_OPTION,
  ...TEXT_OPTION,
  out: { type: 'string', describe: 'write the proposals into this new folder' },
  guard: {
    choices: ['mfa', 'external-id'],
    describe: 'ask for this guard wherever possible (default: the one that suits the caller)',
  },
  'external-id': {
    type: 'string',
    describe: 'the external ID to ask for (default: a placeholder)',
  },
  'generate-external-id': {
    type: 'boolean',
    default: false,
    describe: 'make up a random external ID for each pair of accounts',
  },
} as const satisfies Specs;

type FixArguments = ArgumentsOf<typeof POSITIONALS & typeof OPTIONS>;

export const fixCommand = defineCommand({
  name: 'fix [role..]',
  summary: 'Propose amended trust policies for failing roles; applies nothing',
  examples: [
    ['trustsieve fix', 'every failing role of the store: differences, commands, Terraform'],
    ['trustsieve fix arn:aws:iam::111122223333:role/Partner --generate-external-id', 'one role'],
    ['trustsieve fix --out proposals/', 'a file for each role, with a script and a Terraform configuration'],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: fix,
});

async function fix(args: FixArguments, context: CliContext): Promise<ExitCode> {
  const settings = settingsOf(args);
  const store = openScannedStore(args.db);
  try {
    const source = openScopedReport(store, {});
    const arns = (args.role ?? []).map((word) => roleArgument(word, store.reader, source, context));
    // A list of all that fail is as complete as the evidence; a role that was named is shown as it is known.
    const missing = arns.length === 0 ? missingOf(source) : null;
    const standing = missing === null ? null : standingWords(missing);
    const fixer = openFixer(store.reader.relations(), settings);
    const out = args.out;
    const folder = out === undefined ? null : await FixFolder.open(out, standing);
    const json = args.format === 'json';
    const screen = screenOf(context);
    if (!json) {
      const text = fixSummary(fixesOf(selected(source, arns), fixer), screen);
      // The folder is the product then.
      const print = (): Promise<void> => write(context.stdout, text);
      await (folder === null ? print() : unlessUnread(print));
    }
    const counts = await writeFixes(selected(source, arns), fixer, folder, json, screen, context);
    // A policy for a whole organisation is proposed to whoever asks for all that fails.
    let written = counts.roles;
    if (arns.length === 0) {
      const print = (text: string): Promise<void> => write(context.stdout, text);
      written += await writeGuardrails(store, { json, folder, screen, print, written });
    }
    if (json) await write(context.stdout, written === 0 ? ']\n' : '\n]\n');
    await folder?.close();
    if (!json) {
      await unlessUnread(() =>
        write(
          context.stdout,
          `\n${standing === null ? '' : `${screen.fitLine(standing)}\n`}${screen.fitLine(totals(counts, out))}\n`,
        ),
      );
    }
    const exit = missing === null ? exitAfter(source, context) : exitWith(missing, !json, context);
    return counts.refused > 0 ? EXIT.incomplete : exit;
  } finally {
    store.close();
  }
}

function* fixesOf(verdicts: Iterable<StoredVerdict>, fixer: ReturnType<typeof openFixer>): Iterable<RoleFix> {
  for (const verdict of verdicts) yield fixer(verdict);
}

/** Roles by what came of them. */
interface ProposalCounts {
  readonly proposed: number;
  readonly refused: number;
  readonly unneeded: number;
  /** All of them. */
  readonly roles: number;
}

async function writeFixes(
  verdicts: Iterable<StoredVerdict>,
  fixer: ReturnType<typeof openFixer>,
  folder: FixFolder | null,
  json: boolean,
  screen: Screen,
  { stdout }: CliContext,
): Promise<ProposalCounts> {
  const counts = { proposed: 0, refused: 0, unneeded: 0 };
  let written = 0;
  if (json) await write(stdout, '[');
  for (const verdict of verdicts) {
    const fixed = fixer(verdict);
    if (fixed.remediation === null) counts.unneeded++;
    else if (fixed.remediation.refused === null) counts.proposed++;
    else counts.refused++;
    const file = folder === null ? null : await folder.add(fixed);
    const separator = written++ === 0 ? '' : json ? ',' : folder === null ? '\n' : '';
    const text = json
      ? `\n${jsonText({ ...fixObject(fixed), ...(file !== null && { file }) })}`
      : folder === null
        ? sectionsText(fixText(fixed), screen)
        : `${screen.fitLine(fixLine(fixed, file))}\n`;
    const print = (): Promise<void> => write(stdout, separator + text);
    // The folder is the product then.
    await (folder === null ? print() : unlessUnread(print));
  }
  return { ...counts, roles: written };
}

/** The roles named, or all that fail, in a stable order; names are looked up before anything is written. */
function selected(source: ReportSource, arns: readonly string[]): Iterable<StoredVerdict> {
  const rule = D9_AWS_IAM_99.id;
  if (arns.length === 0) return source.verdicts({ outcomes: ['fail'], rule });
  return [...new Set(arns)].sort().flatMap((arn) => [...source.verdicts({ arn, rule })]);
}

function settingsOf(args: FixArguments): FixSettings {
  const externalId = args.externalId ?? null;
  const generate = args.generateExternalId;
  if (externalId !== null && generate)
    throw new TrustsieveError('usage', 'give either --external-id or --generate-external-id');
  if (externalId !== null && !isExternalId(externalId)) {
    throw new TrustsieveError(
      'usage',
      `\`${externalId}\` cannot be an external ID: it takes 2 to ${MAX_EXTERNAL_ID} letters, digits and _+=,.@:/-`,
    );
  }
  return { guard: args.guard ?? null, externalId, generate };
}

function totals(
  { proposed, refused, unneeded }: Omit<ProposalCounts, 'roles'>,
  out: string | undefined,
): string {
  const parts = [
    counted(proposed, 'proposal'),
    `${refused} without`,
    ...(unneeded > 0 ? [counted(unneeded, 'needs no change', 'need no change')] : []),
  ];
  return `${parts.join(', ')}; nothing was applied${out === undefined ? '' : `, see apply.sh and main.tf in ${out}`}`;
}
