import type { Database } from 'better-sqlite3';
import { severityOf } from '../../model/grading.ts';
import type { RuleMetadata } from '../../model/rule.ts';

/** A rule of a rule file, as the last run that had it found it. */
export interface StoredRule {
  readonly metadata: RuleMetadata;
  /** What it judges, such as `IamUser`; empty when nothing. */
  readonly kind: string;
  /** Why it is never judged; null when it is. */
  readonly unjudged: string | null;
}

export function saveRules(db: Database, rules: readonly StoredRule[]): void {
  const upsert = db.prepare(
    `INSERT INTO rule (id, kind, severity, unjudged, metadata) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, severity = excluded.severity,
       unjudged = excluded.unjudged, metadata = excluded.metadata`,
  );
  for (const { metadata, kind, unjudged } of rules) {
    upsert.run(metadata.id, kind, severityOf(metadata), unjudged, JSON.stringify(metadata));
  }
}

/** The rules of rule files among these ids, by id. */
export function loadRules(db: Database, ids: readonly string[]): readonly StoredRule[] {
  const one = db.prepare<[string], Omit<StoredRule, 'metadata'> & { readonly metadata: string }>(
    'SELECT kind, unjudged, metadata FROM rule WHERE id = ?',
  );
  return ids.flatMap((id) => {
    const row = one.get(id);
    return row === undefined ? [] : [{ ...row, metadata: JSON.parse(row.metadata) as RuleMetadata }];
  });
}
