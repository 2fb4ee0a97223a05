import { TextDecoder } from 'node:util';
import type { DataProblem } from '../errors.ts';
import { contentOf } from '../evidence/content.ts';
import type { PrefixSketch } from '../json/sketch.ts';
import { bystander } from './bystanders.ts';
import { describeJson, explainJson, isBroken } from './explain-json.ts';
import type { Explanation } from './explanation.ts';

/** A file that no format recognises. */
export interface UnknownFile {
  /** As shown. */
  readonly path: string;
  /** Its first bytes, after decompression, before anything is done to its text. */
  readonly head: Uint8Array;
  /** The first bytes of its text, as UTF-8. */
  readonly prefix: Uint8Array;
  /** True when the prefix is all there is. */
  readonly whole: boolean;
  /** Of the prefix. */
  readonly sketch: PrefixSketch;
}

const EXPORT = 'export `aws iam get-account-authorization-details --output json`';

interface Magic {
  readonly magic: string;
  readonly name: string;
  readonly advice: string;
  /** True for what nobody would keep an export in. */
  readonly unrelated?: true;
}

const MAGICS: readonly Magic[] = [
  { magic: '\x28\xb5\x2f\xfd', name: 'zstd inside a compressed file', advice: 'unpack it with `zstd -d`' },
  { magic: 'BZh', name: 'bzip2 inside a compressed file', advice: 'unpack it once' },
  { magic: '\xfd7zXZ', name: 'xz-compressed data', advice: 'unpack it with `unxz`' },
  { magic: '7z\xbc\xaf', name: 'a 7-Zip archive', advice: 'unpack it' },
  { magic: 'Rar!', name: 'a RAR archive', advice: 'unpack it' },
  { magic: '\x1f\x8b', name: 'gzip inside gzip', advice: 'unpack it once with `gunzip`' },
  { magic: '\xff\xfe\0\0', name: 'text in UTF-32', advice: 'save it as UTF-8' },
  { magic: '%PDF', name: 'a PDF document', advice: EXPORT, unrelated: true },
  { magic: '\x89PNG', name: 'a picture', advice: EXPORT, unrelated: true },
  { magic: '\xff\xd8\xff', name: 'a picture', advice: EXPORT, unrelated: true },
  { magic: 'GIF8', name: 'a picture', advice: EXPORT, unrelated: true },
];

interface TextShape {
  readonly pattern: RegExp;
  readonly code: DataProblem;
  readonly message: string;
}

