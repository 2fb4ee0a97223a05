import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type DiffChange, diffStore } from '../../../src/history/compare/diff.ts';
import { openReport, TREND_RULE } from '../../../src/history/report/report.ts';
import { trendOf } from '../../../src/history/trend/trend.ts';
import type { TrendPoint } from '../../../src/model/trend.ts';
import type { Store } from '../../../src/store/index.ts';
import { cli } from '../../cli/harness.ts';
import type { EvidenceFile } from './evidence.ts';

/** What the program tells of histories, as far as the model has a say in it. */

export const AS_OF = '2027-01-01T00:00:00Z';

/** Writes the files into a folder and reads them in this order, in so many scans; gives the path of the store. */
export async function storeOf(
  folder: string,
  files: readonly EvidenceFile[],
  scans = 1,
  name = 'trustsieve.db',
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const paths = files.map(({ name: file, text }) => {
    const path = join(folder, file);
    writeFileSync(path, text);
    return path;
  });
  const db = join(folder, name);
  const size = Math.ceil(paths.length / scans);
  for (let at = 0; at < paths.length; at += size) {
    const options = ['--db', db, '--as-of', AS_OF, '--quiet'];
    const { exit, stderr } = await cli(['scan', ...paths.slice(at, at + size), ...options]);
    if (exit !== 0 && exit !== 3) throw new Error(`scan: exit ${exit}: ${stderr}`);
  }
  return db;
}

/** What the model says of a verdict object. */
export interface ToldRow {
  readonly account: string;
  readonly arn: string;
  readonly roleId: string;
  readonly verdict: string;
  readonly lets: readonly string[];
  readonly disputed: boolean;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly state: string | null;
}

interface VerdictLine extends Omit<ToldRow, 'lets' | 'disputed'> {
  readonly notes: readonly string[];
  readonly paths: readonly { readonly account: string; readonly guards: readonly string[] }[];
}

export function rowOf(line: VerdictLine): ToldRow {
  const { account, arn, roleId, verdict, firstSeen, lastSeen, state, notes, paths } = line;
  const unguarded = verdict === 'fail' ? paths.filter(({ guards }) => guards.length === 0) : [];
  const lets = [...new Set(unguarded.map((path) => path.account))].sort();
  const disputed = notes.includes('conflicting-records');
  return { account, arn, roleId, verdict, lets, disputed, firstSeen, lastSeen, state };
}

/** The rows of roles in a report as lines of JSON; what is missing has lines without an ARN. */
export function rowsOfNdjson(text: string): readonly ToldRow[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as VerdictLine)
    .filter(({ arn }) => arn !== '')
    .map(rowOf);
}

/** The rows of a report, or of one at a moment. */
export function toldRows(store: Store, at?: string): readonly ToldRow[] {
  const report = openReport(store, { asOf: AS_OF, ...(at !== undefined && { at: at.slice(0, -1) }) });
  const outcomes = ['fail', 'error', 'pass', 'not-applicable'] as const;
  return [...report.verdicts({ outcomes })].map(({ object }) => {
    const { firstSeen, lastSeen } = object;
    return rowOf({ ...object, firstSeen: firstSeen ?? '', lastSeen: lastSeen ?? '' });
  });
}

export function toldDiff(store: Store, from: string, to: string) {
  const at = (time: string) => ({ label: time, scope: { kind: 'at', time: time.slice(0, -1) } }) as const;
  const { coverage, summary, changes } = diffStore(store, at(from), at(to), { all: true });
  return { coverage: coverage.accounts, summary, changes: [...changes].map(changeOf) };
}

/** What the model says of a change. */
export function changeOf({ change, cause, rule, account, arn, roleId, fromVerdict, toVerdict }: DiffChange) {
  return { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict };
}

export function toldTrend(store: Store) {
  return trendOf(store.reader, { kind: 'all' }, TREND_RULE, 'day').map(pointOf);
}

/** What the model says of a point; it grades nothing, so severities only have to add up. */
export function pointOf({ failRate: _, severities, ...point }: TrendPoint) {
  expect(Object.values(severities).reduce((sum, count) => sum + count)).toBe(point.fail);
  return point;
}
