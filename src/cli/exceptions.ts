import { existsSync } from 'node:fs';
import { TrustsieveError } from '../errors.ts';
import { formatTime } from '../formats/times.ts';
import { openExceptions } from '../history/exceptions.ts';
import { openReport } from '../history/report-source.ts';
import { jsonText } from '../report/shared/json-text.ts';
import { openStore } from '../store/store.ts';
import type { ExceptionRow } from '../store/types.ts';
import { timeArgument } from './arguments.ts';
import type { Arguments, Command } from './command.ts';
import { type CliContext, EXIT, type ExitCode, write } from './context.ts';
import { readExceptionFile } from './exception-files.ts';
import { printable, table } from './printable.ts';

const DEFAULT_STORE = 'trustsieve.db';

export const exceptionsCommand: Command = {
  name: 'exceptions <action> <file>',
  summary: 'Check an exceptions file: expired, expiring, unused and over-broad entries',
  examples: [
    ['trustsieve exceptions check exceptions.yaml', 'against the store, as of now'],
    ['trustsieve exceptions check exceptions.yaml --as-of 2026-12-31', 'what will have expired by then'],
    [
      'trustsieve exceptions check exceptions.yaml --format json',
      'for programs; exit 1 when an entry needs work',
    ],
  ],
  options: (parser) =>
    parser
      .positional('action', { choices: ['check'] as const, demandOption: true, describe: 'what to do' })
      .positional('file', { type: 'string', demandOption: true, describe: 'the exceptions, YAML or JSON' })
      .option('db', {
        type: 'string',
        describe: `the store whose findings they accept (default: ${DEFAULT_STORE}, if there is one)`,
      })
      .option('as-of', { type: 'string', describe: 'the moment to judge against (default: now)' })
      .option('format', {
        choices: ['text', 'json'] as const,
        default: 'text' as const,
        describe: 'output format',
      }),
  run: exceptions,
};

/** What a check found. Without a store nothing is said of use. */
interface Check {
  readonly asOf: string;
  readonly store: string | null;
  readonly entries: readonly ExceptionRow[];
}

async function exceptions(args: Arguments, { stdout }: CliContext): Promise<ExitCode> {
  const path = args['file'] as string;
  const asOf = timeArgument('as-of', args['asOf'] as string | undefined) ?? now();
  const { entries, problems } = await readExceptionFile(path);
  if (problems.length > 0) {
    for (const problem of problems) await write(stdout, `${printable(`${path}: ${problem}`)}\n`);
    throw new TrustsieveError('configuration-invalid', `\`${path}\` has ${problems.length} errors`);
  }
  const store = (args['db'] as string | undefined) ?? (existsSync(DEFAULT_STORE) ? DEFAULT_STORE : null);
  const check: Check = { asOf, store, entries: standings(store, entries, asOf) };
  await write(stdout, args['format'] === 'json' ? checkJson(check) : checkText(check));
  const { expired, unused, overBroad } = groups(check);
  return expired.length + unused.length + overBroad.length > 0 ? EXIT.gate : EXIT.done;
}

function standings(
  path: string | null,
  entries: Parameters<typeof openExceptions>[0],
  asOf: string,
): readonly ExceptionRow[] {
  if (path === null) return openExceptions(entries, asOf).standings([]);
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

function checkText(check: Check): string {
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
      : [`\n${title}\n`, ...listed.map((entry) => `  ${printable(what(entry))}\n`)];
  };
  return [
    table(['id', 'status', 'expires', 'findings', 'owner', 'reason'], rows),
    ...list(
      'expired, so they accept nothing:',
      found.expired,
      ({ id, expires, findings }) =>
        `${id}: since ${expires}${findings > 0 ? `; ${findings} findings are open again` : ''}`,
    ),
    ...list('expiring within 30 days:', found.expiring, ({ id, expires }) => `${id}: on ${expires}`),
    ...list('unused, because they cover no finding:', found.unused, ({ id, partly }) =>
      partly === 0 ? id : `${id}: ${partly} findings have further ways in, which it does not accept`,
    ),
    ...list('over-broad:', found.overBroad, ({ id, overBroad }) => `${id}: ${overBroad.join('; ')}`),
    `\n${entries.length} exceptions as of ${asOf}: ${found.expired.length} expired, ${found.expiring.length} expiring, `,
    store === null
      ? `${found.overBroad.length} over-broad; without a store nothing is known of their use\n`
      : `${found.unused.length} unused, ${found.overBroad.length} over-broad\n`,
  ].join('');
}

function now(): string {
  return formatTime(Math.floor(Date.now() / 1000) * 1000);
}
