import { parseAllDocuments } from 'yaml';
import { applyEdits, type Range, touches } from './edits.ts';
import { everyPlace, jsonPlaces } from './json-places.ts';
import type { Base, Mutant } from './mutants.ts';
import { isSoundCsv } from './mutate/csv.ts';
import type { Observation, ObservedRole } from './observe.ts';
import { ownRange, pageMarkers } from './own-ranges.ts';
import type { Seed } from './seeds.ts';

/** What is known of a base, against which its mutants are held. */
export interface Whole {
  /** Roles that fail, with the bytes of the base that are their own; null: none. */
  readonly failing: readonly { readonly arn: string; readonly own: Range | null }[];
  readonly markers: readonly Range[];
  /** How often each thing is said that makes a scan incomplete. */
  readonly said: ReadonlyMap<string, number>;
  /** ARNs of roles that are decided. */
  readonly decided: ReadonlySet<string>;
  readonly formats: readonly (string | null)[];
}

/** Said of files that are whole all the same. */
const READ_WHOLE: ReadonlySet<string> = new Set([
  ...[
    'invalid-utf8',
    'windows-1252',
    'nul-padding',
    'gzip-trailing',
    'zstd-trailing',
    'bzip2-trailing',
    'text-skipped',
  ],
  ...['archive', 'keys-restored', 'account-mismatch', 'account-number-padded', 'account-number-changed'],
]);

/** What makes a scan of it end with exit code 3, and how often. */
export function saidOf({ parts, roles }: Observation): ReadonlyMap<string, number> {
  const said = new Map<string, number>();
  const count = (what: string) => said.set(what, (said.get(what) ?? 0) + 1);
  for (const { reading, events } of parts) {
    if (reading.status !== 'complete') {
      count('a file is not whole');
      for (const { code } of reading.problems) if (!READ_WHOLE.has(code)) count(code);
    }
    for (const event of events) {
      if (event.kind === 'reject') count('a record is rejected');
      if (event.kind !== 'capture') continue;
      for (const reason of event.capture.reasons) count(`a capture is not whole: ${reason}`);
    }
  }
  for (const { verdict } of roles) if (verdict === 'error') count('a role is undecided');
  return said;
}

const isFail = ({ verdict }: ObservedRole) => verdict === 'fail';

export function describeWhole(base: Base, observed: Observation): Whole {
  const failing = base.seeds.flatMap((seed) => {
    const roles =
      base.seeds.length === 1
        ? observed.roles
        : observed.roles.filter(({ part }) => part.endsWith(seed.path));
    const at = base.plain ? 0 : base.bytes.indexOf(seed.bytes);
    return roles.filter(isFail).map((role) => {
      const range = base.bytes.length > 0 && at >= 0 ? ownRange(seed, role, roles) : null;
      return { arn: role.arn, own: range === null ? null : { from: range.from + at, to: range.to + at } };
    });
  });
  const said = saidOf(observed);
  return {
    failing,
    markers: base.plain && said.has('next-page-missing') ? pageMarkers(base.seeds[0] as Seed) : [],
    said,
    decided: new Set(observed.roles.filter(({ verdict }) => verdict !== 'error').map(({ arn }) => arn)),
    formats: observed.parts.map(({ reading }) => reading.format),
  };
}

/**
 * What is wrong with how an input was read, apart from faults that need no comparison: a role that fails in the whole file
 * and is not found, or found to pass, where nothing says that the file is not whole. Excused is a change of the role's own
 * bytes that leaves the text well-formed: then it is another role, or none. So is another file in the place of the whole.
 *
 * @param whole of the base; for edits inside a wrapping that of the seed without it
 */
export function findViolations(mutant: Mutant, whole: Whole, observed: Observation): readonly string[] {
  const violations = observed.faults.map((fault) => `fault: ${fault}`);
  const { length } = mutant.base.bytes;
  if (!mutant.inside && mutant.edits.some(({ from, to }) => from === 0 && to === length)) return violations;
  const said = saidOf(observed);
  const saysMore = [...said].some(([what, times]) => times > (whole.said.get(what) ?? 0));
  // One in the place of another that is undecided as it was.
  const isUndecided = observed.roles.some(
    ({ arn, verdict }) => verdict === 'error' && whole.decided.has(arn),
  );
  if (saysMore || isUndecided) return violations;
  for (const arn of new Set(whole.failing.map((role) => role.arn))) {
    const roles = whole.failing.filter((role) => role.arn === arn);
    // That nobody can decide it is said, too.
    const left = observed.roles.filter(
      (role) => role.arn === arn && (isFail(role) || role.verdict === 'error'),
    ).length;
    const changed = roles.filter(
      ({ own }) => own !== null && mutant.edits.some((edit) => touches(edit, own)),
    );
    const lost = roles.length - left;
    if (lost <= 0) continue;
    if (mutant.keeps || lost > changed.length) violations.push(`lost in silence, untouched: ${arn}`);
    // Under another name it fails all the same.
    else if (observed.roles.filter(isFail).length >= whole.failing.length) continue;
    else if (!isSound(mutant)) violations.push(`lost in silence, in damaged text: ${arn}`);
  }
  if (losesMarker(mutant, whole, observed))
    violations.push('a page marker is left and nothing says that more pages follow');
  return violations;
}

/** True where a marker stands as it stood, the text is sound and read as the same, and nothing says that it is a part. */
function losesMarker(mutant: Mutant, { markers, formats }: Whole, observed: Observation): boolean {
  if (!mutant.inside || markers.length === 0) return false;
  const isLeft = markers.some((marker) => !mutant.edits.some((edit) => touches(edit, marker)));
  if (!isLeft || observed.parts.some(({ reading }) => reading.status !== 'complete')) return false;
  return isSound(mutant) && observed.parts.every(({ reading }, index) => reading.format === formats[index]);
}

/** False where the text is certainly damaged, in itself or in a text inside it. */
function isSound({ base, inside, edits, what }: Mutant): boolean {
  const [seed] = base.seeds as [Seed];
  // An archive keeps no sums of what is not compressed.
  if (!inside) return true;
  const bytes = applyEdits(seed.bytes, edits);
  if (seed.kind === 'csv') return isSoundCsv(bytes);
  if (seed.kind === 'yaml')
    return parseAllDocuments(bytes.toString('utf8')).every(({ errors }) => errors.length === 0);
  if (seed.kind !== 'json') return true;
  // Zeros behind a text that is whole are no damage to it; the program says `nul-padding`.
  const documents = jsonPlaces(bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1));
  // What is put in on purpose may be any text; bytes that change by themselves damage the one that was there.
  if (documents === null || what !== 'bytes') return documents !== null;
  return documents.every((document) =>
    everyPlace(document).values.every((place) => {
      return (
        place.kind !== 'string' ||
        isSoundText(JSON.parse(bytes.toString('utf8', place.from, place.to)) as string)
      );
    }),
  );
}

/** False for the text of a policy that is no JSON. */
function isSoundText(text: string): boolean {
  try {
    const plain = /^%7B/i.test(text) ? decodeURIComponent(text) : text;
    if (plain.startsWith('{"')) JSON.parse(plain);
    return true;
  } catch {
    return false;
  }
}
