import { jsonText } from '../report/shared/json-text.ts';
import { openStore } from '../store/store.ts';
import type { Command } from './command.ts';
import { EXIT, write } from './context.ts';
import { table } from './printable.ts';

export const runsCommand: Command = {
  name: 'runs',
  summary: 'List what the store holds',
  examples: [['trustsieve runs --db trustsieve.db', 'every scan, oldest first']],
  options: (parser) =>
    parser
      .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store' })
      .option('format', { choices: ['text', 'json'] as const, default: 'text', describe: 'output format' }),
  run: async (args, { stdout }) => {
    const store = openStore(args['db'] as string, { mode: 'read' });
    try {
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
