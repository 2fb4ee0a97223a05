import { readFile } from 'node:fs/promises';
import { TrustsieveError } from '../../errors.ts';
import { readKey, signaturePath } from '../../manifest/signature.ts';
import {
  type Check,
  type CheckKind,
  type CheckState,
  type VerifyOptions,
  verifyManifest,
} from '../../manifest/verify.ts';
import { RULES } from '../../rules/index.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { optionFile } from '../input/option-file.ts';
import { say, sayOutcome } from '../output/messages.ts';
import { screenOf } from '../output/screen.ts';
import { table } from '../output/table.ts';

const POSITIONALS = {
  manifest: { type: 'string', demandOption: true, describe: 'the manifest' },
} as const satisfies Specs;

const OPTIONS = {
  key: { type: 'string', describe: 'the public Ed25519 key (PEM) of whoever must have signed the manifest' },
  base: {
    type: 'string',
    default: '.',
    describe: 'the folder that the paths in the manifest start from',
  },
} as const satisfies Specs;

type VerifyArguments = ArgumentsOf<typeof POSITIONALS & typeof OPTIONS>;

export const verifyCommand = defineCommand({
  name: 'verify <manifest>',
  summary: 'Hash evidence and reports again and compare the digests with those in a manifest',
  examples: [
    ['trustsieve verify report.html.manifest.json', 'in the folder from which the scan was run'],
    ['trustsieve verify report.html.manifest.json --key public.pem', 'and the signature'],
    ['trustsieve verify manifest.json --base /mnt/audit', 'evidence that was moved'],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: verify,
});

const KINDS: readonly CheckKind[] = [
  'manifest',
  'signature',
  'output',
  'evidence',
  'evidence-digest',
  'configuration',
  'rule',
  'previous',
];
const STATES: readonly CheckState[] = ['match', 'differs', 'missing', 'unchecked'];

async function verify(args: VerifyArguments, context: CliContext): Promise<ExitCode> {
  const path = args.manifest;
  const envelope = await readFile(signaturePath(path), 'utf8').catch(() => null);
  const keyFile = args.key;
  const key = keyFile === undefined ? null : readKey('public', await optionFile('key', keyFile), keyFile);
  const signature: VerifyOptions['signature'] = key === null ? null : { key, envelope };
  const screen = screenOf(context);
  const counts = new Map<string, number>();
  let digest: string | null = null;
  const checks = verifyManifest(path, { base: args.base, signature, rules: RULES });
  for await (const check of openable(checks, path)) {
    const kind = `${check.kind} ${check.state}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (check.state !== 'match') await write(context.stdout, `${screen.fitLine(line(check))}\n`);
    else if (check.kind === 'evidence-digest') digest = check.name;
  }
  const rows = KINDS.map((kind) => [kind, ...STATES.map((state) => counts.get(`${kind} ${state}`) ?? 0)]);
  await write(
    context.stdout,
    table(
      ['', ...STATES],
      rows.filter(([, ...numbers]) => numbers.some((n) => n !== 0)),
      { paintTitle: (title) => screen.paint('heading', title) },
    ),
  );
  if (digest !== null) await write(context.stdout, `evidence digest ${digest}\n`);
  if (key === null) {
    const note =
      envelope === null ? 'the manifest is not signed' : 'the signature was not checked: give --key';
    say('note', note, context);
  }
  const isSound = [...counts.keys()].every((one) => one.endsWith(' match'));
  if (isSound) return EXIT.done;
  sayOutcome('bad', 'not verified (exit 3)', 'not as the manifest says, or not checked in full', context);
  return EXIT.incomplete;
}

function line({ kind, name, state, reason }: Check): string {
  return `${state.toUpperCase()} ${kind} ${name}: ${reason}`;
}

/** The first step opens the manifest. */
async function* openable(checks: AsyncGenerator<Check, void>, path: string): AsyncGenerator<Check, void> {
  try {
    yield* checks;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
    if (code === null) throw cause;
    const known = code === 'ENOENT' ? 'file-not-found' : 'file-unreadable';
    throw new TrustsieveError(known, `cannot read the manifest \`${path}\`: ${code}`, { cause });
  }
}
