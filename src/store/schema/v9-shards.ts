/**
 * What schema version 9 adds: which parts of a list of inputs a run read (`scan --shard I/N`). `list` is the SHA-256 of the
 * whole list, which every part of it knows. A list of which a store holds some parts and not all is a gap.
 */
export const SHARDS_V9 = `
CREATE TABLE shard (
  run_id INTEGER NOT NULL REFERENCES run (id),
  list TEXT NOT NULL,
  parts INTEGER NOT NULL CHECK (parts > 0),
  part INTEGER NOT NULL CHECK (part BETWEEN 1 AND parts),
  PRIMARY KEY (run_id, list, parts, part)
) STRICT, WITHOUT ROWID;
`;
