import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { evaluateTrustPolicy, undecided } from '../audit/evaluate.ts';
import { VerdictMemo } from '../audit/memo.ts';
import {
  type AccountRelations,
  gradeNotes,
  gradePath,
  gradeSeverity,
  NO_RELATIONS,
  namesExternalId,
} from '../audit/relations.ts';
import { STRANGER_ACCOUNTS, withStranger } from '../audit/strangers.ts';
import type { PolicyVerdict } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import { isNamedPipe, openWithoutWaiting, streamOf } from '../evidence/pipe.ts';
import type { TrustPolicy } from '../formats/record.ts';
import { readTrustPolicy } from '../formats/trust-policy.ts';
import { isAccountId, isPartition, splitArn } from '../iam/arn.ts';
import { type Json, JsonNumber, JsonObject, JsonSyntaxError, parseJson, printJson } from '../iam/json.ts';
import { shownPartition } from '../iam/partitions.ts';
import { jsonText } from '../report/shared/json-text.ts';
import { visible } from '../report/shared/visible.ts';
import { readAccountRelations } from './account-files.ts';
import { accountArgument, timeArgument } from './arguments.ts';
import type { Arguments, Command } from './command.ts';
import { type CliContext, EXIT, type ExitCode, write } from './context.ts';
import { type Line, LineSplitter } from './lines.ts';
import { endableBySignal } from './signals.ts';

export const checkCommand: Command = {
  name: 'check [file]',
  summary: 'Check one trust policy, or a stream of them; no store needed',
  examples: [
    ['trustsieve check trust.json --account 111122223333', 'one policy; prints its verdict object'],
    [
      'cat policies.ndjson | trustsieve check --ndjson -',
      'one {"id", "account", "partition", "trust"} per line',
    ],
  ],
  options: (parser) =>
    parser
      .positional('file', { type: 'string', default: '-', describe: 'a file, or - for standard input' })
      .option('ndjson', {
        type: 'boolean',
        default: false,
        describe: 'read one {"id"?, "account", "partition"?, "trust"} per line, print one verdict per line',
      })
      .option('account', {
        type: 'string',
        describe: 'the account that owns the role, where the input does not say',
      })
      .option('accounts', {
        type: 'string',
        describe: 'own organisation: output of `aws organizations list-accounts`',
      })
      .option('as-of', { type: 'string', describe: 'the moment to judge against (default: now)' })
      .option('known-accounts', { type: 'string', describe: 'names of vendor accounts (YAML)' }),
  run: check,
};

/** Longest line or file taken in; IAM's own limit for a document is 131,072 characters. */
const MAX_INPUT = 8 * 1024 * 1024;
const BATCH = 64 * 1024;
/** Shorter lines take too little time to give signals a thought: 2,048 characters of policy, and what is around it. */
const ORDINARY = 3_000;

