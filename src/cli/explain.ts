import { TrustsieveError } from '../errors.ts';
import { openReport } from '../history/report-source.ts';
import { disagreementSentence } from '../report/shared/disagreement.ts';
import { jsonText } from '../report/shared/json-text.ts';
import { openScannedStore } from '../store/scanned-store.ts';
import type { DisagreementRow } from '../store/types.ts';
import type { Command } from './command.ts';
import { type ExitCode, write } from './context.ts';
import { exceptionsArgument } from './exception-files.ts';
import { explanation } from './explanation.ts';
import { openFixer } from './fix-role.ts';
import { exitAfter } from './interrupted.ts';
import { printable } from './printable.ts';

export const explainCommand: Command = {
  name: 'explain <role-arn>',
  summary: 'Why a role has its verdict: statements, ways in, the proof, both readings, the fix',
  examples: [['trustsieve explain arn:aws:iam::111122223333:role/Partner', 'one role of the store']],
  options: (parser) =>
    parser
      .positional('role-arn', { type: 'string', demandOption: true, describe: 'ARN of the role' })
      .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store' })
      .option('exceptions', {
        type: 'string',
        describe: 'accepted findings (YAML), instead of those the scan was given',
      })
      .option('format', { choices: ['text', 'json'] as const, default: 'text', describe: 'output format' }),
  run: async (args, context): Promise<ExitCode> => {
    const { stdout, stderr } = context;
    const arn = args['roleArn'] as string;
    const exceptions = await exceptionsArgument(args['exceptions'] as string | undefined, (text) =>
      stderr.write(text),
    );
    const store = openScannedStore(args['db'] as string);
    try {
      const source = openReport(store, {
        asOf: store.listRuns().at(-1)?.asOf ?? '',
        ...(exceptions !== undefined && { exceptions }),
      });
      const fixOf = openFixer(store.relations(), { guard: null, externalId: null, generate: false });
      const disagreements: DisagreementRow[] = [];
      for (const row of source.disagreements()) if (row.arn === arn) disagreements.push(row);
      let found = 0;
      for (const verdict of source.verdicts({ arn })) {
        if (found++ > 0) await write(stdout, '\n');
        await write(
          stdout,
          args['format'] === 'json'
            ? `${jsonText(verdict.object, 2)}\n`
            : explanation(verdict, { accepted: source.accepted, disagreements, fixOf }),
        );
      }
      if (found === 0) {
        throw new TrustsieveError(
          'not-found',
          `the store knows no role \`${arn}\` at the latest capture of its account`,
        );
      }
      if (args['format'] === 'json') {
        for (const row of disagreements) stderr.write(`${printable(disagreementSentence(row))}\n`);
      }
      return exitAfter(source.interrupted, context);
    } finally {
      store.close();
    }
  },
};
