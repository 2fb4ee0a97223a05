import { READER_CHOICES } from '../../json/choice.ts';
import type { ArgumentsOf, Specs } from '../command.ts';
import { ACCOUNT_OPTIONS, AGE_OPTIONS, STORE_OPTION } from '../input/arguments.ts';
import { HEADING_OPTIONS } from '../output/heading.ts';
import { CSV_OPTIONS, DETAILS_OPTION, REPORT_OPTIONS } from '../output/reports.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none'] as const;

export const SCAN_POSITIONALS = {
  path: {
    type: 'string',
    array: true,
    demandOption: true,
    describe: 'evidence: files, folders, or - for standard input',
  },
} as const satisfies Specs;

export const SCAN_OPTIONS = {
  db: { ...STORE_OPTION.db, describe: 'the store, an SQLite file; created when missing' },
  ...REPORT_OPTIONS,
  ...HEADING_OPTIONS,
  ...DETAILS_OPTION,
  ...CSV_OPTIONS,
  manifest: {
    type: 'string',
    describe:
      'write a manifest to this file (default: FILE.manifest.json beside the first report; --no-manifest for none)',
  },
  'sign-key': { type: 'string', describe: 'sign the manifest with this Ed25519 key (PEM)' },
  'previous-manifest': {
    type: 'string',
    describe: 'the manifest of the previous scan; its digest goes into the new one',
  },
  account: { type: 'string', describe: 'the account of evidence that names none' },
  'captured-at': { type: 'string', describe: 'the capture time of evidence that states none' },
  format: { type: 'string', describe: 'the format of the evidence, instead of detecting it' },
  whole: {
    type: 'boolean',
    default: false,
    describe:
      'state that listings and query results show all roles, even where no service-linked role is among them',
  },
  organization: {
    type: 'string',
    array: true,
    describe:
      'files and folders that say which resource control policies hold where, and which accounts there are; also found among the evidence',
  },
  shard: {
    type: 'string',
    describe:
      'read the I-th of N parts of the evidence, dealt out by size (I/N, such as 3/20); exit 3 until the store has all parts',
  },
  ...ACCOUNT_OPTIONS,
  exceptions: { type: 'string', describe: 'accepted findings (YAML), see docs/exceptions.md' },
  rules: { type: 'string', array: true, describe: 'files of further rules to judge by' },
  'as-of': {
    type: 'string',
    describe: 'what counts as now for exceptions and for dates in policies and rules (default: the present)',
  },
  ...AGE_OPTIONS,
  strict: {
    type: 'boolean',
    default: false,
    describe: 'exit 3 for every file in no supported format, not only for those with traces of roles',
  },
  'fail-on': {
    choices: SEVERITIES,
    default: 'none',
    describe: 'exit 1 when a finding has this severity or a higher one',
  },
  'fail-on-new': {
    type: 'boolean',
    default: false,
    describe:
      'exit 1 when a finding is new or reopened, lets more accounts in, or cannot be compared with the previous look',
  },
  jobs: {
    type: 'number',
    describe: 'how many files to read at once (default: the number of processor cores)',
  },
  reader: {
    choices: READER_CHOICES,
    default: 'auto',
    describe: 'how JSON is read; both readers give the same records',
  },
  progress: {
    choices: ['auto', 'plain', 'json', 'none'],
    default: 'auto',
    describe: 'how to show progress on stderr',
  },
  quiet: { type: 'boolean', default: false, describe: 'show no progress and no summary' },
} as const satisfies Specs;

/** What a scan is asked for. */
export interface ScanArguments
  extends Omit<ArgumentsOf<typeof SCAN_POSITIONALS & typeof SCAN_OPTIONS>, 'manifest'> {
  /** False for `--no-manifest`. */
  readonly manifest: string | false | undefined;
}