async function check(args: Arguments, context: CliContext): Promise<ExitCode> {
  const account = accountArgument(args['account'] as string | undefined);
  const relations =
    (await readAccountRelations(
      args['accounts'] as string | undefined,
      args['knownAccounts'] as string | undefined,
    )) ?? NO_RELATIONS;
  const file = args['file'] as string;
  const input = await openInput(file, context.stdin);
  const asOf = timeArgument('as-of', args['asOf'] as string | undefined) ?? new Date().toISOString();
  const checker = new Checker(account, relations, asOf);
  if (args['ndjson'] === true) return checkLines(input, checker, context);
  const text = await readWhole(input, file);
  const checked = endableBySignal(() => checker.single(text, file));
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

interface Checked {
  /** Echoed as it came in, large numbers and repeated keys included. */
  readonly id: Json | undefined;
  readonly verdict: Readonly<Record<string, unknown>>;
}

function isError({ verdict }: Checked): boolean {
  return verdict['verdict'] === 'error';
}

function print({ id, verdict }: Checked, indent = 0): string {
  const text = jsonText(verdict, indent);
  if (id === undefined) return text;
  const opening = indent === 0 ? '{' : `{\n${' '.repeat(indent)}`;
  return `${opening}"id":${visible(printJson(id))},${text.slice(1)}`;
}

interface Subject {
  readonly id: Json | undefined;
  readonly account: string;
  /** Null: as far as the policy shows it. */
  readonly partition: string | null;
  readonly arn: string | null;
  readonly roleId: string | null;
}

class Checker {
  readonly #account: string | null;
  readonly #relations: AccountRelations;
  readonly #asOf: string;
  readonly #memo = new VerdictMemo();

  constructor(account: string | null, relations: AccountRelations, asOf: string) {
    this.#asOf = asOf;
    this.#account = account;
    this.#relations = relations;
  }

  /** A bare trust policy, or the object that a line of --ndjson holds. */
  single(text: string, file: string): Checked {
    let input: Json;
    try {
      input = parseJson(quoteEncoded(text.replace(/^\uFEFF/, '')));
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      return this.#show(
        null,
        undecided('malformed-input', `The input \`${file}\` is not valid JSON: ${error.message}.`),
      );
    }
    if (input instanceof JsonObject && input.all('trust').length > 0 && input.all('Statement').length === 0) {
      return this.#record(input);
    }
    if (this.#account === null) {
      throw new TrustsieveError('usage', 'say which account owns the role: --account with its 12 digits');
    }
    const policy = readTrustPolicy(printJson(input));
    const subject = { id: undefined, account: this.#account, partition: null, arn: null, roleId: null };
    return this.#show(subject, evaluateTrustPolicy(policy, this.#account), policy);
  }

  /** One line of --ndjson. */
  line({ text: line, problem }: Line): Checked {
    if (problem === 'too-long')
      return this.#malformed(undefined, `the line is longer than ${MAX_INPUT} bytes`);
    if (problem === 'not-utf8') return this.#malformed(undefined, 'the line is not UTF-8 text');
    let input: Json;
    try {
      input = parseJson(line);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      return this.#malformed(undefined, `the line is not valid JSON: ${error.message}`);
    }
    if (!(input instanceof JsonObject)) return this.#malformed(undefined, 'the line is not a JSON object');
    return this.#record(input);
  }

  #record(input: JsonObject): Checked {
    const [id] = input.all('id');
    for (const key of ['id', 'account', 'partition', 'trust', 'arn', 'roleId']) {
      if (input.repeated.has(key)) return this.#malformed(id, `\`${key}\` occurs more than once`);
    }
    const [trust] = input.all('trust');
    const arn = textOf(input, 'arn');
    const account =
      accountOf(input) ?? this.#account ?? (arn === null ? null : (splitArn(arn)?.account ?? null));
    if (account === null) return this.#malformed(id, 'there is no `account`');
    if (!isAccountId(account)) return this.#malformed(id, '`account` is not a string of 12 digits');
    const partition = textOf(input, 'partition');
    if (input.all('partition').some((value) => value !== null) && !isPartition(partition ?? ''))
      return this.#malformed(id, '`partition` is not a partition such as `aws`');
    const ofArn = arn === null ? null : (splitArn(arn)?.partition ?? null);
    if (partition !== null && ofArn !== null && partition !== ofArn)
      return this.#malformed(id, '`partition` contradicts `arn`');
    const subject = {
      id,
      account,
      partition: ofArn ?? partition,
      arn,
      roleId: textOf(input, 'roleId'),
    };
    const policy = readTrustPolicy(trust === undefined ? undefined : printJson(trust));
    const { verdicts } = this.#memo.evaluate(policy, account, subject.partition);
    return this.#show(subject, verdicts[0] as PolicyVerdict, policy);
  }

  /** An account that neither the policy nor a list names. */
  #strangerTo(own: string, policyText: string | null): string | null {
    return (
      STRANGER_ACCOUNTS.find(
        (account) =>
          account !== own && !this.#relations.accounts.has(account) && policyText?.includes(account) !== true,
      ) ?? null
    );
  }

  #malformed(id: Json | undefined, why: string): Checked {
    const subject = id === undefined ? null : { id, account: '', partition: null, arn: null, roleId: null };
    return this.#show(subject, undecided('malformed-input', `The input cannot be used: ${why}.`));
  }

  #show(subject: Subject | null, judged: PolicyVerdict, policy: TrustPolicy | null = null): Checked {
    const own = subject?.account ?? '';
    const text = policy?.state === 'document' ? policy.text : null;
    const verdict = withStranger(judged, text, this.#strangerTo(own, text));
    const paths = verdict.paths.map((path) => gradePath(path, this.#relations));
    const arn = subject?.arn ?? null;
    const roleName = arn === null ? null : arn.slice(arn.lastIndexOf('/') + 1);
    const notes = gradeNotes(verdict, paths, {
      roleName,
      asOf: this.#asOf,
      namesExternalId: namesExternalId(verdict, paths, own, text, this.#relations),
    });
    const shown = {
      rule: verdict.rule,
      account: subject?.account || null,
      partition:
        subject?.partition ?? (policy?.state === 'document' ? shownPartition(policy.text) : null) ?? 'aws',
      arn,
      roleName,
      roleId: subject?.roleId ?? null,
      verdict: verdict.verdict,
      literal: verdict.literal,
      severity: gradeSeverity({ verdict: verdict.verdict, notes }, paths),
      reason: verdict.reason,
      notes,
      message: verdict.message,
      paths,
      witness: verdict.witness,
    };
    return { id: subject?.id, verdict: shown };
  }
}

/** A file may hold the URL-encoded text that the IAM API returns, without quotation marks around it. */
function quoteEncoded(text: string): string {
  return /^\s*%7B/i.test(text) ? JSON.stringify(text.trim()) : text;
}

/** Null when there is none; a text that is no account id when it is of another type. */
function accountOf(object: JsonObject): string | null {
  const [value = null] = object.all('account');
  if (value === null || typeof value === 'string') return value;
  // A number keeps its digits here, so only leading zeros can be missing.
  return value instanceof JsonNumber ? value.text : '';
}

function textOf(object: JsonObject, key: string): string | null {
  const [value] = object.all(key);
  return typeof value === 'string' ? value : null;
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
