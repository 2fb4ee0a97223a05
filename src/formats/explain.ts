import { TextDecoder } from 'node:util';
import type { DataProblem } from '../errors.ts';
import { contentOf } from '../evidence/content.ts';
import type { PrefixSketch } from '../json/sketch.ts';
import { explainJson } from './explain-json.ts';

/** Why a file is not read, in one sentence that says what to do. */
export interface Explanation {
  readonly code: DataProblem;
  readonly message: string;
}

const EXPORT = 'export `aws iam get-account-authorization-details --output json`';

const MAGICS: readonly { readonly magic: string; readonly name: string; readonly advice: string }[] = [
  { magic: '\x28\xb5\x2f\xfd', name: 'zstd inside a compressed file', advice: 'unpack it with `zstd -d`' },
  { magic: 'BZh', name: 'bzip2-compressed data', advice: 'unpack it with `bunzip2`' },
  { magic: '\xfd7zXZ', name: 'xz-compressed data', advice: 'unpack it with `unxz`' },
  { magic: '7z\xbc\xaf', name: 'a 7-Zip archive', advice: 'unpack it' },
  { magic: '\x1f\x8b', name: 'gzip inside gzip', advice: 'unpack it once with `gunzip`' },
  { magic: '%PDF', name: 'a PDF document', advice: EXPORT },
];

const TEXTS: readonly { readonly pattern: RegExp; readonly code: DataProblem; readonly message: string }[] = [
  {
    pattern: /^(?:aws: error|An error occurred \(|Unable to locate credentials|usage: aws )/i,
    code: 'command-failed',
    message:
      'holds the error message of a failed `aws` command; repeat the export with credentials that may do it',
  },
  {
    pattern: /^(?:GROUPDETAILLIST|POLICIES|ROLEDETAILLIST|USERDETAILLIST|ROLES?)\t/m,
    code: 'format-unknown',
    message: 'looks like `--output text`, which loses the structure; export with `--output json`',
  },
  {
    pattern: /^(?:-{5,}\r?\n\||[┌╔])/,
    code: 'format-unknown',
    message: 'looks like `--output table`, which cannot be read back; export with `--output json`',
  },
  {
    pattern: /^(?:- )?(?:(?:Role|User|Group)DetailList|Policies|Roles|IsTruncated|GroupDetailList):/m,
    code: 'format-unknown',
    message: 'looks like `--output yaml` without a list of roles; export with `--output json`',
  },
  {
    pattern:
      /^(?:[^\n{]*(?:assume_role_policy|role_detail_list)|(?:[^\n]*[,;\t"])?arn:aws[a-z-]*:iam::\d{12}:role\/)/i,
    code: 'format-unknown',
    message:
      'looks like CSV, but not with the columns of a table that is read, or without a header line; export the table with its header (CloudQuery: `skip_header: false`, Steampipe: `--header=true`)',
  },
  {
    pattern: /^user,arn,user_creation_time/,
    code: 'format-unknown',
    message: `looks like an IAM credential report, which holds no roles; ${EXPORT}`,
  },
  {
    pattern: /^(?:AUTH_METHOD|ASSESSMENT_START_TIME|PROVIDER)[;,]/i,
    code: 'format-unknown',
    message: `looks like Prowler's CSV, which holds no trust policies; give its OCSF file (\`--output-modes json-ocsf\`), or ${EXPORT}`,
  },
  { pattern: /^</, code: 'format-unknown', message: `looks like HTML or XML; ${EXPORT}` },
];

/** Names that an operating system or AWS itself puts beside evidence; a leading dot counts as well. */
const BYSTANDERS: ReadonlySet<string> = new Set(['Thumbs.db', 'desktop.ini', '__MACOSX']);

/** What iam-collect keeps beside trust policies. */
const COLLECTED = /(?:^|\/)aws\/aws[a-z-]*\/accounts\/\d{12}\/(?:.+\/)?(?!trust-policy\.json$)[\w-]+\.json$/;

/**
 * Says what an unrecognised file looks like.
 *
 * @param path as shown
 * @param prefix the first bytes of text
 */
export function explainUnknown(path: string, prefix: Uint8Array, sketch: PrefixSketch): Explanation {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(prefix.subarray(0, 64 * 1024));
  const json = explainJson(sketch);
  return (
    bystander(path, text) ??
    emptiness(text) ??
    (json === null ? null : { code: 'format-unknown', message: json }) ??
    binary(prefix) ??
    plainText(text) ?? { code: 'format-unknown', message: `is not in a supported format; ${EXPORT}` }
  );
}

function bystander(path: string, text: string): Explanation | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'ConfigWritabilityCheckFile' && text.trim() === '') {
    return { code: 'not-evidence', message: 'is the empty file by which AWS Config tests that it may write' };
  }
  if (name.startsWith('.') && name !== '.' && name !== '..') {
    return { code: 'not-evidence', message: 'is a hidden file without evidence' };
  }
  if (COLLECTED.test(path)) {
    return { code: 'not-evidence', message: 'belongs to an iam-collect folder, but is no trust policy' };
  }
  return BYSTANDERS.has(name) ? { code: 'not-evidence', message: 'belongs to the operating system' } : null;
}

function emptiness(text: string): Explanation | null {
  if (text.trim() !== '') return null;
  const what = text === '' ? 'is empty' : 'holds only white space';
  return {
    code: 'evidence-empty',
    message: `${what}: the command that wrote it failed or found nothing; ${EXPORT}`,
  };
}

function binary(prefix: Uint8Array): Explanation | null {
  const content = contentOf(prefix);
  if (content === 'zip' || content === 'tar') {
    const message = `is a ${content} archive inside an archive inside an archive; unpack the outer ones`;
    return { code: 'archive-nested', message };
  }
  const head = Buffer.from(prefix.subarray(0, 16)).toString('latin1');
  const known = MAGICS.find(({ magic }) => head.startsWith(magic));
  if (known !== undefined) {
    return { code: 'format-unknown', message: `is ${known.name}; ${known.advice}` };
  }
  if (!prefix.subarray(0, 1024).includes(0)) return null;
  const message = 'is binary, or text in an unknown encoding; save it as UTF-8';
  return { code: 'format-unknown', message };
}

/** The patterns see no white space in front: skipping it themselves, they could be made to take very long. */
function plainText(text: string): Explanation | null {
  const trimmed = text.trimStart();
  return TEXTS.find(({ pattern }) => pattern.test(trimmed)) ?? null;
}
