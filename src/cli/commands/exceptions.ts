import { existsSync } from 'node:fs';
import { TrustsieveError } from '../../errors.ts';
import { openExceptions } from '../../history/exceptions/exceptions.ts';
import { openReport } from '../../history/report/report.ts';
import { openScopedReport } from '../../history/report/scoped-report.ts';
import type { ExceptionRow } from '../../model/exception.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { formatTime } from '../../model/time.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { exceptionEntry, proposedException } from '../../report/shared/exception-entry.ts';
import { openScannedStore, openStore } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import { jsonText } from '../../text/json-text.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { STORE_OPTION, TEXT_OPTION, timeArgument } from '../input/arguments.ts';
import { readExceptionFile } from '../input/exception-files.ts';
import { roleArgument } from '../input/role.ts';
import { exitAfter } from '../output/missing.ts';
import { type Screen, screenOf } from '../output/screen.ts';
import { table } from '../output/table.ts';

const DEFAULT_STORE = STORE_OPTION.db.default;

const POSITIONALS = {
  action: { choices: ['check', 'propose'], demandOption: true, describe: 'what to do' },
  names: {
    type: 'string',
    array: true,
    describe: 'the exceptions, YAML or JSON, for check; ARNs of failing roles, for propose',
  },
} as const satisfies Specs;

const OPTIONS = {
  db: {
    type: 'string',
    describe: `the store with the findings (default: ${DEFAULT_STORE}, for check if there is one)`,
  },
  'as-of': { type: 'string', describe: 'judge expiry dates as of this moment (default: now)' },
  ...TEXT_OPTION,
} as const satisfies Specs;

type ExceptionsArguments = ArgumentsOf<typeof POSITIONALS & typeof OPTIONS>;

