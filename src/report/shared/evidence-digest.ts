import { createHash } from 'node:crypto';
import { type EvidenceRow, evidenceListLine } from '../../model/evidence-row.ts';

/** SHA-256 of the list of all evidence that a report speaks of, by which a printed page is told from another; see docs/manifest.md. */
export function evidenceDigest(rows: Iterable<EvidenceRow>): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(evidenceListLine(row));
  return hash.digest('hex');
}
