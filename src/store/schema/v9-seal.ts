const COLUMNS = `
  id INTEGER PRIMARY KEY CHECK (id = 1),
  pages INTEGER,
  crc32 INTEGER,
  changes INTEGER,
  scans TEXT`;

/**
 * What schema version 9 adds so that damage is found: the checksum of all pages of the file but those of these two tables.
 * `scans` is the SHA-256 of what repair takes from a damaged store. Nulls: the store was written to since. The copy has a page of its own, so no damage to one page passes for a seal that
 * a writer took away.
 */
export const SEAL_V9 = `
CREATE TABLE seal (${COLUMNS}
) STRICT;
INSERT INTO seal (id) VALUES (1);

CREATE TABLE seal_copy (${COLUMNS}
) STRICT;
INSERT INTO seal_copy (id) VALUES (1);
`;
