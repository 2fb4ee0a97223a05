import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { MAX_INPUT } from '../../api/input.ts';
import { TrustsieveError } from '../../errors.ts';
import { isNamedPipe, openWithoutWaiting, streamOf } from '../../evidence/pipe.ts';
import { NO_RELATIONS } from '../../model/relations.ts';
import { checkPagePlace, writeCheckPage } from '../check-page/write.ts';
import { Checker, isError, print } from '../checker.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { readAccountRelations } from '../input/account-files.ts';
import { ACCOUNT_OPTIONS, accountArgument, timeArgument } from '../input/arguments.ts';
import { type Line, LineSplitter } from '../input/lines.ts';
import { endableBySignal } from '../signals.ts';

const POSITIONALS = {
  file: { type: 'string', describe: 'a file, or - for standard input (default: -)' },
} as const satisfies Specs;

const OPTIONS = {
  ndjson: {
    type: 'boolean',
    default: false,
    describe: 'read one {"id"?, "account", "partition"?, "trust"} per line and print one verdict per line',
  },
  account: {
    type: 'string',
    describe: 'the account that owns the role, where the input does not name it',
  },
  ...ACCOUNT_OPTIONS,
  'as-of': { type: 'string', describe: 'the moment for which the verdict is given (default: now)' },
  html: {
    type: 'string',
    describe:
      'write a page that judges pasted policies offline; where a file or - is named, the page opens with that policy, and its verdict is printed too',
  },
} as const satisfies Specs;

type CheckArguments = ArgumentsOf<typeof POSITIONALS & typeof OPTIONS>;

export const checkCommand = defineCommand({
  name: 'check [file]',
  summary: 'Judge one trust policy, or a stream of them, without a store',
  examples: [
    ['trustsieve check trust.json --account 111122223333', 'one policy; prints its verdict object'],
    [
      'cat policies.ndjson | trustsieve check --ndjson -',
      'one {"id", "account", "partition", "trust"} per line',
    ],
    ['trustsieve check --html check.html', 'a page that judges pasted policies offline'],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: check,
});

const BATCH = 64 * 1024;
/** Shorter lines take too little time to give signals a thought: 2,048 characters of policy, and what is around it. */
const ORDINARY = 3_000;

async function check(args: CheckArguments, context: CliContext): Promise<ExitCode> {
  const account = accountArgument(args.account);
  const given = timeArgument('as-of', args.asOf);
  const named = args.file;
  const html = args.html;
  await checkPagePlace(args);
  const relations = (await readAccountRelations(args.accounts, args.knownAccounts)) ?? NO_RELATIONS;
  const settings = { account, relations, asOf: given };
  if (html !== undefined && named === undefined) {
    await writeCheckPage(html, null, settings);
    return EXIT.done;
  }
  const file = named ?? '-';
  const input = await openInput(file, context.stdin);
  const checker = new Checker(account, { relations, asOf: given ?? new Date().toISOString() });
  if (args.ndjson === true) return checkLines(input, checker, context);
  const text = await readWhole(input, file);
  const checked = endableBySignal(() => checker.single(text, file));
  if (html !== undefined) await writeCheckPage(html, { text, verdict: checked.verdict }, settings);
  await write(context.stdout, `${print(checked, 2)}\n`);
  return isError(checked) ? EXIT.incomplete : EXIT.done;
}

async function checkLines(input: Readable, checker: Checker, context: CliContext): Promise<ExitCode> {
  let exit: ExitCode = EXIT.done;
  let pending = '';
  const take = (line: Line): void => {
    const checked =
      line.text.length > ORDINARY ? endableBySignal(() => checker.line(line)) : checker.line(line);
    if (isError(checked)) exit = EXIT.incomplete;
    pending += `${print(checked)}\n`;
  };
  const splitter = new LineSplitter(MAX_INPUT);
  for await (const chunk of input) {
    for (const line of splitter.push(chunk as Buffer)) {
      take(line);
      if (pending.length >= BATCH) {
        await write(context.stdout, pending);
        pending = '';
      }
    }
  }
  for (const line of splitter.end()) take(line);
  await write(context.stdout, pending);
  return exit;
}

async function openInput(file: string, stdin: Readable): Promise<Readable> {
  if (file === '-') return stdin;
  try {
    const stats = await stat(file);
    if (stats.isDirectory())
      throw new TrustsieveError('file-unreadable', `\`${file}\` is a folder; name a file, or use scan`);
  } catch (cause) {
    if (cause instanceof TrustsieveError) throw cause;
    throw new TrustsieveError('file-not-found', `there is no file \`${file}\``, { cause });
  }
  if (await isNamedPipe(file)) return streamOf(await openWithoutWaiting(file));
  return createReadStream(file, { highWaterMark: 1 << 20 });
}

async function readWhole(input: Readable, file: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_INPUT) {
      throw new TrustsieveError('usage', `\`${file}\` is larger than any trust policy; use scan for exports`);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}
