import { TextDecoder } from 'node:util';
import type { PrefixSketch } from '../../json/sketch.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import { type Aside, COLLECT, EXPORT } from './aside.ts';
import { asideJson } from './asides-json.ts';
import { asideText } from './asides-text.ts';
import { bystander } from './bystanders.ts';
import { describeJson, diagnoseJson } from './diagnose-json.ts';
import { knownBytes } from './known-bytes.ts';
import { knownText } from './known-texts.ts';
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
export function diagnoseUnknown(file: UnknownFile): FileProblem {
  const { path, head, prefix, sketch, traces } = file;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(prefix);
  const beside = asideText(text.trimStart());
  const found =
    bystander(path, text) ??
    emptiness(text, file) ??
    beside ??
    asideJson(sketch) ??
    diagnoseJson(sketch) ??
    knownBytes(head, prefix) ??
    knownText(text) ??
    unrelated(file, text) ??
    broken(file) ??
    markup(text) ??
    unknown(sketch);
  const said =
    doubt(found, found === beside ? { ...file, brokenAt: null } : file) ?? withTrace(found, traces);
  return OF_ORGANIZATION.test(path) ? { ...said, message: said.message.replaceAll(EXPORT, COLLECT) } : said;
}

/** Files of which the name or the place says that they should be evidence of an organisation. */
const OF_ORGANIZATION =
  /(?:^|\/)organizations\/o-[a-z0-9]+\/|(?:^|\/)(?:[^/]*organi[sz]ation|list-accounts|list-roots|list-parents|list-children|list-targets-for-policy)[^/]*$/i;

/** Why a file that seems to hold no evidence is not left aside; null when it is, or was never to be. */
function doubt(found: FileProblem | Aside, file: UnknownFile): FileProblem | null {
  if (found.code !== 'not-evidence' && found.code !== 'unrelated') return null;
  const { traces } = file;
  const tolerates = 'tolerates' in found ? found.tolerates : undefined;
  const trace = tolerates === 'policies' ? traces.plain : tolerates === 'actions' ? traces.key : traces.first;
  if (trace === null) return broken(file) ?? padded(found, file);
  const message = `${found.message}, but at byte ${trace} it shows a trace of a role's trust policy, which cannot be read there; give that part as a file of its own, or ${EXPORT}`;
  return { code: 'format-unknown', message };
}

function withTrace({ code, kind, message }: FileProblem, { first }: Traces): FileProblem {
  const place = first === null ? '' : `; the first trace of a trust policy is at byte ${first}`;
  const isAside = code === 'not-evidence' || code === 'unrelated';
  return { code, message: isAside ? message : `${message}${place}`, ...(kind === undefined ? {} : { kind }) };
}

function emptiness(text: string, { traces, isPadded }: UnknownFile): FileProblem | null {
  if (!traces.blank) return null;
  const what = isPadded ? 'holds only zero bytes' : text === '' ? 'is empty' : 'holds only white space';
  return {
    code: 'evidence-empty',
    message: `${what}: the command that wrote it failed or found nothing; ${EXPORT}`,
  };
}

/** A file that begins without a trace of roles. */
function unrelated({ path, sketch, brokenAt }: UnknownFile, text: string): FileProblem | null {
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

function broken({ sketch, brokenAt, path }: UnknownFile): FileProblem | null {
  if (brokenAt === null || sketch.documents.length === 0 || PROSE.test(path)) return null;
  const message = `begins as JSON and breaks off at byte ${brokenAt}, so what belongs behind it is not known; transfer or ${EXPORT}`;
  return { code: 'format-unknown', message };
}

/** What zero bytes stand for is not known, unless the text closes its brackets or is none. */
function padded({ code, message }: FileProblem, file: UnknownFile): FileProblem | null {
  const { isPadded, sketch, path } = file;
  if (!isPadded || code !== 'unrelated' || sketch.documents.length > 0 || !PROSE.test(path)) return null;
  return { code: 'format-unknown', message: `${message}, but it ends in zero bytes; transfer it again` };
}

function markup(text: string): FileProblem | null {
  if (!/^\s*<(?!root_account)/.test(text)) return null;
  return { code: 'format-unknown', message: `looks like HTML or XML; ${EXPORT}` };
}

function unknown(sketch: PrefixSketch): FileProblem {
  const json = describeJson(sketch);
  const what =
    json === null
      ? 'is not in a supported format'
      : `is JSON with ${json}, but shows no role in a known place`;
  return { code: 'format-unknown', message: `${what}; ${EXPORT}` };
}
