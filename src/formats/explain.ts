import { TextDecoder } from 'node:util';
import type { DataProblem } from '../errors.ts';
import { findObject, type PrefixSketch } from '../json/sketch.ts';

/** Why a file is not read, in one sentence that says what to do. */
export interface Explanation {
  readonly code: DataProblem;
  readonly message: string;
}

const EXPORT = 'export `aws iam get-account-authorization-details --output json`';

/** Shapes of JSON that carry roles or look as if they did. */
const SHAPES: readonly { readonly keys: readonly string[]; readonly message: string }[] = [
  {
    keys: ['RoleId', 'AssumeRolePolicyDocument'],
    message: `looks like roles from \`list-roles\` or \`get-role\`, which are not read yet; ${EXPORT}`,
  },
  {
    keys: ['Results', 'QueryInfo'],
    message:
      'looks like an AWS Config advanced query, which is not read yet; use the snapshot files that AWS Config delivers to S3',
  },
  {
    keys: ['resourceType', 'configurationItemStatus'],
    message:
      'looks like output of the AWS Config API, which is not read yet; use the snapshot files that AWS Config delivers to S3',
  },
  {
    keys: ['lineage', 'resources'],
    message: `looks like a Terraform state, which is not read yet; ${EXPORT}`,
  },
  {
    keys: ['format_version', 'terraform_version'],
    message: `looks like \`terraform show -json\`, which is not read yet; ${EXPORT}`,
  },
  {
    keys: ['assume_role_policy'],
    message: `looks like roles from Steampipe or another scanner, which are not read yet; ${EXPORT}`,
  },
  { keys: ['_cq_id'], message: 'looks like a CloudQuery table other than `aws_iam_roles`; sync that table' },
  {
    keys: ['metadata', 'finding_info'],
    message: `looks like OCSF findings, which are not read yet; ${EXPORT}`,
  },
  {
    keys: ['principal', 'isPublic'],
    message: `looks like IAM Access Analyzer findings, which hold no trust policies; ${EXPORT}`,
  },
  { keys: ['Version', 'Statement'], message: 'looks like a single policy; give it to `trustsieve check`' },
  { keys: ['Accounts'], message: 'looks like `aws organizations list-accounts`; give it with `--accounts`' },
];

const MAGICS: readonly { readonly magic: string; readonly name: string; readonly advice: string }[] = [
  {
    magic: 'PK\x03\x04',
    name: 'a zip archive or an Excel workbook',
    advice: 'unpack it, or save it as JSON',
  },
  { magic: 'SQLite format 3\0', name: 'an SQLite database', advice: 'export the table as JSON' },
  { magic: 'PAR1', name: 'a Parquet file', advice: 'export the table as JSON' },
  { magic: '\x28\xb5\x2f\xfd', name: 'zstd-compressed data', advice: 'unpack it with `zstd -d`' },
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
    message: 'looks like `--output yaml`, which is not read yet; export with `--output json`',
  },
  {
    pattern: /^[^\n{]*assume_role_policy/,
    code: 'format-unknown',
    message: 'looks like CSV, which is not read yet; export the table as JSON',
  },
  {
    pattern: /^user,arn,user_creation_time/,
    code: 'format-unknown',
    message: `looks like an IAM credential report, which holds no roles; ${EXPORT}`,
  },
  { pattern: /^</, code: 'format-unknown', message: `looks like HTML or XML; ${EXPORT}` },
];

/** Names that an operating system or AWS itself puts beside evidence; a leading dot counts as well. */
const BYSTANDERS: ReadonlySet<string> = new Set(['Thumbs.db', 'desktop.ini', '__MACOSX']);

/**
 * Says what an unrecognised file looks like.
 *
 * @param path as shown
 * @param prefix the first bytes of text
 */
export function explainUnknown(path: string, prefix: Uint8Array, sketch: PrefixSketch): Explanation {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(prefix.subarray(0, 64 * 1024));
  return (
    bystander(path, text) ??
    emptiness(text) ??
    shape(sketch) ??
    binary(prefix) ??
    plainText(text) ?? {
      code: 'format-unknown',
      message:
        sketch.documents.length > 0
          ? `is JSON, but shows no role in a known place; ${EXPORT}`
          : `is not in a supported format; ${EXPORT}`,
    }
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

function shape(sketch: PrefixSketch): Explanation | null {
  for (const { keys, message } of SHAPES) {
    for (const document of sketch.documents) {
      if (findObject(document, (members) => keys.every((key) => members.has(key))) !== null) {
        return { code: 'format-unknown', message };
      }
    }
  }
  return null;
}

function binary(prefix: Uint8Array): Explanation | null {
  const head = Buffer.from(prefix.subarray(0, 16)).toString('latin1');
  const known = MAGICS.find(({ magic }) => head.startsWith(magic));
  if (known !== undefined) {
    return { code: 'format-unknown', message: `is ${known.name}; ${known.advice}` };
  }
  if (!prefix.subarray(0, 1024).includes(0)) return null;
  const message = 'is binary, or UTF-16 without a byte order mark; save it as UTF-8';
  return { code: 'format-unknown', message };
}

/** The patterns see no white space in front: skipping it themselves, they could be made to take very long. */
function plainText(text: string): Explanation | null {
  const trimmed = text.trimStart();
  return TEXTS.find(({ pattern }) => pattern.test(trimmed)) ?? null;
}
