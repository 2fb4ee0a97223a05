import type { Database } from 'better-sqlite3';
import { decodeSightings } from '../schema/sighting-codec.ts';

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