const TEXTS: readonly TextShape[] = [
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
    pattern: /^COPY \S+ \(/m,
    code: 'format-unknown',
    message:
      'looks like a dump of PostgreSQL; copy the table of roles with `\\copy (SELECT ...) TO ... CSV HEADER`',
  },
  {
    pattern: /^resource\s+"[^"\n]+"\s+"[^"\n]+"\s*\{/m,
    code: 'not-auditable',
    message:
      'looks like a Terraform configuration, not a state or plan; give the output of `terraform show -json`',
  },
  {
    pattern: /^\{'/,
    code: 'format-unknown',
    message: 'looks like a Python dictionary, with single quotes; write it with `json.dump`',
  },
  {
    pattern: /^-\[ RECORD \d/,
    code: 'format-unknown',
    message: "looks like Steampipe's `--output line`; export with `--output json`",
  },
  {
    pattern:
      /^"?rule"?[,;\t|]"?account"?[,;\t|]"?partition"?[,;\t|]|^<!doctype html>[^>]*<html[^>]*>\s*<head>(?:\s*<meta[^>]*>){0,8}\s*<meta name="generator" content="trustsieve /i,
    code: 'not-evidence',
    message: 'is a report of this program',
  },
  {
    pattern: /^# Cross-account trust, \d{4}-/,
    code: 'not-evidence',
    message: 'is a report of this program',
  },
  {
    pattern: /^user,arn,user_creation_time/,
    code: 'not-evidence',
    message: 'looks like an IAM credential report, which holds no roles',
  },
  {
    pattern: /^"?:(?:ID|START_ID)\b[^\n]*,"?:(?:LABEL|TYPE|END_ID)/,
    code: 'not-evidence',
    message: 'looks like a table of awspx without roles, which are in `AWS::Iam::Role.csv`',
  },
  {
    pattern: /^(?:AUTH_METHOD|ASSESSMENT_START_TIME|PROVIDER)[;,]/i,
    code: 'not-auditable',
    message: `looks like Prowler's CSV, which holds no trust policies; give its OCSF file (\`--output-modes json-ocsf\`), or ${EXPORT}`,
  },
  {
    pattern:
      /^(?![{[\w$.]*\s*[=:]?\s*[{[])(?:[^\n]*(?:assume_role_policy|role_detail_list)|(?:[^\n]*[,;\t"])?arn:aws[a-z-]*:iam::\d{12}:role\/)/i,
    code: 'format-unknown',
    message:
      'looks like CSV, but not with the columns of a table that is read, or without a header line; export the table with its header (CloudQuery: `skip_header: false`, Steampipe: `--header=true`)',
  },
  { pattern: /^<(?!root_account)/, code: 'format-unknown', message: `looks like HTML or XML; ${EXPORT}` },
];

/** Traces that roles leave in any export of theirs. */
const ROLE_SIGNS =
  /assume_?role|trust_?polic|role_?detail|role_?(?:name|id|arn)\b|\broles?\b["']?\s*[:=]|:role\/|\bAROA[A-Z0-9]{8}|::IAM::Role|"Principal"/i;

/** Endings of names under which nobody keeps an export. */
const PROSE = /\.(?:md|markdown|rst|adoc|log|html?|css|sh|py|toml|ini|cfg|sha256|sig|asc|license)$/i;

/**
 * Says what an unrecognised file looks like. Its code is one of `not-evidence` and `unrelated` when nothing is lost with
 * it: it is known to hold no roles, or whole and without a trace of any.
 */
export function explainUnknown(file: UnknownFile): Explanation {
  const { path, head, prefix, sketch } = file;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(prefix);
  return (
    bystander(path, text) ??
    emptiness(text) ??
    explainJson(sketch) ??
    binary(head, prefix) ??
    plainText(text) ??
    unrelated(file, text) ??
    broken(file, text) ??
    unknown(sketch)
  );
}

function emptiness(text: string): Explanation | null {
  if (text.trim() !== '') return null;
  const what = text === '' ? 'is empty' : 'holds only white space';
  return {
    code: 'evidence-empty',
    message: `${what}: the command that wrote it failed or found nothing; ${EXPORT}`,
  };
}

function binary(head: Uint8Array, prefix: Uint8Array): Explanation | null {
  const content = contentOf(head);
  if (content === 'zip' || content === 'tar') {
    const message = `is a ${content} archive inside an archive inside an archive; unpack the outer ones`;
    return { code: 'archive-nested', message };
  }
  const first = Buffer.from(head.subarray(0, 16)).toString('latin1');
  const known = MAGICS.find(({ magic }) => first.startsWith(magic));
  if (known !== undefined) {
    const code = known.unrelated === true ? 'unrelated' : 'format-unknown';
    return { code, message: `is ${known.name}; ${known.advice}` };
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

/** A whole file without a trace of roles. */
function unrelated({ path, whole, sketch }: UnknownFile, text: string): Explanation | null {
  if (ROLE_SIGNS.test(text)) return null;
  if (sketch.documents.length > 0) {
    if (whole && isBroken(text)) return null;
    return {
      code: 'unrelated',
      message: `is JSON with ${describeJson(sketch)}, without a trace of roles, and was left aside`,
    };
  }
  if (!PROSE.test(path)) return null;
  return { code: 'unrelated', message: 'is a text without a trace of roles, and was left aside' };
}

function broken({ whole, sketch }: UnknownFile, text: string): Explanation | null {
  if (!whole || sketch.documents.length === 0 || !isBroken(text)) return null;
  const message = `begins as JSON and breaks off before it shows what it is; transfer or ${EXPORT}`;
  return { code: 'format-unknown', message };
}

function unknown(sketch: PrefixSketch): Explanation {
  const json = describeJson(sketch);
  const what =
    json === null
      ? 'is not in a supported format'
      : `is JSON with ${json}, but shows no role in a known place`;
  return { code: 'format-unknown', message: `${what}; ${EXPORT}` };
}
