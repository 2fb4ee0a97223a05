import type { Database } from 'better-sqlite3';
import type { RolePage } from './role-columns.ts';
import { decodeSightings, SightingEncoder } from './sighting-codec.ts';

/** Roles in one packed row at most; bounds the memory of a reader. */
const CHUNK_ROLES = 65_536;

/** One packed row of what a file shows of an account at a time. */
export interface SightingChunk {
  readonly id: number;
  readonly evidence: number;
}

/** What every file showed, packed; from it the evidence of any point of an interval can be found again. */
export interface Sightings {
  /** Files by path, then SHA-256; within a file in the order they were stored. `at` is a column time. */
  chunks(account: string, at: string): readonly SightingChunk[];
  /** Those of one file, in the order they were stored. */
  chunksOf(account: string, at: string, evidence: number): readonly SightingChunk[];
  read(chunk: SightingChunk, visit: (role: number, policy: number, offset: number) => void): void;
  visit(
    account: string,
    at: string,
    visit: (evidence: number, role: number, policy: number, offset: number) => void,
  ): void;
}

export function openSightings(db: Database): Sightings {
  const list = db.prepare<[string, string], SightingChunk>(
    `SELECT s.id, s.evidence_id AS evidence FROM sighting s JOIN evidence e ON e.id = s.evidence_id
     WHERE s.account_id = ? AND s.captured_at = ? ORDER BY e.path, e.sha256, s.chunk`,
  );
  const listOne = db.prepare<[string, string, number], SightingChunk>(
    `SELECT id, evidence_id AS evidence FROM sighting
     WHERE account_id = ? AND captured_at = ? AND evidence_id = ? ORDER BY chunk`,
  );
  const data = db.prepare<[number], Buffer>('SELECT data FROM sighting WHERE id = ?').pluck();
  const sightings: Sightings = {
    chunks: (account, at) => list.all(account, at),
    chunksOf: (account, at, evidence) => listOne.all(account, at, evidence),
    read(chunk, visit) {
      const bytes = data.get(chunk.id);
      if (bytes === undefined) throw new Error(`sighting ${chunk.id} is gone`);
      decodeSightings(bytes, visit);
    },
    visit(account, at, visit) {
      for (const chunk of sightings.chunks(account, at)) {
        sightings.read(chunk, (role, policy, offset) => visit(chunk.evidence, role, policy, offset));
      }
    },
  };
  return sightings;
}

/** Takes the sightings of one file, account and time in order and hands on full chunks. */
export class ChunkBuilder {
  readonly #encoder = new SightingEncoder();
  readonly #emit: (chunk: number, data: Buffer) => void;
  #roles = 0;
  #chunk = 0;

  /** The data handed to `emit` is valid only during the call. */
  constructor(emit: (chunk: number, data: Buffer) => void) {
    this.#emit = emit;
  }

  addAll({ length, roles, policies, offsets }: RolePage): void {
    for (let at = 0; at < length; at++) {
      this.#encoder.add(roles[at] as number, policies[at] as number, offsets[at] as number);
      if (++this.#roles === CHUNK_ROLES) this.#flush();
    }
  }

  /** Ends one account and time. Returns how many chunks it took. */
  end(): number {
    if (this.#roles > 0) this.#flush();
    const chunks = this.#chunk;
    this.#chunk = 0;
    return chunks;
  }

  #flush(): void {
    this.#emit(this.#chunk++, this.#encoder.take());
    this.#roles = 0;
  }
}
