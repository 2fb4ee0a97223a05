import type { Database } from 'better-sqlite3';
import type { RoleDetail } from '../../model/role-detail.ts';
import {
  agreedDetail,
  loadedDetail,
  NO_PERMISSIONS,
  UNKNOWN_STORED,
  withTables,
} from '../../model/role-detail-text.ts';
import type { DetailRow, ExpectedDetails } from './expected-details.ts';
import { openPolicyTables } from './policy-tables.ts';

export interface RoleFactsReader {
  /** True where any evidence shows something of a failing role beside its trust policy. */
  showsDetails(): boolean;
  /** True where any evidence shows something of a failing role's permissions. */
  showsPermissions(): boolean;
  /**
   * What evidence shows of a failing role, at its latest capture not after a column time: members on which the files of
   * that moment agree, null for the others, joined by tables of policies of the same moment. Null for a role of which no
   * capture till then was judged a finding.
   */
  roleDetail(account: string, role: number, at: string): RoleDetail | null;
  /**
   * The default version of a managed policy as JSON text, at the latest capture not after a column time that shows the
   * policy; null when none does, or not in a way that can be read, or files of that moment show different texts.
   *
   * @param account whose policy it is; of AWS's own policies every account shows the same
   */
  managedPolicy(account: string, arn: string, at: string): string | null;
}

interface DocumentRow {
  readonly at: string;
  readonly document: string | null;
}

/**
 * @param time column time behind which nothing counts; null: none
 * @param expected knows of which roles details will be asked for
 */
export function openRoleFacts(db: Database, time: string | null, expected: ExpectedDetails): RoleFactsReader {
  const notAfter = (at: string): string => (time !== null && at > time ? time : at);
  // Files of the account, newest first, and what each shows of the role.
  const DETAILS = `SELECT s.captured_at AS at, d.detail AS text, f.last_used AS lastUsed
     FROM capture_source s CROSS JOIN role_detail_seen f
     LEFT JOIN role_detail d ON d.id = f.detail
     WHERE s.account_id = $account AND s.captured_at <= $at
       AND f.evidence_id = s.evidence_id AND f.role = $role AND f.captured_at = s.captured_at
     ORDER BY s.captured_at DESC`;
  const details = db.prepare<[Record<string, string | number>], DetailRow>(DETAILS);
  const firstTwo = db.prepare<[Record<string, string | number>], DetailRow>(`${DETAILS} LIMIT 2`);
  const shown = db
    .prepare<[], number>(
      "SELECT EXISTS (SELECT 1 FROM role_detail_seen WHERE detail <> 0 OR last_used <> '')",
    )
    .pluck();
  const telling = db
    .prepare<[], number>(
      `SELECT EXISTS (SELECT 1 FROM role_policy_seen)
       OR EXISTS (SELECT 1 FROM role_detail_seen f JOIN role_detail d ON d.id = f.detail
         WHERE ${NO_PERMISSIONS.map((end) => `substr(d.detail, -${end.length}) <> '${end}'`).join(' AND ')})`,
    )
    .pluck();
  const documents = db.prepare<[string, string], DocumentRow>(
    `SELECT f.captured_at AS at, d.document FROM managed_policy p JOIN managed_policy_seen f ON f.policy = p.id
     LEFT JOIN managed_policy_document d ON d.id = f.document
     WHERE p.arn = ? AND f.captured_at <= ? ORDER BY f.captured_at DESC`,
  );
  const tables = openPolicyTables(db);
  const latestRows = (asked: Record<string, string | number>): readonly DetailRow[] => {
    const [first, second] = firstTwo.all(asked);
    // Of most roles one file shows something at one moment.
    return first === undefined ? [] : first.at === second?.at ? latest(details.iterate(asked)) : [first];
  };
  return {
    showsDetails: () => shown.get() === 1,
    showsPermissions: () => telling.get() === 1,
    roleDetail(account, role, at) {
      const asked = { account, role, at: notAfter(at) };
      const ahead = expected.shownAt(account, role, asked.at);
      const rows = ahead?.rows ?? latestRows(asked);
      const [first] = rows;
      if (first === undefined) return null;
      const detail = agreedDetail(
        rows.map(({ text, lastUsed }) =>
          loadedDetail({
            text: text ?? UNKNOWN_STORED.text,
            lastUsed: lastUsed === '' ? null : lastUsed,
          }),
        ),
      );
      if (ahead?.hasTables === false) return detail;
      return withTables(
        detail,
        tables.attached(account, role, first.at),
        tables.inline(account, role, first.at),
      );
    },
    managedPolicy(account, arn, at) {
      const owner = arn.split(':')[4];
      if (owner !== 'aws' && owner !== account) return null;
      const shown = latest(documents.iterate(arn, notAfter(at))).flatMap(({ document }) => document ?? []);
      const [first = null, ...others] = new Set(shown);
      return others.length > 0 ? null : first;
    },
  };
}

/** The first rows, which are of one time; no more are read. */
function latest<Row extends { readonly at: string }>(rows: Iterable<Row>): readonly Row[] {
  const found: Row[] = [];
  for (const row of rows) {
    if (found[0] !== undefined && row.at !== found[0].at) break;
    found.push(row);
  }
  return found;
}
