import { openScopedReport } from '../../history/report/scoped-report.ts';
import type { DisagreementRow } from '../../model/completeness.ts';
import { disagreementSentence } from '../../report/shared/disagreement.ts';
import { openScannedStore } from '../../store/index.ts';
import { visible } from '../../text/hidden-characters.ts';
import { jsonText } from '../../text/json-text.ts';
import { defineCommand, type Specs } from '../command.ts';
import { type ExitCode, write } from '../context.ts';
import { openFixer } from '../fix/fix-role.ts';
import { STORE_OPTION, TEXT_OPTION, unknownRole } from '../input/arguments.ts';
import { exceptionsArgument } from '../input/exception-files.ts';
import { explanation } from '../output/explanation.ts';
import { exitAfter } from '../output/missing.ts';

const POSITIONALS = {
  'role-arn': { type: 'string', demandOption: true, describe: 'ARN of the role' },
} as const satisfies Specs;

const OPTIONS = {
  ...STORE_OPTION,
  exceptions: {
    type: 'string',
    describe: 'accepted findings (YAML), instead of those the scan was given',
  },
  ...TEXT_OPTION,
} as const satisfies Specs;

export const explainCommand = defineCommand({
  name: 'explain <role-arn>',
  summary: 'Say why a role has its verdict: statements, ways in, proof, both readings and fix',
  examples: [['trustsieve explain arn:aws:iam::111122223333:role/Partner', 'one role of the store']],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: async (args, context): Promise<ExitCode> => {
    const { stdout, stderr } = context;
    const arn = args.roleArn;
    const exceptions = await exceptionsArgument(args.exceptions, (text) => stderr.write(text));
    const store = openScannedStore(args.db);
    try {
      const source = openScopedReport(store, { ...(exceptions !== undefined && { exceptions }) });
      const fixOf = openFixer(store.reader.relations(), { guard: null, externalId: null, generate: false });
      const disagreements: DisagreementRow[] = [];
      for (const row of source.disagreements()) if (row.arn === arn) disagreements.push(row);
      let found = 0;
      for (const verdict of source.verdicts({ arn })) {
        if (found++ > 0) await write(stdout, '\n');
        await write(
          stdout,
          args.format === 'json'
            ? `${jsonText(verdict.object, 2)}\n`
            : explanation(verdict, { accepted: source.accepted, disagreements, fixOf }),
        );
      }
      if (found === 0) {
        throw unknownRole(arn);
      }
      if (args.format === 'json') {
        for (const row of disagreements) stderr.write(`${visible(disagreementSentence(row))}\n`);
      }
      return exitAfter(source.interrupted, context);
    } finally {
      store.close();
    }
  },
});
