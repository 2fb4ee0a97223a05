import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { SCHEMA_VERSION, schemaOf } from '../../../src/store/schema/migrations.ts';
import { KnownRoles } from '../../../src/store/write/known-roles.ts';

const ACCOUNT = '111122223333';
const ROLES = 100;

const arn = (name: number | string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

function tableOfRoles() {
  const db = new Database(':memory:');
  db.exec(schemaOf(SCHEMA_VERSION));
  db.prepare('INSERT INTO account (id) VALUES (?)').run(ACCOUNT);
  const insert = db.prepare('INSERT INTO role (account_id, arn, role_id, id) VALUES (?, ?, ?, ?)');
  const add = (name: number | string, roleId: string, id: number): void => {
    insert.run(ACCOUNT, arn(name), roleId, id);
  };
  for (let name = 1; name <= ROLES; name++) add(name, `AROA${name}`, name);
  return { known: new KnownRoles(db), add };
}

it('finds what the table holds, however often it was asked', () => {
  const { known, add } = tableOfRoles();
  add(1, 'AROANEWER', 1001);
  for (let round = 0; round < 3; round++) {
    for (let name = 1; name <= ROLES; name++)
      expect(known.find(ACCOUNT, { arn: arn(name), roleId: `AROA${name}` })).toBe(name);
    expect(known.find(ACCOUNT, { arn: arn(1), roleId: 'AROANEWER' })).toBe(1001);
    expect(known.find(ACCOUNT, { arn: arn(1), roleId: '' })).toBeUndefined();
    expect(known.find('444455556666', { arn: arn(2), roleId: 'AROA2' })).toBeUndefined();
  }
});

it('finds what was added after the account was read', () => {
  const { known, add } = tableOfRoles();
  for (let name = 1; name <= ROLES; name++) known.find(ACCOUNT, { arn: arn(name), roleId: `AROA${name}` });
  const late = { arn: arn('late'), roleId: 'AROALATE' };
  expect(known.find(ACCOUNT, late)).toBeUndefined();
  add('late', 'AROALATE', 2000);
  expect(known.find(ACCOUNT, late)).toBe(2000);
});

it('forgets', () => {
  const { known } = tableOfRoles();
  for (let name = 1; name <= ROLES; name++) known.find(ACCOUNT, { arn: arn(name), roleId: `AROA${name}` });
  known.forget();
  expect(known.find(ACCOUNT, { arn: arn(7), roleId: 'AROA7' })).toBe(7);
});
