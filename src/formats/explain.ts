import { TextDecoder } from 'node:util';
import { contentOf } from '../evidence/content.ts';
import type { PrefixSketch } from '../json/sketch.ts';
import { asideJson } from './asides-json.ts';
import { asideText } from './asides-text.ts';
import { bystander } from './bystanders.ts';
import { describeJson, explainJson } from './explain-json.ts';
import type { Aside, Explanation } from './explanation.ts';
import type { Traces } from './traces.ts';

/** A file that no format recognises. */
export interface UnknownFile {
  /** As shown. */
  readonly path: string;
  /** Its first bytes, after decompression, before anything is done to its text. */
  readonly head: Uint8Array;
  /** The first bytes of its text, as UTF-8. */
  readonly prefix: Uint8Array;
  /** Of the prefix. */
  readonly sketch: PrefixSketch;
  /** Of all of its text. */
  readonly traces: Traces;
  /** Where its text ceases to be JSON, from its first byte on; null when all of it is. */
  readonly brokenAt: number | null;
  /** True when zero bytes follow the text. */
  readonly isPadded: boolean;
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

interface TextShape extends Omit<Aside, 'kind'> {
  readonly pattern: RegExp;
  readonly kind?: string;
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
      /^"?rule"?[,;\t|]"?account"?[,;\t|]"?partition"?[,;\t|]|^"?kind"?[,;\t|]"?path"?[,;\t|]"?sha256"?[,;\t|]|^<!doctype html>[^>]*<html[^>]*>\s*<head>(?:\s*<meta[^>]*>){0,8}\s*<meta name="generator" content="trustsieve /i,
    code: 'not-evidence',
    kind: 'a report of this program',
    tolerates: 'policies',
    message: 'is a report of this program',
  },
  {
    pattern: /^# Cross-account trust, \d{4}-/,
    code: 'not-evidence',
    kind: 'a report of this program',
    tolerates: 'policies',
    message: 'is a report of this program',
  },
  {
    pattern: /^"?:(?:ID|START_ID)\b[^\n]*,"?:(?:LABEL|TYPE|END_ID)/,
    code: 'not-evidence',
    kind: 'what awspx keeps beside its roles',
    message: 'looks like a table of awspx without roles, which are in `AWS::Iam::Role.csv`',
  },
  {
    pattern:
      /^(?![{[\w$.]*\s*[=:]?\s*[{[])(?:[^\n]*(?:assume_role_policy|role_detail_list)|(?:[^\n]*[,;\t"])?arn:aws[a-z-]*:iam::\d{12}:role\/)/i,
    code: 'format-unknown',
    message:
      'looks like CSV, but not with the columns of a table that is read, or without a header line; export the table with its header (CloudQuery: `skip_header: false`, Steampipe: `--header=true`)',
  },
];

/** Traces that roles leave in any export of theirs. */
const ROLE_SIGNS =
  /assume_?role|trust_?polic|role_?detail|role_?(?:name|id|arn)\b|\broles?\b["']?\s*[:=]|:role\/|\bAROA[A-Z0-9]{8}|::IAM::Role|"Principal"/i;

/** Endings of names under which nobody keeps an export. */
const PROSE =
  /\.(?:md|markdown|rst|adoc|txt|log|html?|css|sh|py|toml|ini|cfg|sha256|sig|asc|license)(?:\.(?:gz|zst|bz2))?$/i;

/**
 * Says what an unrecognised file looks like. Its code is one of `not-evidence` and `unrelated` when nothing is lost with
 * it: it was read to its end, and it is known to hold no inventory of roles, or shows no trace of any.
 */
export function explainUnknown(file: UnknownFile): Explanation {
  const { path, head, prefix, sketch, traces } = file;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(prefix);
  const beside = asideText(text.trimStart());
  const found =
    bystander(path, text) ??
    emptiness(text, file) ??
    beside ??
    asideJson(sketch) ??
    explainJson(sketch) ??
    binary(head, prefix) ??
    plainText(text) ??
    unrelated(file, text) ??
    broken(file) ??
    markup(text) ??
    unknown(sketch);
  return doubt(found, found === beside ? { ...file, brokenAt: null } : file) ?? withTrace(found, traces);
}

/** Why a file that seems to hold no evidence is not left aside; null when it is, or was never to be. */
function doubt(found: Explanation | Aside, file: UnknownFile): Explanation | null {
  if (found.code !== 'not-evidence' && found.code !== 'unrelated') return null;
  const { traces } = file;
  const tolerates = 'tolerates' in found ? found.tolerates : undefined;
  const trace = tolerates === 'policies' ? traces.plain : tolerates === 'actions' ? traces.key : traces.first;
  if (trace === null) return broken(file) ?? padded(found, file);
  const message = `${found.message}, but at byte ${trace} it shows a trace of a role's trust policy, which cannot be read there; give that part as a file of its own, or ${EXPORT}`;
  return { code: 'format-unknown', message };
}

function withTrace({ code, kind, message }: Explanation, { first }: Traces): Explanation {
  const place = first === null ? '' : `; the first trace of a trust policy is at byte ${first}`;
  const isAside = code === 'not-evidence' || code === 'unrelated';
  return { code, message: isAside ? message : `${message}${place}`, ...(kind === undefined ? {} : { kind }) };
}

function emptiness(text: string, { traces, isPadded }: UnknownFile): Explanation | null {
  if (!traces.blank) return null;
  const what = isPadded ? 'holds only zero bytes' : text === '' ? 'is empty' : 'holds only white space';
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
    const message = `is ${known.name}; ${known.advice}`;
    if (known.unrelated !== true) return { code: 'format-unknown', message };
    return { code: 'unrelated', kind: known.name, message };
  }
  if (!prefix.subarray(0, 1024).includes(0)) return null;
  const message = 'is binary, or text in an unknown encoding; save it as UTF-8';
  return { code: 'format-unknown', message };
}

/** The patterns see no white space in front: skipping it themselves, they could be made to take very long. */
function plainText(text: string): Explanation | Aside | null {
  const trimmed = text.trimStart();
  const found = TEXTS.find(({ pattern }) => pattern.test(trimmed));
  if (found === undefined) return null;
  const { pattern: _, ...explanation } = found;
  return explanation;
}

/** A file that begins without a trace of roles. */
function unrelated({ path, sketch, brokenAt }: UnknownFile, text: string): Explanation | null {
  if (ROLE_SIGNS.test(text)) return null;
  const isProse = PROSE.test(path);
  if (sketch.documents.length > 0 && (brokenAt === null || !isProse)) {
    if (brokenAt !== null) return null;
    return {
      code: 'unrelated',
      kind: 'JSON without a trace of roles',
      message: `is JSON with ${describeJson(sketch)}, without a trace of roles, and was left aside`,
    };
  }
  if (!isProse || ENCODED.test(text)) return null;
  const message = 'is a text without a trace of roles, and was left aside';
  return { code: 'unrelated', kind: 'a text without a trace of roles', message };
}

/** Encrypted text, and long words that may stand for anything. */
const ENCODED = /^-----BEGIN |^[A-Za-z0-9+/=_-]{200}/m;

function broken({ sketch, brokenAt, path }: UnknownFile): Explanation | null {
  if (brokenAt === null || sketch.documents.length === 0 || PROSE.test(path)) return null;
  const message = `begins as JSON and breaks off at byte ${brokenAt}, so what belongs behind it is not known; transfer or ${EXPORT}`;
  return { code: 'format-unknown', message };
}

/** What zero bytes stand for is not known, unless the text closes its brackets or is none. */
function padded({ code, message }: Explanation, file: UnknownFile): Explanation | null {
  const { isPadded, sketch, path } = file;
  if (!isPadded || code !== 'unrelated' || sketch.documents.length > 0 || !PROSE.test(path)) return null;
  return { code: 'format-unknown', message: `${message}, but it ends in zero bytes; transfer it again` };
}

function markup(text: string): Explanation | null {
  if (!/^\s*<(?!root_account)/.test(text)) return null;
  return { code: 'format-unknown', message: `looks like HTML or XML; ${EXPORT}` };
}

function unknown(sketch: PrefixSketch): Explanation {
  const json = describeJson(sketch);
  const what =
    json === null
      ? 'is not in a supported format'
      : `is JSON with ${json}, but shows no role in a known place`;
  return { code: 'format-unknown', message: `${what}; ${EXPORT}` };
}
