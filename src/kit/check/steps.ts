import { join } from 'node:path';

/** One command line of the program, run in a folder of its own beside the folders `evidence` and `samples`. */
export interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** What standard input holds. */
  readonly input?: string;
  /** What it prints hangs on the clock: then only its exit code is compared. */
  readonly isTimed?: boolean;
}

/** What decides which commands and formats there are: their own help. */
export interface Offered {
  readonly reports: readonly string[];
  readonly shells: readonly string[];
  readonly hasCheckPage: boolean;
}

const STORE = ['--db', 'store.db'];
const AS_OF = ['--as-of', '2026-05-01T00:00:00Z'];
const SAMPLES = join('..', 'samples');
const FINDING = 'arn:aws:iam::900000000010:role/role-0';
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});
const NAMES = [
  ...['--accounts', join(SAMPLES, 'accounts.json')],
  ...['--known-accounts', join(SAMPLES, 'vendors.yaml')],
];

/** Everything that the program can do, each step on what the ones before have left. */
export function steps({ reports, shells, hasCheckPage }: Offered): readonly Step[] {
  const exceptions = join(SAMPLES, 'exceptions.yaml');
  const tables = ['text', 'json', 'csv', 'html'];
  return [
    { name: '--version', args: ['--version'] },
    {
      name: 'scan with two threads, every report',
      args: [
        ...['scan', join('..', 'evidence'), ...STORE, ...AS_OF, ...NAMES, '--exceptions', exceptions],
        ...['--jobs', '2', '--quiet', '--manifest', 'manifest.json'],
        ...reports.flatMap((format) => (format === 'ndjson' ? [] : [`--${format}`, `scan.${format}`])),
      ],
    },
    ...reports.map((format) => ({
      name: `report --format ${format}`,
      args: ['report', '--format', format, '--status', 'all', '-o', `report.${format}`, ...STORE, ...AS_OF],
    })),
    { name: 'verify', args: ['verify', 'manifest.json'] },
    ...tables.flatMap((format) => [
      {
        name: `diff --format ${format}`,
        args: ['diff', '2026-01-31', '2026-04-30', '--format', format, '-o', `diff.${format}`, ...STORE],
      },
      {
        name: `trend --format ${format}`,
        args: ['trend', '--by', 'month', '--format', format, '-o', `trend.${format}`, ...STORE],
      },
    ]),
    { name: 'export', args: ['export', '--format', 'parquet', '-o', 'lake', ...STORE, ...AS_OF] },
    { name: 'merge', args: ['merge', 'store.db', '--db', 'merged.db'] },
    { name: 'explain', args: ['explain', FINDING, ...STORE] },
    { name: 'fix', args: ['fix', FINDING, ...STORE, '--out', 'fixes'] },
    { name: 'check', args: ['check', '-', '--account', '111122223333', ...AS_OF], input: POLICY },
    ...(hasCheckPage ? [{ name: 'check --html', args: ['check', '--html', 'check.html'] }] : []),
    { name: 'exceptions check', args: ['exceptions', 'check', exceptions, ...STORE, ...AS_OF] },
    { name: 'rules list', args: ['rules', 'list'] },
    { name: 'rules show', args: ['rules', 'show', 'D9.AWS.IAM.99'] },
    { name: 'runs', args: ['runs', ...STORE], isTimed: true },
    { name: 'runs --check', args: ['runs', '--check', ...STORE] },
    ...shells.map((shell) => ({ name: `completion ${shell}`, args: ['completion', shell] })),
  ];
}

/** Reads out of the help of `report`, `completion` and `check` what they offer. */
export function offered(report: string, completion: string, check: string): Offered {
  return {
    reports: choices(report, /^ +--format\b/m),
    shells: choices(completion, /^Positionals:/m),
    hasCheckPage: /^ +--html\b/m.test(check),
  };
}

/** The choices of an option, which may stand on the lines below its name. */
function choices(help: string, option: RegExp): readonly string[] {
  const [, list = ''] = /\[choices: ([^\]]+)\]/.exec(help.slice(help.search(option))) ?? [];
  return [...list.matchAll(/"([a-z]+)"/g)].map(([, choice = '']) => choice);
}
