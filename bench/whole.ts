import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Usage } from './child.ts';
import { compare } from './compare.ts';
import { type Contender, HASH, RIVALS, removeStore, scan } from './contenders.ts';
import { ORDINARY, REAL, rolesFor, sizeOf, writeEvidence } from './generate-file.ts';
import type { Recipe } from './generate-organisation.ts';

/** One file: trustsieve, which judges and stores every role, and its rivals. */

interface Case {
  readonly title: string;
  readonly format: string;
  readonly shares: Partial<Recipe>;
  readonly rivals: readonly Contender[];
}

const FEW = { distinct: 0.04 };

export const CASES = {
  pretty: { title: 'GAAD, pretty, 4 % distinct', format: 'gaad', shares: FEW, rivals: RIVALS.documents },
  compact: {
    title: 'GAAD, compact, 4 % distinct',
    format: 'gaad-compact',
    shares: FEW,
    rivals: RIVALS.documents,
  },
  'pretty-real': {
    title: 'GAAD, pretty, as real: 30 % distinct, 5 % with Denies, 1 % odd',
    format: 'gaad',
    shares: REAL,
    rivals: RIVALS.documents,
  },
  ndjson: {
    title: 'CloudQuery NDJSON, 4 % distinct',
    format: 'cloudquery',
    shares: FEW,
    rivals: RIVALS.lines,
  },
  // As odd elements stop DuckDB (a repeated key), it is measured without them, too.
  'ndjson-distinct': {
    title: 'CloudQuery NDJSON, 30 % distinct',
    format: 'cloudquery',
    shares: { distinct: REAL.distinct },
    rivals: RIVALS.lines,
  },
  'ndjson-real': {
    title: 'CloudQuery NDJSON, as real: 30 % distinct, 5 % with Denies, 1 % odd',
    format: 'cloudquery',
    shares: REAL,
    rivals: RIVALS.lines,
  },
} as const satisfies Readonly<Record<string, Case>>;

export type CaseName = keyof typeof CASES;

export interface WholeOptions {
  /** Where files may be written. */
  readonly folder: string;
  /** Size of the file, as the generator takes it. */
  readonly bytes: string;
  readonly runs: number;
}

/** @returns the medians by contender */
export async function benchWhole(
  name: CaseName,
  { folder, bytes, runs }: WholeOptions,
  wanted: (contender: Contender) => boolean = () => true,
): Promise<ReadonlyMap<string, Usage>> {
  const { title, format, shares, rivals }: Case = CASES[name];
  const roles = rolesFor(format, sizeOf(bytes));
  const path = join(folder, `${name}.json`);
  await writeEvidence(format, { ...ORDINARY, ...shares, roles, accounts: Math.min(10, roles) }, path);
  try {
    const size = `${Math.round(statSync(path).size / 1e6)} MB, ${roles.toLocaleString('en')} roles`;
    const contenders = [...rivals.filter(wanted), HASH, scan()];
    return await compare({ title: `${title}, ${size}`, path, contenders, runs, roles });
  } finally {
    rmSync(path);
    rmSync(`${path}.duckdb`, { force: true });
    removeStore();
  }
}
