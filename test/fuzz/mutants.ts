import { Dice } from '../../bench/generate-random.ts';
import { ARCHIVES, WRAPPINGS } from './containers.ts';
import { applyEdits, type Edit, inOrder } from './edits.ts';
import { jsonPlaces, type Place } from './json-places.ts';
import { mutateFrame, mutateTar, mutateZip } from './mutate/archives.ts';
import { mutateBytes } from './mutate/bytes.ts';
import { mutateCsv } from './mutate/csv.ts';
import { mutateJson } from './mutate/json.ts';
import { mutateParquet, mutateSqlite } from './mutate/tables.ts';
import { rewriteText } from './mutate/whole-text.ts';
import { mutateYaml } from './mutate/yaml.ts';
import { SEEDS, type Seed, seedNamed } from './seeds.ts';

/** A whole file that inputs are made of: a seed, a seed in a wrapping, or an archive of several. */
export interface Base {
  readonly name: string;
  readonly path: string;
  /** What is in it, as it is without its wrapping. */
  readonly seeds: readonly Seed[];
  /** As a file holds it. */
  readonly bytes: Buffer;
  /** True where the bytes are the seed itself. */
  readonly plain: boolean;
}

/** One input and how it was made. */
export interface Mutant {
  readonly what: string;
  readonly base: Base;
  /** True where the edits are of the only seed, before it was wrapped; else they are of the bytes of the base. */
  readonly inside: boolean;
  readonly edits: readonly Edit[];
  /** True where every role is to come out as of the base. */
  readonly keeps: boolean;
  readonly bytes: Buffer;
}

/** Of archives: seeds whose roles differ in the way they are written. */
const GROUPS: readonly (readonly string[])[] = [
  ['gaad-compact', 'cloudquery-lines'],
  ['list-roles.json', 'cloudquery-csv', 'gaad-yaml'],
  ['aws-config.json', 'steampipe.json', 'cloudquery-lines', 'prowler-ocsf.json'],
  ['cloudquery-sqlite', 'gaad.json'],
];
const TEXTS: ReadonlySet<string> = new Set(['json', 'csv', 'yaml', 'js']);
const TOTAL = SEEDS.reduce((sum, { weight }) => sum + weight, 0);
const bases = new Map<string, Base>();
const parsed = new Map<Seed, readonly Place[] | null>();

/** A base by its name, made once. */
export function baseNamed(name: string): Base {
  const known = bases.get(name);
  if (known !== undefined) return known;
  const [seed, wrapping] = name.split(' | ') as [string, string | undefined];
  const base = wrapping === undefined ? plainBase(seed) : wrappedBase(name, seed, wrapping);
  bases.set(name, base);
  return base;
}

function plainBase(name: string): Base {
  const seed = seedNamed(name);
  return { name, path: seed.path, seeds: [seed], bytes: seed.bytes, plain: true };
}

function wrappedBase(name: string, inside: string, wrapping: string): Base {
  const seeds = inside.split(' + ').map(seedNamed);
  const [first] = seeds as [Seed];
  if (wrapping in WRAPPINGS) {
    const bytes = WRAPPINGS[wrapping as keyof typeof WRAPPINGS](first.bytes);
    return { name, path: first.path, seeds, bytes, plain: false };
  }
  const members = seeds.map(({ path, bytes }) => ({ name: path, bytes }));
  return {
    name,
    path: 'dump/archive',
    seeds,
    bytes: ARCHIVES[wrapping as keyof typeof ARCHIVES](members),
    plain: false,
  };
}

export function places(seed: Seed): readonly Place[] | null {
  let found = parsed.get(seed);
  if (found === undefined) {
    found = seed.kind === 'json' ? jsonPlaces(seed.bytes) : null;
    parsed.set(seed, found);
  }
  return found;
}

/** The input of a number: the same for the same run seed on every machine and in every order. */
export function mutantOf(runSeed: number, index: number): Mutant {
  const dice = new Dice(Math.imul(runSeed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  for (let skipped = 0; skipped < 4; skipped++) dice.next();
  const chosen = dice.next();
  if (chosen < 0.1) return ofArchive(dice);
  const seed = anySeed(dice);
  if (chosen < 0.2 && TEXTS.has(seed.kind) && seed.bytes.length < 20_000) return ofWrapping(seed, dice);
  return inSeed(baseNamed(seed.name), seed, dice);
}

function anySeed(dice: Dice): Seed {
  let left = dice.next() * TOTAL;
  for (const seed of SEEDS) {
    left -= seed.weight;
    if (left < 0) return seed;
  }
  return SEEDS[0] as Seed;
}

const others = () => SEEDS.map(({ bytes }) => bytes);

function ofArchive(dice: Dice): Mutant {
  const wrapping = dice.pick(Object.keys(ARCHIVES));
  const base = baseNamed(`${dice.pick(GROUPS).join(' + ')} | ${wrapping}`);
  const packed = wrapping.endsWith('in gzip');
  const known = packed
    ? mutateFrame
    : wrapping.includes('zip') && wrapping !== 'zip in tar'
      ? mutateZip
      : mutateTar;
  const edits = dice.chance(0.6) ? known(base.bytes, dice) : mutateBytes(base.bytes, others(), dice);
  return made('archive', base, false, edits);
}

function ofWrapping(seed: Seed, dice: Dice): Mutant {
  const wrapping = dice.pick(Object.keys(WRAPPINGS) as (keyof typeof WRAPPINGS)[]);
  const base = baseNamed(`${seed.name} | ${wrapping}`);
  if (dice.chance(0.7)) {
    const edits = dice.chance(0.5) ? mutateFrame(base.bytes, dice) : mutateBytes(base.bytes, others(), dice);
    return made('wrapping', base, false, edits);
  }
  return inSeed(base, seed, dice);
}

/** Changes the text or table, which is wrapped again where it was. */
function inSeed(base: Base, seed: Seed, dice: Dice): Mutant {
  const { bytes, kind } = seed;
  if (TEXTS.has(kind) && dice.chance(0.04)) {
    const { what, edits, keeps } = rewriteText(bytes, kind, dice);
    return made(what, base, true, edits, keeps);
  }
  const documents = places(seed);
  if (dice.chance(0.35)) return made('bytes', base, true, mutateBytes(bytes, others(), dice));
  if (documents !== null) return made('json', base, true, mutateJson(bytes, documents, dice));
  const known = { csv: mutateCsv, yaml: mutateYaml, parquet: mutateParquet, sqlite: mutateSqlite }[
    kind as 'csv'
  ];
  if (known !== undefined) return made(kind, base, true, known(bytes, dice));
  return made('bytes', base, true, mutateBytes(bytes, others(), dice));
}

function made(what: string, base: Base, inside: boolean, edits: readonly Edit[], keeps = false): Mutant {
  return remade({ what, base, inside, keeps }, edits);
}

/** The same with other edits. */
export function remade(mutant: Omit<Mutant, 'edits' | 'bytes'>, given: readonly Edit[]): Mutant {
  const { base, inside } = mutant;
  const edits = inOrder(given);
  if (!inside || base.plain) return { ...mutant, edits, bytes: applyEdits(base.bytes, edits) };
  const wrapping = base.name.split(' | ')[1] as keyof typeof WRAPPINGS;
  return { ...mutant, edits, bytes: WRAPPINGS[wrapping](applyEdits((base.seeds[0] as Seed).bytes, edits)) };
}
