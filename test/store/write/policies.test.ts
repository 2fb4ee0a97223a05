import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SCHEMA_VERSION, schemaOf } from '../../../src/store/schema/migrations.ts';
import { openPolicies } from '../../../src/store/write/policies.ts';
import type { StagedPolicy } from '../../../src/store/write/staged-policy.ts';

const policy = (name: number): StagedPolicy => ({
  sha256: `sha of ${name}`,
  state: 'document',
  document: `{"Sid":"${name}"}`,
  detail: null,
});

const batch = fc.uniqueArray(fc.integer({ min: 0, max: 90 }), { maxLength: 60 });

it('gives every policy one id, and says once that it is new', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(batch, fc.boolean()), { maxLength: 8 }), (batches) => {
      const db = new Database(':memory:');
      db.exec(schemaOf(SCHEMA_VERSION));
      const idOf = db.prepare<[string], number>('SELECT id FROM policy WHERE sha256 = ?').pluck();
      const policies = openPolicies(db);
      const calledNew = new Set<string>();
      for (const [names, forgets] of batches) {
        if (forgets) policies.forget();
        const staged = names.map(policy);
        const before = new Set(staged.map(({ sha256 }) => idOf.get(sha256)));
        policies.internAll(staged).forEach(({ id, isNew }, index) => {
          const { sha256 } = staged[index] as StagedPolicy;
          expect(id).toBe(idOf.get(sha256));
          if (!isNew) return;
          expect(before).not.toContain(id);
          expect(calledNew).not.toContain(sha256);
          calledNew.add(sha256);
        });
      }
      db.close();
    }),
  );
});
