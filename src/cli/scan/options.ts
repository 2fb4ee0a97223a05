import { READER_CHOICES } from '../../json/choice.ts';
import type { ArgumentsOf, Specs } from '../command.ts';
import { AGE_OPTIONS } from '../input/arguments.ts';
import { CSV_OPTIONS, REPORT_OPTIONS } from '../output/reports.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none'] as const;

export const SCAN_POSITIONALS = {
  path: { type: 'string', array: true, demandOption: true, describe: 'files, folders, or -' },
} as const satisfies Specs;

export const SCAN_OPTIONS = {
  ...AGE_OPTIONS,
  ...CSV_OPTIONS,
  db: { type: 'string', default: 'trustsieve.db', describe: 'the store, made when missing' },
  ...REPORT_OPTIONS,
  manifest: {
    type: 'string',
    describe:
      'write a manifest (default: FILE.manifest.json beside the first report; --no-manifest for none)',
  },
  'sign-key': { type: 'string', describe: 'sign the manifest with this Ed25519 key (PEM)' },
  'previous-manifest': {
    type: 'string',
    describe: 'the manifest of the scan before, whose digest goes into this one',
  },
  account: { type: 'string', describe: 'account of input that carries none' },
  'captured-at': { type: 'string', describe: 'capture time of input that carries none' },
  accounts: {
    type: 'string',
    describe: 'own organisation: output of `aws organizations list-accounts`',
  },
  'known-accounts': { type: 'string', describe: 'names of vendor accounts (YAML)' },
  exceptions: { type: 'string', describe: 'accepted findings (YAML), see docs/exceptions.md' },
  rules: { type: 'string', array: true, describe: 'files with further rules to judge by' },
  'as-of': { type: 'string', describe: 'the moment to judge against (default: now)' },
  jobs: { type: 'number', describe: 'files read at once (default: the processor cores)' },
  whole: {
    type: 'boolean',
    default: false,
    describe:
      'say that listings and query results show all roles, though no service-linked role is among them',
  },
  format: { type: 'string', describe: 'format of the evidence, instead of looking at it' },
  reader: {
    choices: READER_CHOICES,
    default: 'auto',
    describe: 'how JSON is read; both readers give the same records',
  },
  strict: {
    type: 'boolean',
    default: false,
    describe: 'exit 3 for every file in no supported format, not only for those with traces of roles',
  },
  'fail-on': {
    choices: SEVERITIES,
    default: 'none',
    describe: 'exit 1 when a finding is that severe',
  },
  'fail-on-new': {
    type: 'boolean',
    default: false,
    describe: 'exit 1 when a finding was not there in the run before, or lets more accounts in',
  },
  progress: {
    choices: ['auto', 'plain', 'json', 'none'],
    default: 'auto',
    describe: 'how to show progress on stderr',
  },
  quiet: { type: 'boolean', default: false, describe: 'no progress, no summary' },
} as const satisfies Specs;

/** What a scan is asked for. */
export interface ScanArguments
  extends Omit<ArgumentsOf<typeof SCAN_POSITIONALS & typeof SCAN_OPTIONS>, 'manifest'> {
  /** False for `--no-manifest`. */
  readonly manifest: string | false | undefined;
}
