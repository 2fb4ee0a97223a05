import { findObject, type PrefixSketch, type Sketch } from '../../json/sketch.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import { type Aside, EXPORT } from './aside.ts';
import { isOtherAnswer, ROLE_ARN } from './aws-commands.ts';
import { knownJson, SHORT_KEY } from './known-json.ts';

type Members = ReadonlyMap<string, Sketch>;

/** Says what JSON without roles in a known place looks like; null when it is no JSON, or shows no trace of roles. */
export function diagnoseJson({ documents, lines }: PrefixSketch): FileProblem | Aside | null {
  const known = knownJson(documents);
  if (known !== null) return known;
  const [first] = documents;
  if (first === undefined) return null;
  if (first.kind === 'array' && first.items.length === 0) {
    const message = `is an empty list: the query or policy behind it matched nothing; ${EXPORT}`;
    return { code: 'evidence-empty', message };
  }
  if (isOtherAnswer({ documents, lines })) {
    const kind = 'the output of another AWS command';
    const message = `is JSON with ${describe(first)}, as other AWS commands print it, and was left aside`;
    return { code: 'unrelated', kind, message };
  }
  const hasArn = (members: Members) =>
    [...members.values()].some((value) => value.kind === 'string' && ROLE_ARN.test(value.text));
  if (documents.some((document) => findObject(document, hasArn) !== null)) {
    const message = `is JSON that names roles, but shows no trust policy in a known place; select \`AssumeRolePolicyDocument\` too, or ${EXPORT}`;
    return { code: 'format-unknown', message };
  }
  return null;
}

/** Says which keys JSON of no known kind has. */
export function describeJson({ documents }: PrefixSketch): string | null {
  const [first] = documents;
  return first === undefined ? null : describe(first);
}

function describe(sketch: Sketch): string {
  const row = sketch.kind === 'array' ? sketch.items[0] : sketch;
  const keys =
    row?.kind === 'object' ? [...row.members.keys()].filter((key) => SHORT_KEY.test(key)).slice(0, 3) : [];
  if (keys.length === 0) return sketch.kind === 'array' ? 'a list' : 'an object';
  return `keys such as ${keys.map((key) => `\`${key}\``).join(', ')}`;
}
