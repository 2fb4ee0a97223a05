import { type Capture, distinct, HARMLESS } from './captures.ts';
import { type PolicyName, policySha256, type Source } from './evidence.ts';

/** A role as it was shown at one moment. */
export interface Sighting {
  readonly at: string;
  readonly policies: readonly PolicyName[];
  readonly disputed: boolean;
}

/** A role: the same one whether or not files had its id, so long as it stood. */
export interface Life {
  /** The id it goes by in the end; '' when no file has shown one. */
  id: string;
  /** In order of time. */
  sightings: Sighting[];
  /** The role that this one turned out to be. */
  same: Life | null;
}

/** What stands of one ARN after a capture. */
export interface Stage {
  readonly at: string;
  /** Those that stand, in the order of their ids then. */
  readonly standing: readonly Life[];
  /** The id by which each of them went then. */
  readonly ids: ReadonlyMap<Life, string>;
  /** Those that were ever shown by then. */
  readonly known: readonly Life[];
  readonly last: 'shown' | 'deleted' | 'not-shown' | null;
  readonly lastAt: string | null;
  /** Whether a capture after the last that was known may lack roles. */
  readonly gapSince: boolean;
}

export const UNSEEN: Stage = {
  at: '',
  standing: [],
  ids: new Map(),
  known: [],
  last: null,
  lastAt: null,
  gapSince: false,
};

const isWhole = ({ claims }: Source): boolean => claims === 'all';
const isCut = ({ claims }: Source): boolean => claims !== 'all' && !HARMLESS.includes(claims);

/** What one moment shows of an ARN: the policies by role id, ids as they are reported. */
interface Shown {
  readonly policies: Map<string, PolicyName[]>;
  readonly disputed: Set<string>;
}

function shownAt(capture: Capture, name: string, before: readonly Life[]): Shown {
  const shows = capture.sources.flatMap((source) => source.shows).filter((shown) => shown.name === name);
  const gone = capture.sources.flatMap((source) => source.gone).filter((one) => one.name === name);
  const policies = new Map<string, PolicyName[]>();
  const show = (id: string, policy: PolicyName): void => {
    policies.set(id, [...(policies.get(id) ?? []), policy]);
  };
  // Of equally bad policies the first counts: those of files with ids, the greatest hash first.
  const ranked = [...shows].sort((a, b) => (policySha256(a.policy) < policySha256(b.policy) ? 1 : -1));
  for (const { id, policy } of ranked) if (id !== '') show(id, policy);
  const named = distinct([...policies.keys()]);
  const told = new Map([...policies].map(([id, list]) => [id, [...list]]));
  const left = before.find((life) => !gone.some(({ id }) => id !== '' && id === life.id));
  for (const { policy } of ranked.filter(({ id }) => id === '')) {
    const alike = named.find((id) => told.get(id)?.includes(policy));
    show(alike ?? named[0] ?? left?.id ?? '', policy);
  }

  const disputed = new Set<string>();
  const showing = capture.sources.filter((source) => source.shows.some((shown) => shown.name === name));
  // A file that was cut off may be the page before one that looks whole, and files may be parts of one export.
  const lacking = capture.sources.some(
    (source) =>
      isWhole(source) &&
      !showing.includes(source) &&
      showing.some((one) => !isCut(one) && (one.partOf === null || one.partOf !== source.partOf)),
  );
  for (const [id, list] of policies) {
    const saidGone = gone.some((one) => one.id === '' || one.id === id);
    if (distinct(list).length > 1 || saidGone || lacking) disputed.add(id);
  }
  return { policies, disputed };
}

/** The course of one ARN: what stands after each capture of the account. */
export function stagesOf(captures: readonly Capture[], name: string): readonly Stage[] {
  const stages: Stage[] = [];
  const known: Life[] = [];
  let standing: readonly Life[] = [];
  let last: Stage['last'] = null;
  let lastAt: string | null = null;
  let gapSince = false;

  const lifeWith = (id: string): Life => {
    const found = known.find((life) => life.same === null && life.id === id);
    if (found !== undefined) return found;
    const life: Life = { id, sightings: [], same: null };
    known.push(life);
    return life;
  };

  for (const capture of captures) {
    const { at } = capture;
    const { policies, disputed } = shownAt(capture, name, standing);
    const named = distinct([...policies.keys()].filter((id) => id !== ''));
    const isNamed = capture.sources.some(({ shows }) =>
      shows.some((shown) => shown.name === name && shown.id !== ''),
    );
    if (isNamed) {
      const [only] = standing;
      const [first = ''] = named;
      if (standing.length === 1 && only?.id === '') takeOver(only, first, known);
      standing = named.map(lifeWith);
    } else if (policies.size > 0) {
      // One of those that stood; or a stretch of its own: only that can turn out to be a role with an id.
      const [id = ''] = policies.keys();
      let one = standing.find((life) => life.id === id);
      if (one === undefined) {
        one = { id: '', sightings: [], same: null };
        known.push(one);
      }
      standing = [one];
    }
    for (const [id, list] of policies) {
      const life = standing.find((one) => one.id === id) ?? lifeWith(id);
      life.sightings.push({ at, policies: [...new Set(list)], disputed: disputed.has(id) });
    }

    const gone = capture.sources.flatMap((source) => source.gone).filter((one) => one.name === name);
    // That an id which nobody ever saw is gone says nothing of the ARN.
    const wasThere = gone.some(
      ({ id }) =>
        id === '' || known.some((life) => life.id === id && life.sightings.some((one) => one.at < at)),
    );
    for (const { id } of gone) {
      if (id === '' && policies.size === 0) standing = [];
      if (id !== '' && !policies.has(id)) standing = standing.filter((life) => life.id !== id);
    }
    if (capture.complete && policies.size === 0) standing = [];

    const proof = policies.size > 0 ? 'shown' : wasThere ? 'deleted' : capture.complete ? 'not-shown' : null;
    if (proof !== null) {
      last = proof;
      lastAt = at;
      gapSince = false;
    } else if (capture.gap) {
      gapSince = true;
    }
    const ids = new Map(standing.map((life) => [life, life.id]));
    stages.push({ at, standing, ids, known: [...known], last, lastAt, gapSince });
  }
  // What was gone and came back, never with an id, is one role.
  const [first, ...later] = known.filter((life) => life.same === null && life.id === '');
  if (first !== undefined) for (const life of later) merge(life, first);
  return stages;
}

/** A role with an id turns out to be the one that was seen without. */
function takeOver(nameless: Life, id: string, known: readonly Life[]): void {
  const earlier = known.find((life) => life.same === null && life.id === id);
  if (earlier === undefined) {
    nameless.id = id;
    return;
  }
  merge(nameless, earlier);
}

function merge(life: Life, into: Life): void {
  const sightings = [...into.sightings, ...life.sightings];
  into.sightings = sightings.sort((a, b) => (a.at < b.at ? -1 : 1));
  life.same = into;
}

export const itself = (life: Life): Life => (life.same === null ? life : itself(life.same));
