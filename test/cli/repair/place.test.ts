import { existsSync, linkSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { putInPlace, takeBack } from '../../../src/cli/repair/place.ts';
import { folderOfTest } from '../../temporary-folder.ts';

const at = folderOfTest();

function damagedStore(): void {
  writeFileSync(at('s.db'), 'damaged');
  writeFileSync(at('s.db-wal'), 'its log');
}

it('keeps the damaged store with what lies beside it', () => {
  damagedStore();
  writeFileSync(at('new'), 'rebuilt');
  expect(putInPlace(at('new'), at('s.db'))).toBe(at('s.db.damaged'));
  takeBack(at('s.db'));
  expect(readdirSync(at('.')).toSorted()).toEqual(['s.db', 's.db.damaged', 's.db.damaged-wal']);
  expect(readFileSync(at('s.db'), 'utf8')).toBe('rebuilt');
  expect(readFileSync(at('s.db.damaged-wal'), 'utf8')).toBe('its log');
});

it('has its log beside the damaged store again when a repair ended before the new one was in place', () => {
  damagedStore();
  writeFileSync(at('s.db.damaged'), 'of another time');
  linkSync(at('s.db'), at('s.db.damaged-2'));
  renameSync(at('s.db-wal'), at('s.db.damaged-2-wal'));
  takeBack(at('s.db'));
  expect(readdirSync(at('.')).toSorted()).toEqual(['s.db', 's.db-wal', 's.db.damaged']);
  expect(readFileSync(at('s.db-wal'), 'utf8')).toBe('its log');
});

it('puts a store where none is', () => {
  writeFileSync(at('new'), 'rebuilt');
  takeBack(at('s.db'));
  expect(putInPlace(at('new'), at('s.db'))).toBe(null);
  expect(existsSync(at('new'))).toBe(false);
});