export const exceptionsCommand = defineCommand({
  name: 'exceptions <action> [names..]',
  summary: 'Check an exceptions file for entries that need work, or propose entries for failing roles',
  examples: [
    ['trustsieve exceptions check exceptions.yaml', 'against the store, as of now'],
    ['trustsieve exceptions check exceptions.yaml --as-of 2026-12-31', 'what will have expired by then'],
    [
      'trustsieve exceptions check exceptions.yaml --format json',
      'for programs; exit 1 when an entry needs work',
    ],
    [
      'trustsieve exceptions propose arn:aws:iam::111122223333:role/Partner >> exceptions.yaml',
      'an entry that accepts this finding; reason and end are yours to fill in',
    ],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: exceptions,
});

async function exceptions(args: ExceptionsArguments, context: CliContext): Promise<ExitCode> {
  const names = args.names ?? [];
  if (args.action === 'propose') return propose(names, args, context);
  const [file, ...more] = names;
  if (file === undefined || more.length > 0)
    throw new TrustsieveError('usage', 'name one file: `exceptions check exceptions.yaml`');
  return check(file, args, context);
}

/** Prints entries that would accept what fails of these roles; all are looked up before anything is printed. */
async function propose(
  words: readonly string[],
  { db = DEFAULT_STORE, format }: ExceptionsArguments,
  context: CliContext,
): Promise<ExitCode> {
  if (words.length === 0)
    throw new TrustsieveError(
      'usage',
      'name a role: `exceptions propose arn:aws:iam::111122223333:role/Partner`',
    );
  const store = openScannedStore(db);
  try {
    const source = openScopedReport(store, {});
    const arns = words.map((word) => roleArgument(word, store.reader, source, context));
    const findings = [...new Set(arns)].sort().flatMap((arn) => failing(source, arn));
    const text =
      format === 'json'
        ? `${jsonText(findings.map(proposedException), 2)}\n`
        : findings.map(exceptionEntry).join('\n');
    await write(context.stdout, text);
    return exitAfter(source, context);
  } finally {
    store.close();
  }
}

/** What fails of a role, under each rule. Errors: `not-found` for one that fails nowhere. */
function failing(source: ReportSource, arn: string): readonly VerdictObject[] {
  const found: VerdictObject[] = [];
  for (const { object } of source.verdicts({ arn })) if (object.verdict === 'fail') found.push(object);
  if (found.length > 0) return found;
  throw new TrustsieveError('not-found', `the role \`${arn}\` does not fail, so there is nothing to accept`);
}

/** What a check found. Without a store nothing is said of use. */
interface Check {
  readonly asOf: string;
  readonly store: string | null;
  readonly entries: readonly ExceptionRow[];
}

async function check(path: string, args: ExceptionsArguments, context: CliContext): Promise<ExitCode> {
  const asOf = timeArgument('as-of', args.asOf) ?? now();
  const { entries, problems } = await readExceptionFile(path, null);
  if (problems.length > 0) {
    const { fitLine } = screenOf(context);
    for (const problem of problems) await write(context.stdout, `${fitLine(`${path}: ${problem}`)}\n`);
    throw new TrustsieveError(
      'configuration-invalid',
      `\`${path}\` has ${counted(problems.length, 'error')}`,
    );
  }
  const store = args.db ?? (existsSync(DEFAULT_STORE) ? DEFAULT_STORE : null);
  const found: Check = { asOf, store, entries: exceptionRows(store, entries, asOf) };
  await write(
    context.stdout,
    args.format === 'json' ? checkJson(found) : checkText(found, screenOf(context)),
  );
  const { expired, unused, overBroad } = groups(found);
  return expired.length + unused.length + overBroad.length > 0 ? EXIT.gate : EXIT.done;
}

function exceptionRows(
  path: string | null,
  entries: Parameters<typeof openExceptions>[0],
  asOf: string,
): readonly ExceptionRow[] {
  if (path === null) return openExceptions(entries, asOf).rowsFor([]);
  const store = openStore(path, { mode: 'read' });
  try {
    return openReport(store, { asOf, exceptions: entries }).exceptions();
  } finally {
    store.close();
  }
}

function groups({ entries, store }: Check) {
  const ids = (test: (entry: ExceptionRow) => boolean): readonly string[] =>
    entries.filter(test).map(({ id }) => id);
  return {
    expired: ids(({ status }) => status === 'expired'),
    expiring: ids(({ status }) => status === 'expiring'),
    unused: store === null ? [] : ids(({ findings }) => findings === 0),
    overBroad: ids(({ overBroad }) => overBroad.length > 0),
  };
}

function checkJson(check: Check): string {
  const entries = check.entries.map(
    ({ id, status, expires, findings, partly, overBroad, reason, owner, ticket }) => ({
      id,
      status,
      expires,
      findings: check.store === null ? null : findings,
      partly: check.store === null ? null : partly,
      overBroad,
      reason,
      owner,
      ticket,
    }),
  );
  return `${jsonText({ asOf: check.asOf, ...groups(check), entries }, 2)}\n`;
}

function checkText(check: Check, { fitLine, isTerminal, paint, width }: Screen): string {
  const { asOf, store, entries } = check;
  const found = groups(check);
  const rows = entries.map(({ id, status, expires, findings, owner, reason }) => [
    id,
    status,
    expires,
    store === null ? '' : findings,
    owner ?? '',
    reason,
  ]);
  const list = (
    title: string,
    wanted: readonly string[],
    what: (entry: ExceptionRow) => string,
  ): string[] => {
    const listed = entries.filter(({ id }) => wanted.includes(id));
    return listed.length === 0
      ? []
      : [`\n${paint('heading', title)}\n`, ...listed.map((entry) => `${fitLine(`  ${what(entry)}`)}\n`)];
  };
  const use =
    store === null
      ? `${found.overBroad.length} over-broad; without a store nothing is known of their use`
      : `${found.unused.length} unused, ${found.overBroad.length} over-broad`;
  return [
    table(['id', 'status', 'expires', 'findings', 'owner', 'reason'], rows, {
      ...(isTerminal && { width, cut: [4, 5] }),
      paintTitle: (title) => paint('heading', title),
      paint: (cell, row, column) =>
        column === 1 && entries[row]?.status !== 'active' ? paint('doubtful', cell) : cell,
    }),
    ...list(
      'expired, so they accept nothing:',
      found.expired,
      ({ id, expires, findings }) =>
        `${id}: since ${expires}${findings > 0 ? `; ${counted(findings, 'finding is', 'findings are')} open again` : ''}`,
    ),
    ...list('expiring within 30 days:', found.expiring, ({ id, expires }) => `${id}: on ${expires}`),
    ...list('unused, because they cover no finding:', found.unused, ({ id, partly }) =>
      partly === 0
        ? id
        : `${id}: ${counted(partly, 'finding has', 'findings have')} further ways in, which it does not accept`,
    ),
    ...list('over-broad:', found.overBroad, ({ id, overBroad }) => `${id}: ${overBroad.join('; ')}`),
    `\n${fitLine(`${counted(entries.length, 'exception')} as of ${asOf}: ${found.expired.length} expired, ${found.expiring.length} expiring, ${use}`)}\n`,
  ].join('');
}

function now(): string {
  return formatTime(Math.floor(Date.now() / 1000) * 1000);
}
