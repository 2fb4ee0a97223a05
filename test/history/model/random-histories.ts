import fc from 'fast-check';
import {
  type EvidenceFile,
  evidenceFile,
  type Gone,
  type Kind,
  LINKED,
  type PolicyName,
  type Shown,
} from './evidence.ts';

/**
 * Random histories as folders of files. AWS Config always tells what was: `Step`s are its story. All other sources show
 * that too, with `Lie`s.
 */

const ACCOUNTS = ['111122223333', '222233334444'] as const;
const NAMES = ['A', 'B', 'C'] as const;
const IDS = ['AROAONE00000000000000', 'AROATWO00000000000000', 'AROATHREE000000000000'] as const;
const MOMENTS = [
  '01-10T00',
  '01-10T12',
  '01-31T00',
  '02-03T00',
  '02-03T12',
  '02-03T18',
  '03-30T00',
  '04-01T00',
];
export const TIMES = MOMENTS.map((moment) => `2026-${moment}:00:00Z`);

type Name = (typeof NAMES)[number];
type Step = 'gone' | 'anew' | PolicyName | null;
type Lie =
  | { readonly what: 'lacks' }
  | { readonly what: 'without-id' }
  | { readonly what: 'shows'; readonly id: string; readonly policy: PolicyName }
  | { readonly what: 'shows-twice'; readonly id: string | null; readonly policy: PolicyName };

const policy = fc.constantFrom<PolicyName[]>(
  'third',
  'third',
  'other',
  'two',
  'anyone',
  'guarded',
  'service',
  'damaged',
);
const id = fc.constantFrom(...IDS, '');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>(null) },
  { weight: 1, arbitrary: fc.constant<Step>('gone') },
  { weight: 1, arbitrary: fc.constant<Step>('anew') },
  { weight: 2, arbitrary: policy },
);
const lie: fc.Arbitrary<Lie | null> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constant<Lie>({ what: 'lacks' }) },
  { weight: 1, arbitrary: fc.constant<Lie>({ what: 'without-id' }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('shows' as const), id, policy }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('shows-twice' as const), id: fc.option(id), policy }),
  },
);
const perName = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<Readonly<Record<Name, T>>> =>
  fc.record({ A: one, B: one, C: one });

const kind = fc.constantFrom<Kind[]>(
  'gaad',
  'gaad',
  'gaad-cut',
  'list-whole',
  'list-maybe',
  'get-role',
  'cloudquery',
  'prowler',
  'prowler',
  'config-snapshot',
  'config-without-roles',
  'config-history',
  'config-history',
);
/** AWS Config may tell of a deletion later than others, or without the id. */
const source = fc.record({ kind, lies: perName(lie), late: fc.boolean(), nameless: fc.boolean() });
const moment = fc.record({
  steps: perName(step),
  sources: fc.oneof(
    { weight: 6, arbitrary: fc.array(source, { maxLength: 1 }) },
    { weight: 3, arbitrary: fc.array(source, { minLength: 2, maxLength: 3 }) },
  ),
});
type Moment = typeof moment extends fc.Arbitrary<infer T> ? T : never;
type Given = Moment['sources'][number];

/** Moments of one account, or of two. */
export const worlds = fc.array(fc.array(moment, { minLength: 3, maxLength: TIMES.length }), {
  minLength: 1,
  maxLength: ACCOUNTS.length,
});
export type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

/** All files of a world, in the order of accounts and moments. */
export function filesOf(world: World): readonly EvidenceFile[] {
  return world.flatMap((moments, index) => accountFiles(ACCOUNTS[index] ?? '', moments));
}

interface Real {
  readonly id: string;
  readonly policy: PolicyName;
  readonly since: string;
}

function accountFiles(account: string, moments: readonly Moment[]): readonly EvidenceFile[] {
  const there = new Map<Name, Real>();
  const used = new Map<Name, number>();
  /** Deletions that AWS Config has not told of. */
  let untold: readonly Gone[] = [];
  return moments.flatMap(({ steps, sources }, index) => {
    const at = TIMES[index] ?? '';
    const gone: Gone[] = [];
    const made: Shown[] = [];
    for (const name of NAMES) {
      const one = steps[name];
      const before = there.get(name);
      const count = used.get(name) ?? 0;
      const nextId = IDS[count];
      if (one === null || (before === undefined && one === 'gone')) continue;
      const stays = before !== undefined && one !== 'gone' && one !== 'anew';
      const real = stays
        ? { id: before.id, policy: one, since: at }
        : one === 'gone' || nextId === undefined
          ? null
          : { id: nextId, policy: one === 'anew' ? ('third' as const) : one, since: at };
      if (before !== undefined && !stays) gone.push({ name, id: before.id });
      if (real !== null && !stays) used.set(name, count + 1);
      if (real === null) there.delete(name);
      else {
        there.set(name, real);
        made.push({ name, ...real });
      }
    }
    const all: readonly Shown[] = [...there].map(([name, real]) => ({ name, ...real }));
    const late = untold;
    untold = [...untold, ...gone];
    return sources.flatMap((given, place): readonly EvidenceFile[] => {
      const tag = String(place);
      const { kind: what } = given;
      if (what === 'config-snapshot') {
        return [evidenceFile(what, account, at, { shows: [LINKED, ...all], tag })];
      }
      if (what === 'config-without-roles') return [evidenceFile(what, account, at, { tag })];
      if (what === 'config-history') {
        const told = given.late ? late : gone;
        const ids = given.nameless ? told.map(({ name }) => ({ name, id: '' })) : told;
        const shows = given.late ? [] : made;
        if (shows.length + ids.length === 0) return [];
        untold = untold.filter((one) => !told.includes(one));
        return [evidenceFile(what, account, at, { shows, gone: ids, tag })];
      }
      return otherFile(given, account, at, all, tag);
    });
  });
}

function otherFile(
  { kind: what, lies }: Given,
  account: string,
  at: string,
  all: readonly Shown[],
  tag: string,
): readonly EvidenceFile[] {
  const told = NAMES.flatMap((name): readonly Shown[] => {
    const real = all.find((shown) => shown.name === name);
    const one = lies[name];
    if (one === null) return real === undefined ? [] : [real];
    if (one.what === 'shows') return [{ name, id: one.id, policy: one.policy }];
    if (real === undefined || one.what === 'lacks') return [];
    if (one.what === 'without-id') return [{ ...real, id: '' }];
    return [real, { name, id: one.id ?? real.id, policy: one.policy }];
  });
  if (what === 'prowler') {
    const shows = told.map((shown) => ({ ...shown, id: '' }));
    return shows.length === 0 ? [] : [evidenceFile(what, account, at, { shows, tag })];
  }
  if (what === 'get-role' || what === 'list-maybe') {
    return told.length === 0 ? [] : [evidenceFile(what, account, at, { shows: told, tag })];
  }
  return [evidenceFile(what, account, at, { shows: [LINKED, ...told], tag })];
}
