import { expect, it } from 'vitest';
import { tryDamages } from './store-damages.ts';

it('400 damages of a store: told, or without effect', { timeout: 600_000 }, async () => {
  expect(await tryDamages(400)).toBeGreaterThan(280);
});
