import type { Database } from 'better-sqlite3';
import type { MemberList } from '../../model/account-lists.ts';
import { type AccountRelations, type KnownAccount, NO_RELATIONS } from '../../model/relations.ts';
import {
  type AccountListsThen,
  keptLists,
  keptText,
  saveMembers,
  saveRelations,
} from '../lists/account-lists.ts';
import type { MergedRun } from './runs.ts';

type Accounts = readonly (readonly [id: string, known: KnownAccount])[];

/** What a run was told by one list or both; null: it was not, and what was known before stands. */
interface Told {
  readonly organisation: {
    readonly members: MemberList | null;
    readonly accounts: Accounts;
    readonly known: boolean;
  } | null;
  readonly vendors: Accounts | null;
}

const NOTHING: AccountListsThen = { members: null, relations: NO_RELATIONS };

/** What the runs of a store were told, by run: a list replaces that of its kind, as far as the scans knew of each other. */
export function toldInRuns(db: Database): ReadonlyMap<number, Told> {
  const rows = db
    .prepare<[], { run: number; list: string }>(
      'SELECT run_id AS run, list FROM account_list ORDER BY run_id',
    )
    .all();
  const told = new Map<number, Told>();
  let before = partsOf(NOTHING);
  for (const { run, list } of rows) {
    const now = partsOf(keptLists(list));
    told.set(run, {
      organisation: isSame(now.organisation, before.organisation) ? null : now.organisation,
      vendors: isSame(now.vendors, before.vendors) ? null : now.vendors,
    });
    before = now;
  }
  return told;
}

/** Writes which lists each run knew, and those of the last as those of the store. */
export function writeLists(
  db: Database,
  runs: readonly MergedRun[],
  told: readonly ReadonlyMap<number, Told>[],
): void {
  const add = db.prepare('INSERT INTO account_list (run_id, list) VALUES (?, ?)');
  let known = partsOf(NOTHING);
  let last: string | null = null;
  for (const { id, of } of runs) {
    for (const { store, id: own } of of) {
      const { organisation = null, vendors = null } = told[store]?.get(own) ?? {};
      known = { organisation: organisation ?? known.organisation, vendors: vendors ?? known.vendors };
    }
    const list = keptText(together(known));
    if (list !== last) add.run(id, list);
    last = list;
  }
  const { members, relations } = together(known);
  if (members !== null) saveMembers(db, members);
  saveRelations(db, relations);
}

type Parts = { readonly [Kind in keyof Told]: NonNullable<Told[Kind]> };

function partsOf({ members, relations }: AccountListsThen): Parts {
  const all = [...relations.accounts];
  const isOwn = ([, { relation }]: Accounts[number]): boolean => relation === 'same-organisation';
  return {
    organisation: { members, accounts: all.filter(isOwn), known: relations.organisationKnown },
    vendors: all.filter((one) => !isOwn(one)),
  };
}

/** An account on both lists belongs to the organisation. */
function together({ organisation, vendors }: Parts): AccountListsThen {
  const accounts = new Map([...vendors, ...organisation.accounts]);
  const relations: AccountRelations = {
    accounts: new Map([...accounts].sort(([a], [b]) => (a < b ? -1 : 1))),
    organisationKnown: organisation.known,
  };
  return { members: organisation.members, relations };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
