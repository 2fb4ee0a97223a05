import { jsonText } from '../report/shared/json-text.ts';
import { openStore } from '../store/store.ts';
import type { Command } from './command.ts';
import { EXIT, type ExitCode, write } from './context.ts';
import { printable, table } from './printable.ts';

export const runsCommand: Command = {
  name: 'runs',
  summary: 'List what the store holds',
  examples: [
    ['trustsieve runs --db trustsieve.db', 'every scan, oldest first'],
    ['trustsieve runs --check', 'whether the store is sound: `ok`, or what is wrong with it (exit 2)'],
  ],
  options: (parser) =>
    parser
      .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store' })
      .option('format', { choices: ['text', 'json'] as const, default: 'text', describe: 'output format' })
      .option('check', {
        type: 'boolean',
        default: false,
        describe: 'check the file of the store in full, instead of listing',
      }),
  run: async (args, { stdout }): Promise<ExitCode> => {
    const store = openStore(args['db'] as string, { mode: 'read' });
    try {
      if (args['check'] === true) {
        const damage = store.damage();
        await write(stdout, damage.length === 0 ? 'ok\n' : `${printable(damage.join('\n'))}\n`);
        return damage.length === 0 ? EXIT.done : EXIT.usage;
      }
      const runs = store.listRuns();
      const rows = runs.map((run) => [
        run.id,
        run.startedAt,
        run.asOf,
        run.status,
        run.files,
        run.records,
        run.toolVersion,
      ]);
      const header = ['run', 'started', 'as of', 'status', 'files', 'records', 'version'];
      await write(stdout, args['format'] === 'json' ? `${jsonText(runs, 2)}\n` : table(header, rows));
      return EXIT.done;
    } finally {
      store.close();
    }
  },
};
