import { openScopedReport } from '../../history/report/scoped-report.ts';
import type { DisagreementRow } from '../../model/completeness.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { disagreementSentence } from '../../report/shared/disagreement.ts';
import { openScannedStore } from '../../store/index.ts';
import { jsonText } from '../../text/json-text.ts';
import { defineCommand, type Specs } from '../command.ts';
import { type ExitCode, write } from '../context.ts';
import { openFixer } from '../fix/fix-role.ts';
import { STORE_OPTION, TEXT_OPTION } from '../input/arguments.ts';
import { exceptionsArgument } from '../input/exception-files.ts';
import { roleArgument } from '../input/role.ts';
import { commandLine } from '../output/command-line.ts';
import { explanation } from '../output/explanation.ts';
import { say } from '../output/messages.ts';
import { exitAfter } from '../output/missing.ts';
import { screenOf, sectionsText } from '../output/screen.ts';

const POSITIONALS = {
  role: {
    type: 'string',
    demandOption: true,
    describe: 'ARN of the role, or its name where only one role of the store has it',
  },
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
  name: 'explain <role>',
  summary: 'Say why a role has its verdict: statements, ways in, proof, both readings and fix',
  examples: [
    ['trustsieve explain arn:aws:iam::111122223333:role/Partner', 'one role of the store'],
    ['trustsieve explain Partner', 'the same, where no other role has this name'],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: async (args, context): Promise<ExitCode> => {
    const { stdout } = context;
    const screen = screenOf(context);
    const exceptions = await exceptionsArgument(args.exceptions, context);
    const store = openScannedStore(args.db);
    try {
      const source = openScopedReport(store, { ...(exceptions !== undefined && { exceptions }) });
      const arn = roleArgument(args.role, store.reader, source, context);
      const fixOf = openFixer(store.reader.relations(), { guard: null, externalId: null, generate: false });
      const disagreements: DisagreementRow[] = [];
      for (const row of source.disagreements()) if (row.arn === arn) disagreements.push(row);
      const fixCommand = (object: VerdictObject): string =>
        commandLine(['fix', object.arn], args.db, context) ?? 'trustsieve fix, with the ARN above';
      const sources = { accepted: source.accepted, disagreements, fixOf, fixCommand };
      let found = 0;
      for (const verdict of source.verdicts({ arn })) {
        if (found++ > 0) await write(stdout, '\n');
        await write(
          stdout,
          args.format === 'json'
            ? `${jsonText(verdict.object, 2)}\n`
            : sectionsText(explanation(verdict, sources), screen),
        );
      }
      if (args.format === 'json') {
        for (const row of disagreements) say('warning', disagreementSentence(row), context);
      }
      return exitAfter(source, context);
    } finally {
      store.close();
    }
  },
});
