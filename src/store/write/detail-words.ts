import type { Database, Statement } from 'better-sqlite3';
import { UNKNOWN_STORED } from '../../model/role-detail-text.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { wellFormed } from '../../text/hidden-characters.ts';
import { sha256Of } from './staged-policy.ts';

const REMEMBERED = 4096;
/** Characters. Longer texts are not remembered. */
const SHORT = 2048;

/** Numbers for what goes with failing roles: details, managed policies and their texts. 0 stands for what is not known. */
export class DetailWords {
  private readonly details: Words;
  private readonly policies: Arns;
  private readonly holders: Arns;
  private readonly documents: Words;

  constructor(db: Database) {
    this.details = new Words(db, 'role_detail', 'detail');
    this.documents = new Words(db, 'managed_policy_document', 'document');
    this.policies = new Arns(db, 'managed_policy');
    this.holders = new Arns(db, 'policy_holder');
  }

  /** @param text as `StoredDetail` has it */
  detail(text: string): number {
    return text === UNKNOWN_STORED.text ? 0 : this.details.number(text);
  }

  /** @param arn of a managed policy */
  policy(arn: string): number {
    return this.policies.number(arn);
  }

  /** @param arn of a role whose policies a table shows */
  holder(arn: string): number {
    return this.holders.number(arn);
  }

  document(text: string | null): number {
    return text === null ? 0 : this.documents.number(text);
  }

  /** What was numbered may be gone. */
  forget(): void {
    this.details.forget();
    this.documents.forget();
    this.policies.forget();
    this.holders.forget();
  }
}

/** ARNs, each once. */
class Arns {
  private readonly find: Statement<[string], number>;
  private readonly insert: Statement<[string]>;
  private readonly known = new BoundedMap<string, number>(REMEMBERED);

  constructor(db: Database, table: string) {
    this.find = db.prepare<[string], number>(`SELECT id FROM ${table} WHERE arn = ?`).pluck();
    this.insert = db.prepare(`INSERT INTO ${table} (arn) VALUES (?)`);
  }

  number(written: string): number {
    const arn = wellFormed(written);
    let id = this.known.get(arn);
    if (id === undefined) {
      id = this.find.get(arn) ?? Number(this.insert.run(arn).lastInsertRowid);
      this.known.set(arn, id);
    }
    return id;
  }

  forget(): void {
    this.known.clear();
  }
}

/** Texts, each once, found by their SHA-256. */
class Words {
  private readonly find: Statement<[string], number>;
  private readonly insert: Statement<[string, string]>;
  private readonly known = new BoundedMap<string, number>(REMEMBERED);

  constructor(db: Database, table: string, column: string) {
    this.find = db.prepare<[string], number>(`SELECT id FROM ${table} WHERE sha256 = ?`).pluck();
    this.insert = db.prepare(`INSERT OR IGNORE INTO ${table} (sha256, ${column}) VALUES (?, ?)`);
  }

  number(written: string): number {
    const known = this.known.get(written);
    if (known !== undefined) return known;
    const text = wellFormed(written);
    const sha256 = sha256Of(text);
    const { changes, lastInsertRowid } = this.insert.run(sha256, text);
    const id = changes === 0 ? (this.find.get(sha256) as number) : Number(lastInsertRowid);
    if (written === text && text.length <= SHORT) this.known.set(text, id);
    return id;
  }

  forget(): void {
    this.known.clear();
  }
}
