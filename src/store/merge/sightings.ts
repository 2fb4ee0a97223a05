import type { Database } from 'better-sqlite3';
import { BoundedMap } from '../../text/bounded-map.ts';
import { ChunkBuilder } from '../fold/chunk-builder.ts';
import { decodeSightings } from '../schema/sighting-codec.ts';
import type { Names } from './facts.ts';
import type { Renumbered } from './names.ts';
import { COUNTS } from './plan.ts';

/** Sightings that are written at a time. */
const PAGE = 4096;
const REMEMBERED = 10_000;

interface Group {
  readonly account: string;
  readonly at: string;
  readonly old: number;
  readonly evidence: number;
}

/** Adds which roles the files of the attached store show, with the numbers of the merged one. */
export function* addSightings(db: Database, store: number, { roles, policies }: Names): Generator<void> {
  const groups = db.prepare<[string, string, number, number], Group>(
    `SELECT c.account_id AS account, c.captured_at AS at, c.evidence_id AS old, e.new AS evidence
     FROM s.capture_source c JOIN m_evidence e ON e.store = ${store} AND e.old = c.evidence_id
     WHERE (c.account_id, c.captured_at, c.evidence_id) > (?, ?, ?) AND ${COUNTS} = 1
     ORDER BY c.account_id, c.captured_at, c.evidence_id LIMIT ?`,
  );
  const chunks = db
    .prepare<[string, string, number], number>(
      'SELECT id FROM s.sighting WHERE account_id = ? AND captured_at = ? AND evidence_id = ? ORDER BY chunk',
    )
    .pluck();
  const dataOf = db.prepare<[number], Buffer>('SELECT data FROM s.sighting WHERE id = ?').pluck();
  const add = db.prepare(
    'INSERT INTO main.sighting (account_id, captured_at, evidence_id, chunk, data) VALUES (?, ?, ?, ?, ?)',
  );
  const roleOf = numbering(db, roles);
  const policyOf = numbering(db, policies);
  const order = openOrder(db);
  let last: Group | undefined;
  for (;;) {
    const page = groups.all(last?.account ?? '', last?.at ?? '', last?.old ?? 0, PAGE);
    for (const group of page) {
      const { account, at, old, evidence } = group;
      const builder = new ChunkBuilder((chunk, data) => add.run(account, at, evidence, chunk, data));
      const out = roles.exceptions === null ? straight(builder) : order(builder);
      for (const chunk of chunks.all(account, at, old)) {
        decodeSightings(dataOf.get(chunk) as Buffer, (role, policy, offset) =>
          out.add(roleOf(role), policy === 0 ? 0 : policyOf(policy), offset),
        );
      }
      out.end();
    }
    last = page.at(-1);
    yield;
    if (page.length < PAGE) return;
  }
}

/** Takes the sightings of one file, account and time. */
interface Out {
  add(role: number, policy: number, offset: number): void;
  end(): void;
}

/** Numbers that all grew alike are in order still. */
function straight(builder: ChunkBuilder): Out {
  const page = {
    length: 0,
    repeated: 0,
    roles: new Int32Array(PAGE),
    policies: new Int32Array(PAGE),
    offsets: new Float64Array(PAGE),
    versions: null,
  };
  const flush = (): void => {
    builder.addAll(page);
    page.length = 0;
  };
  return {
    add(role, policy, offset) {
      page.roles[page.length] = role;
      page.policies[page.length] = policy;
      page.offsets[page.length++] = offset;
      if (page.length === PAGE) flush();
    },
    end() {
      flush();
      builder.end();
    },
  };
}

type Row = readonly [role: number, policy: number, offset: number];

/** Sightings of one file and account in memory, some 100 bytes each. */
const HELD = 100_000;

/** Puts sightings in the order of roles; those of one role stay as they come. What is too much for memory SQLite keeps on disk. */
function openOrder(db: Database): (builder: ChunkBuilder) => Out {
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS m_seen (
    role INTEGER, place INTEGER, policy INTEGER, offset INTEGER, PRIMARY KEY (role, place)) WITHOUT ROWID`);
  const put = db.prepare('INSERT INTO m_seen (role, place, policy, offset) VALUES (?, ?, ?, ?)');
  // In pages, because nothing can be written while rows are read.
  const next = db.prepare<
    [number, number, number],
    { role: number; place: number; policy: number; offset: number }
  >(
    `SELECT role, place, policy, offset FROM m_seen WHERE (role, place) > (?, ?) ORDER BY role, place LIMIT ?`,
  );
  const clear = db.prepare('DELETE FROM m_seen');
  return (builder) => {
    let held: Row[] = [];
    let spilled = 0;
    const spill = (): void => {
      for (const [role, policy, offset] of held) put.run(role, spilled++, policy, offset);
      held = [];
    };
    return {
      add(...row) {
        held.push(row);
        if (held.length === HELD) spill();
      },
      end() {
        const out = straight(builder);
        if (spilled === 0) for (const row of held.sort((a, b) => a[0] - b[0])) out.add(...row);
        else {
          spill();
          let [role, place] = [0, 0];
          for (;;) {
            const page = next.all(role, place, PAGE);
            for (const row of page) out.add(row.role, row.policy, row.offset);
            ({ role = 0, place = 0 } = page.at(-1) ?? {});
            if (page.length < PAGE) break;
          }
          clear.run();
        }
        out.end();
      },
    };
  };
}

/** Says a number of the store in those of the merged one. */
function numbering(db: Database, { plus, exceptions }: Renumbered): (old: number) => number {
  if (exceptions === null) return (old) => old + plus;
  const find = db.prepare<[number], number>(`SELECT new FROM ${exceptions} WHERE old = ?`).pluck();
  const known = new BoundedMap<number, number>(REMEMBERED);
  return (old) => {
    let number = known.get(old);
    if (number === undefined) {
      number = find.get(old) ?? old + plus;
      known.set(old, number);
    }
    return number;
  };
}
