import { expect, it } from 'vitest';
import { tryDamages } from './store-damages.ts';

it('300 damages of a store: told, or without effect', { timeout: 120_000 }, async () => {
  expect(await tryDamages(300)).toBeGreaterThan(200);
});
