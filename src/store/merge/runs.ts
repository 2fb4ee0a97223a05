import type { RunColumns, RunOfInput, ShardOfRun } from './run-of-input.ts';

/** A run of the merged store. */
export interface MergedRun {
  readonly id: number;
  readonly of: readonly RunOfInput[];
  readonly columns: RunColumns;
  readonly shard: ShardOfRun | null;
  /** It is all shards of one list that are there. */
  readonly isSet: boolean;
}

/**
 * Which runs the merged store has, in order. Neither the order of the stores nor how they were grouped matters. The shards of a
 * list that came to their end become one run. One that was killed joins them when its part was read by another; else it stays by itself.
 */
export function mergeRuns(stores: readonly (readonly RunOfInput[])[]): readonly MergedRun[] {
  const finished = finishedParts(stores.flat());
  const groups = new Map<string, { readonly isSet: boolean; readonly of: RunOfInput[] }>();
  for (const runs of stores) {
    const seen = new Map<string, number>();
    for (const run of runs) {
      const set = setOf(run);
      const isSet = set !== null && run.shard?.read.every((part) => finished.get(set)?.has(part)) === true;
      const name = isSet ? set : JSON.stringify([run.columns, run.files, run.shard]);
      // A store may have two runs that are alike in all; a copy of it has both, too.
      const times = isSet ? 0 : (seen.get(name) ?? 0);
      seen.set(name, times + 1);
      const key = `${name} ${times}`;
      const group = groups.get(key) ?? { isSet, of: [] };
      groups.set(key, group);
      group.of.push(run);
    }
  }
  const merged = [...groups.values()].map(
    ({ isSet, of }): Joined => ({ of, isSet, ...(isSet ? joined(of) : asItIs(of)) }),
  );
  return inOrder(merged).map((run, index) => ({ id: index + 1, ...run }));
}

/** Names the list and the number of its parts; null for a run that read all of its inputs. */
function setOf({ shard }: RunOfInput): string | null {
  return shard === null || shard.parts === 1 ? null : JSON.stringify([shard.list, shard.parts]);
}

function asItIs([first]: readonly RunOfInput[]): Pick<Joined, 'columns' | 'shard'> {
  const { columns, shard } = first as RunOfInput;
  return { columns, shard };
}

/** The parts that some run has read to its end, by list. */
function finishedParts(runs: readonly RunOfInput[]): ReadonlyMap<string, ReadonlySet<number>> {
  const finished = new Map<string, Set<number>>();
  for (const run of runs) {
    const set = setOf(run);
    if (set === null || run.columns.status === 'interrupted') continue;
    const parts = finished.get(set) ?? new Set();
    for (const part of run.shard?.read ?? []) parts.add(part);
    finished.set(set, parts);
  }
  return finished;
}

type Joined = Omit<MergedRun, 'id'>;

/** One run for all shards of a list that are there. How it ended is found out later. */
function joined(of: readonly RunOfInput[]): Pick<Joined, 'columns' | 'shard'> {
  const [first] = of as readonly [RunOfInput];
  const ends = of.flatMap(({ columns }) => columns.finishedAt ?? []);
  const { list = '', parts = 0 } = first.shard ?? {};
  const read = new Set(of.flatMap(({ shard }) => shard?.read ?? []));
  return {
    columns: {
      ...first.columns,
      startedAt: least(of.map(({ columns }) => columns.startedAt)),
      finishedAt: ends.sort().at(-1) ?? null,
      asOf: least(of.map(({ columns }) => columns.asOf)),
      options: optionsOfAll(of),
      status: 'incomplete',
    },
    shard: { list, parts, read: [...read].sort((a, b) => a - b) },
  };
}

/** Those of a scan of the whole list. When evidence was received is said of the first shard. */
function optionsOfAll(of: readonly RunOfInput[]): string {
  const all = of.map(({ columns }) => optionsIn(columns.options));
  const received = all.flatMap(({ receivedAt }) => (typeof receivedAt === 'string' ? [receivedAt] : []));
  return JSON.stringify({ ...all[0], ...(received.length > 0 && { receivedAt: least(received) }) });
}

/** Names the first difference between two shards of one list that may have changed what they found; undefined: there is none. */
export function differenceOf(one: RunOfInput, other: RunOfInput): string | undefined {
  if (one.columns.asOf !== other.columns.asOf && !(beganThen(one) && beganThen(other))) return '--as-of';
  const [of, ofOther] = [commonToShards(one), commonToShards(other)];
  return Object.keys(of).find((name) => of[name] !== ofOther[name]);
}

/** Without --as-of a shard takes the moment at which it began. Only rules of rule files look at it. */
function beganThen({ columns, further }: RunOfInput): boolean {
  return columns.asOf === columns.startedAt && !further;
}

/** By what it is called in messages. */
function commonToShards({ columns, lists }: RunOfInput): Readonly<Record<string, string>> {
  const { receivedAt: _, paths, ...options } = optionsIn(columns.options);
  return {
    'the version of trustsieve': columns.toolVersion,
    '--rules': columns.rules,
    '--exceptions': columns.exceptions,
    '--stale-after or --max-age': JSON.stringify([columns.staleAfter, columns.maxAge]),
    '--accounts or --known-accounts': lists,
    'the paths': JSON.stringify(paths),
    '--account, --captured-at, --format or --whole': JSON.stringify(options, Object.keys(options).sort()),
  };
}

function optionsIn(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/**
 * By the time at which they began. Of those that began in the same second a store knows which came first; where none does, they go by
 * when they ended and by what they say.
 */
function inOrder(runs: readonly Joined[]): readonly Joined[] {
  const sorted = runs
    .map((run) => ({ run, key: keyOf(run) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ run }) => run);
  const ordered: Joined[] = [];
  for (let from = 0; from < sorted.length; ) {
    const { startedAt } = (sorted[from] as Joined).columns;
    let to = from;
    while (sorted[to]?.columns.startedAt === startedAt) to++;
    ordered.push(...asStoresHaveThem(sorted.slice(from, to)));
    from = to;
  }
  return ordered;
}

function keyOf({ columns, of, shard }: Joined): string {
  const [first] = of;
  return JSON.stringify([columns.startedAt, columns.finishedAt ?? '', columns, shard?.list ?? first?.files]);
}

/** Takes the first that no store has behind another one; where stores contradict each other, the first. */
function asStoresHaveThem(runs: readonly Joined[]): readonly Joined[] {
  const left = [...runs];
  const ordered: Joined[] = [];
  while (left.length > 0) {
    const free = left.findIndex((run) => !left.some((other) => other !== run && isBehind(run, other)));
    ordered.push(...left.splice(Math.max(0, free), 1));
  }
  return ordered;
}

function isBehind(run: Joined, other: Joined): boolean {
  return run.of.some((one) =>
    other.of.some(
      (two) => two.store === one.store && two.id < one.id && two.columns.startedAt === one.columns.startedAt,
    ),
  );
}

function least(texts: readonly string[]): string {
  return [...texts].sort()[0] ?? '';
}
